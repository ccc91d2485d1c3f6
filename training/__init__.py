"""Makes the recognizer model in `detectors/data/encoder` from hashed inputs and seeds."""
