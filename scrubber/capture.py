"""The day on which something was recorded, read from what is about to be removed.

Only whether it lies within a release's days leaves the worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from scrubber.plan import Found

Days = tuple[date, date]

# Names as the standards have them, without case, blanks and namespaces. The first rank says
# when it was recorded, the second when it became a file, which counts if nothing else is there.
_RANKS = (
    frozenset(
        ("datetimeoriginal", "datecreated", "originationdate", "idit", "tdrc", "date", "icrd")
    ),
    frozenset(
        ("createdate", "datetimedigitized", "digitalcreationdate", "creationtime", "creationdate",
         "recorddate", "tyer", "tye", "year", "mvhd")
    ),
)  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)(1[89]\d\d|2[01]\d\d)(?:(\d\d)(\d\d)|[-:/.](\d\d)(?:[-:/.](\d\d))?)?(?!\d)"
)
_INNER = re.compile(r"picture|thumbnail|apic|/ifd1/", re.I)


def capture_days(found: Iterable[Found]) -> tuple[Days, ...]:
    """First and last day of every date of the best rank that `found` names; () if unknown.

    A date without a day is its whole month, one without a month its whole year.
    """
    ranked: list[set[Days]] = [set() for _ in _RANKS]
    for row in found:
        if row.entity != "CAPTURE_TIME" or _INNER.search(row.where):
            continue
        name = _name(row.where)
        for rank, names in zip(ranked, _RANKS, strict=True):
            if name in names and (days := _days(row.words or row.value.decode("latin-1"))):
                rank.add(days)
    return tuple(sorted(next((rank for rank in ranked if rank), set())))


def _name(where: str) -> str:
    last = where.rpartition("/")[2].rpartition(":")[2].partition("[")[0]
    return re.sub(r"[^a-z0-9]", "", last.lower())


def _days(text: str) -> Days | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year = int(match[1])
    month, day = match[2] or match[4], match[3] or match[5]
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            first = date(year, int(month), 1)
            return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
        return date(year, int(month), int(day)), date(year, int(month), int(day))
    except ValueError:
        return None
