"""The catalogue of entities: every kind of private thing that scrub names.

A name outside the catalogue is an error, wherever it comes from: a format, a
recognizer, a policy or a decision. One row an entity; order is the order in
which reports list them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum

from scrubber.errors import UsageError


class Kind(StrEnum):
    """The families that reports and policies speak of."""

    LOCATION = "location"
    PERSON = "person"
    CONTACT = "contact"
    IDENTIFIER = "identifier"
    DEVICE = "device"
    TIME = "time"
    CREDIT = "credit"
    DESCRIPTION = "description"
    HISTORY = "history"
    EMBEDDED = "embedded"
    HIDDEN = "hidden"
    SECRET = "secret"
    TECHNICAL = "technical"
    SIGHT = "sight"


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of private thing. `swept` values are looked for in the whole batch once removed."""

    name: str
    kind: Kind
    why: str
    swept: bool = False


_ROWS = (
    # location
    Entity("GPS_POSITION", Kind.LOCATION, "Where a picture or recording was made, often a home.", True),
    Entity("GPS_DETAIL", Kind.LOCATION, "Direction, altitude, speed or time read from a satellite receiver."),
    Entity("PLACE_NAME", Kind.LOCATION, "A place written into the metadata: city, landmark, address.", True),
    Entity("LOCATION", Kind.LOCATION, "A place named in a text."),
    Entity("ADDRESS", Kind.LOCATION, "A street address leads to a door.", True),
    Entity("POSTCODE", Kind.LOCATION, "A postcode narrows a person down to a few doors."),
    Entity("COORDINATES", Kind.LOCATION, "A position written as numbers in a text.", True),
    # person
    Entity("PERSON", Kind.PERSON, "A name tells who is concerned.", True),
    Entity("OWNER_NAME", Kind.PERSON, "The owner that a camera or program was registered to.", True),
    Entity("PERSON_IN_IMAGE", Kind.PERSON, "Somebody named as being in the picture.", True),
    Entity("ORGANIZATION", Kind.PERSON, "A client or employer can identify a person."),
    Entity("NRP", Kind.PERSON, "Nationality, religion or political group."),
    Entity("JOB_TITLE", Kind.PERSON, "A form of address in a field, or a profession beside a name or employer."),
    Entity("AGE", Kind.PERSON, "An age helps to single a person out."),
    Entity("DATE_OF_BIRTH", Kind.PERSON, "A birth date identifies, and opens accounts."),
    Entity("USERNAME", Kind.PERSON, "An account name leads to its owner.", True),
    # contact
    Entity("EMAIL_ADDRESS", Kind.CONTACT, "An e-mail address reaches a person.", True),
    Entity("PHONE_NUMBER", Kind.CONTACT, "A phone number reaches a person.", True),
    Entity("URL", Kind.CONTACT, "A link can lead to a person or a private place."),
    Entity("PRIVATE_URL", Kind.CONTACT, "A link into a private network or to a shared document, or one that logs in.", True),
    Entity("SOCIAL_HANDLE", Kind.CONTACT, "A handle leads to an account.", True),
    # identifier
    Entity("CREDIT_CARD", Kind.IDENTIFIER, "A payment card number.", True),
    Entity("IBAN_CODE", Kind.IDENTIFIER, "A bank account.", True),
    Entity("BANK_ACCOUNT", Kind.IDENTIFIER, "A bank account.", True),
    Entity("CRYPTO", Kind.IDENTIFIER, "A wallet address ties payments to a person.", True),
    Entity("NATIONAL_ID", Kind.IDENTIFIER, "A number that a state gave to a person.", True),
    Entity("PASSPORT", Kind.IDENTIFIER, "A passport number.", True),
    Entity("DRIVER_LICENSE", Kind.IDENTIFIER, "A driving licence number.", True),
    Entity("LICENSE_PLATE", Kind.IDENTIFIER, "A vehicle leads to its keeper.", True),
    Entity("MEDICAL_ID", Kind.IDENTIFIER, "A number used in health care.", True),
    Entity("IP_ADDRESS", Kind.IDENTIFIER, "A network address leads to a household.", True),
    Entity("MAC_ADDRESS", Kind.IDENTIFIER, "A network card's own number.", True),
    Entity("UUID", Kind.IDENTIFIER, "A number made once ties files together."),
    Entity("ACCOUNT_ID", Kind.IDENTIFIER, "A customer or account number.", True),
    Entity("PRIVATE_FIELD", Kind.IDENTIFIER, "A column or key whose name says that its values are private."),
    # device
    Entity("CAMERA_SERIAL", Kind.DEVICE, "A serial number ties every picture of one camera together.", True),
    Entity("LENS_SERIAL", Kind.DEVICE, "A serial number ties pictures to one lens.", True),
    Entity("DEVICE_MODEL", Kind.DEVICE, "The make and model of the device."),
    Entity("DEVICE_NAME", Kind.DEVICE, "A device name is often its owner's name.", True),
    Entity("SOFTWARE", Kind.DEVICE, "The program and its version."),
    Entity("MAKER_NOTE", Kind.DEVICE, "The maker's own block: serials, owner, faces, Wi-Fi names."),
    Entity("UNIQUE_ID", Kind.DEVICE, "A number made for this one picture or recording.", True),
    Entity("FILE_PATH", Kind.DEVICE, "A path often holds a user's name.", True),
    # time
    Entity("CAPTURE_TIME", Kind.TIME, "When it was made."),
    Entity("EDIT_TIME", Kind.TIME, "When it was last changed."),
    Entity("TIME_ZONE", Kind.TIME, "The offset from UTC gives the region away."),
    Entity("DATE", Kind.TIME, "A date in a text."),
    # credit
    Entity("CREATOR", Kind.CREDIT, "Who made it.", True),
    Entity("COPYRIGHT_NOTICE", Kind.CREDIT, "Who owns it."),
    Entity("CREDIT_LINE", Kind.CREDIT, "The credit line."),
    Entity("USAGE_TERMS", Kind.CREDIT, "Licence terms or a licence link."),
    # description
    Entity("TITLE", Kind.DESCRIPTION, "A title, album or heading."),
    Entity("CAPTION", Kind.DESCRIPTION, "A caption, comment or description often names people and places."),
    Entity("KEYWORDS", Kind.DESCRIPTION, "Keywords, genres and ratings."),
    Entity("LYRICS", Kind.DESCRIPTION, "Words of the song or speech."),
    Entity("AI_PROMPT", Kind.DESCRIPTION, "The prompt or node graph that made the picture."),
    Entity("TAG", Kind.DESCRIPTION, "Another tag of the file."),
    # history
    Entity("DOCUMENT_ID", Kind.HISTORY, "An id that links copies and versions of one work."),
    Entity("EDIT_HISTORY", Kind.HISTORY, "What was done to it, when and with which program."),
    Entity("PROVENANCE", Kind.HISTORY, "A signed statement of origin, with names and earlier versions."),
    # embedded
    Entity("THUMBNAIL", Kind.EMBEDDED, "A small copy, often from before it was cropped or blurred."),
    Entity("PREVIEW", Kind.EMBEDDED, "A second picture inside the file."),
    Entity("COVER_ART", Kind.EMBEDDED, "An embedded picture with metadata of its own."),
    Entity("EMBEDDED_MEDIA", Kind.EMBEDDED, "A recording or file inside the file."),
    Entity("EMBEDDED_FILE", Kind.EMBEDDED, "Encoded bytes inside a text."),
    # hidden
    Entity("HIDDEN_DATA", Kind.HIDDEN, "Bytes that no standard explains."),
    Entity("TRAILER", Kind.HIDDEN, "Bytes after the end of the content."),
    Entity("PADDING", Kind.HIDDEN, "Unused space that can hold left-overs."),
    Entity("POLYGLOT", Kind.HIDDEN, "The file is also a file of a second kind."),
    Entity("HIDDEN_PIXELS", Kind.HIDDEN, "Picture content that is not shown."),
    Entity("INVISIBLE_TEXT", Kind.HIDDEN, "Characters that nobody sees."),
    # secret
    Entity("API_KEY", Kind.SECRET, "A key opens a paid or private service.", True),
    Entity("AUTH_TOKEN", Kind.SECRET, "A token logs in as its owner.", True),
    Entity("PASSWORD", Kind.SECRET, "A password.", True),
    Entity("PASSWORD_HASH", Kind.SECRET, "A password can be guessed from its hash.", True),
    Entity("PRIVATE_KEY", Kind.SECRET, "A private key.", True),
    Entity("CONNECTION_STRING", Kind.SECRET, "A server's address with its password.", True),
    Entity("WEBHOOK_URL", Kind.SECRET, "Whoever has the address can post.", True),
    Entity("SEED_PHRASE", Kind.SECRET, "The words that open a wallet.", True),
    Entity("OTP_SECRET", Kind.SECRET, "The seed of one-time codes.", True),
    # technical
    Entity("CAMERA_SETTINGS", Kind.TECHNICAL, "Exposure and other settings; together they can single out a shot."),
    Entity("COLOR_PROFILE", Kind.TECHNICAL, "Texts, serials and dates inside a colour profile."),
    Entity("TECHNICAL", Kind.TECHNICAL, "Technical data that showing the file does not need."),
    Entity("ENCODER", Kind.TECHNICAL, "The name of the encoder."),
    # seen or heard, found by looking inside pictures and sound
    Entity("FACE", Kind.SIGHT, "A face identifies."),
    Entity("TEXT_IN_IMAGE", Kind.SIGHT, "Words that can be read in the picture."),
    Entity("SPEECH", Kind.SIGHT, "Spoken words and a voice identify."),
    Entity("PROSE_NAMES", Kind.SIGHT, "Names that the model misses."),
)

CATALOGUE: dict[str, Entity] = {row.name: row for row in _ROWS}


def entity(name: str) -> Entity:
    """The catalogue's row for `name`. Raises UsageError with the nearest name."""
    try:
        return CATALOGUE[name]
    except KeyError:
        near = difflib.get_close_matches(name.upper(), CATALOGUE, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`scrub explain` lists them."
        raise UsageError(f"There is no entity {name!r}.", fix=hint) from None
