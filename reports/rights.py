"""rights.json: the rights of the manifest in the words of two standards.

The entries of the CAWG Training and Data Mining Assertion (1.1, label
cawg.training-mining), and the PLUS property Data Mining as IPTC Photo Metadata has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from reports.manifest import Head
from reports.problems import Problems
from scrubber.claims import ENTRIES

RIGHTS = "rights.json"
_PLUS = "http://ns.useplus.org/ldf/vocab/"
_LIMIT = 64 << 10


def exports_of(claims: Mapping[str, object]) -> dict[str, bytes]:
    """The exports of a batch that says `claims`: rights.json, or nothing."""
    rights = claims.get("rights")
    return {RIGHTS: rights_json(rights)} if isinstance(rights, Mapping) and rights else {}


def rights_json(rights: Mapping[str, object]) -> bytes:
    """rights.json for the section `rights` of a manifest."""
    told = rights.get("constraint_info")
    texts = told if isinstance(told, Mapping) else {}
    entries = {
        name: {"use": rights[name]} | ({"constraint_info": texts[name]} if name in texts else {})
        for name in ENTRIES
        if name in rights
    }
    document: dict[str, object] = {}
    if entries:
        document["cawg.training-mining"] = {"entries": entries}
    if "plus" in rights:
        document["plus:DataMining"] = f"{_PLUS}{rights['plus']}"
    if "other_constraints" in rights:
        document["plus:OtherConstraints"] = rights["other_constraints"]
    return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"


def check_rights_file(folder: Path, head: Head, names: set[str], problems: Problems) -> None:
    """rights.json must say what the head says; its digest is checked elsewhere."""
    predicate = head.statement["predicate"]
    claims = exports_of(predicate) if isinstance(predicate, Mapping) else {}
    if (RIGHTS in names) != (RIGHTS in claims):
        problems.add(RIGHTS, "rights", "The head and this file do not both state rights.")
    elif RIGHTS in names:
        with open(folder / RIGHTS, "rb") as stream:
            if stream.read(_LIMIT) != claims[RIGHTS]:
                problems.add(RIGHTS, "rights", "It states other rights than the head.")
