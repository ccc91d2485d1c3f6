"""prescrub: take private data out of files before upload, and prove it."""

__version__ = "0.1.0"
__stamp__ = "prescrub-0.1.0"
