"""How much private text is found and how much else is masked, measured on labelled corpora."""
