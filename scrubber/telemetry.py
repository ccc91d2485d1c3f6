"""Position logs in text: NMEA and IGC lines, and subtitles that carry where a camera was."""

from __future__ import annotations

import re

_NMEA = re.compile(
    r"^[ \t]*[$!](?:G[PNLABQI]|BD|P[A-Z]|II|AI)[A-Z0-9]{3,6},[^\r\n*]*\*([0-9A-F]{2})", re.M | re.I
)
_NMEA_LINE = re.compile(r"^[ \t]*\$(?:G[PNLABQI]|BD)(?:GGA|RMC|GLL|GNS|VTG|GSA|GSV),", re.M | re.I)
_IGC = re.compile(r"^B\d{6}\d{7}[NS]\d{8}[EW][AV]", re.MULTILINE)
_TELEMETRY = re.compile(
    r"\bGPS\b\s*[:(\[]|\blat(?:itude)?\s*[:=]|\blon(?:g|gt|gi)?(?:itude)?\s*[:=]|\bHOME\s*\(|"
    r"\b(?:rel|abs)_alt\s*:|\bBAROMETER\s*:|"
    r"\bF/\d[\d.]*,\s*SS\s+\d|[-+]?\d{1,2}\.\d{4,}\s*°?\s*[NS]?,\s*[-+]?\d{1,3}\.\d{4,}",
    re.IGNORECASE,
)


def position_log(text: str) -> str | None:
    """`nmea` for one right checksum or two known sentences, `igc` for two fixes."""
    if "$" in text or "!" in text:
        if any(_checksum_fits(match) for match in _NMEA.finditer(text)):
            return "nmea"
        if len(_NMEA_LINE.findall(text)) >= 2:
            return "nmea"
    return "igc" if len(_IGC.findall(text)) >= 2 else None


def _checksum_fits(match: re.Match[str]) -> bool:
    """NMEA 0183: the exclusive or of what stands between $ and *."""
    total = 0
    for character in match.group().strip()[1:-3]:
        total ^= ord(character)
    return total == int(match.group(1), 16)


def subtitle(head: str, tail: str) -> str | None:
    """`telemetry-subtitle` when cues hold positions, as drones and action cameras write them."""
    return "telemetry-subtitle" if _TELEMETRY.search(head) or _TELEMETRY.search(tail) else None
