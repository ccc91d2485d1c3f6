"""Re-identification of tables: how many rows stand alone, and what can be done about it."""
