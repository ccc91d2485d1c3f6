"""croissant.json of a batch: Croissant 1.0 with the RAI vocabulary, for search and loaders.

Made from the head and the digests of the lists, so its size does not depend on the batch: the
files are one FileSet, their digests stand in the two lists, and the record set reads
items.jsonl. Without dates, so that the same batch gives the same bytes. What the creator
declared appears only where it was said; nothing stands for what was not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from reports.bag import PAYLOAD, PAYLOAD_MANIFEST
from reports.hub import license_url
from reports.manifest import ITEMS, Published, tool_of
from scrubber.entities import CATALOGUE
from scrubber.model import Batch

CROISSANT = "croissant.json"
CONFORMS = ("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0")
_FIELDS = (
    ("path", "sc:Text", "Where the file lies below data/."),
    ("sha256", "sc:Text", "SHA-256 of the file, in hex."),
    ("size", "sc:Integer", "Bytes."),
    ("media_type", "sc:Text", "Media type, by content."),
)
_TERMS = (
    "citeAs column conformsTo extract field fileProperty fileObject fileSet format includes"
    " isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace"
    " samplingRate separator source subField transform"
)


def croissant_json(
    batch: Batch,
    published: Published,
    digests: Mapping[str, str],
    claims: Mapping[str, object] | None = None,
) -> bytes:
    """The document. `digests` has the SHA-256 (hex) of items.jsonl and the payload manifest."""
    said = (claims or {}).get("declared")
    declared = said if isinstance(said, Mapping) else {}
    document = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": declared.get("title") or f"Batch {batch.id}",
        "description": _description(batch, published),
        **_declared(declared),
        **_rai(batch, published, declared),
        "distribution": [
            _file(ITEMS, "application/jsonlines", digests[ITEMS]),
            _file(PAYLOAD_MANIFEST, "text/plain", digests[PAYLOAD_MANIFEST]),
            {
                "@type": "cr:FileSet",
                "@id": "payload",
                "name": "payload",
                "description": "The files. Their digests stand in the lists.",
                "encodingFormat": sorted(published.media) or ["application/octet-stream"],
                "includes": f"{PAYLOAD}/**",
            },
        ],
        "recordSet": [_items()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"


def _context() -> dict[str, object]:
    """The context of Croissant 1.0, appendix 1, with the prefix of RAI."""
    words: dict[str, object] = {name: f"cr:{name}" for name in _TERMS.split()}
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        **words,
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "equivalentProperty": "cr:equivalentProperty",
    }


def _description(batch: Batch, published: Published) -> str:
    name, version = tool_of(batch)
    return (
        f"{published.items} files, {published.size} bytes, cleaned by {name} {version} with the"
        f" policy {batch.policy}. README.md says what was looked for and what was not."
    )


def _declared(declared: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    if "license" in declared:
        found["license"] = license_url(declared["license"])
    if "creator" in declared:
        found["creator"] = {"@type": "sc:Person", "name": declared["creator"]}
    if "language" in declared:
        found["inLanguage"] = declared["language"]
    if "tasks" in declared:
        found["rai:dataUseCases"] = declared["tasks"]
    captured = declared.get("captured")
    if isinstance(captured, str):
        found["rai:dataCollectionTimeFrame"] = captured.split("/")
    return found


def _rai(batch: Batch, published: Published, declared: Mapping[str, object]) -> dict[str, object]:
    name, version = tool_of(batch)
    unseen = [
        f"Not looked at in {count} files: {entity}. {CATALOGUE[entity].why}"
        for entity, count in sorted(published.not_checked.items())
        if entity in CATALOGUE
    ]
    synthetic = declared.get("synthetic")
    made = {"none": "None", "some": "Some", "all": "All"}.get(str(synthetic))
    words = f"{made} of it was made by a generator, says the creator."
    return {
        "rai:dataPreprocessingProtocol": [
            f"Cleaned by {name} {version}. Looked for: {', '.join(sorted(batch.checked))}. Private"
            " metadata was removed, private text replaced by placeholders, content left as it was."
        ],
        "rai:personalSensitiveInformation": unseen
        or ["All that the tool can look for was looked for."],
        "rai:dataLimitations": [
            "Private things in texts are found by rules and a language model, which miss some.",
            "Files that could not be cleaned are not part of it.",
        ],
        **({"rai:dataCollection": words} if made else {}),
    }


def _file(name: str, media_type: str, digest: str) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": media_type,
        "sha256": digest,
    }


def _items() -> dict[str, object]:
    return {
        "@type": "cr:RecordSet",
        "@id": "items",
        "name": "items",
        "description": "A record for each file, in the order of its path.",
        "key": {"@id": "items/path"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"items/{name}",
                "name": f"items/{name}",
                "description": words,
                "dataType": kind,
                "source": {"fileObject": {"@id": ITEMS}, "extract": {"column": name}},
            }
            for name, kind, words in _FIELDS
        ],
    }
