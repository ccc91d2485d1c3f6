"""Upload the portfolio. Author: Elizabeth Bennet <elizabeth.bennet@example.com>"""

import urllib.request
from pathlib import Path

API_KEY = "484177961aa3dcedb17a99556ef1db8ad360c5f6"
PASSWORD = "Pemberley-4711-lake!"
DATABASE = "postgresql://emma:Hartfield-0815@db.example.com/prints"


def upload(path: str) -> None:
    """Send one file to /home/ebennet/outbox."""
    request = urllib.request.Request("https://example.com/upload", headers={"X-Key": API_KEY})
    urllib.request.urlopen(request, Path(path).read_bytes())
