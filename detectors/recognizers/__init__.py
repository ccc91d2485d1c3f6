"""One file per family of recognizers, each with examples and counter-examples."""
