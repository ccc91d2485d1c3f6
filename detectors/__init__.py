"""Documents in, spans out; pictures in, regions out. Imports nothing else of the project."""

__stamp__ = "prescrub-0.1.0"
