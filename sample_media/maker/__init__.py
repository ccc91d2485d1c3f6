"""Makes the sample portfolio: `python -m sample_media.maker`. Needs ffmpeg and flac."""
