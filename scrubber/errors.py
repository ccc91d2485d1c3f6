"""Every error that scrub raises, in one small tree.

    ScrubError                       code, what, why, fix
    ├── Held                         an item is not written; the run goes on
    │   ├── UnknownContainer         unknown-container
    │   ├── Damaged                  damaged
    │   ├── Encrypted                encrypted
    │   ├── Unsupported              unsupported
    │   ├── NestedUnclean            nested-unclean
    │   ├── OpaqueText               opaque-text
    │   ├── TooLarge                 too-large
    │   ├── TimedOut                 timed-out
    │   ├── WorkerDied               worker-died
    │   ├── Unreadable               unreadable
    │   ├── VerifyFailed             verify-failed
    │   ├── ChangedWhileReading      changed-while-reading
    │   ├── SweptValue               swept-value
    │   ├── NotSettled               not-settled
    │   ├── NeedsReview              needs-review
    │   ├── PolicyHold               policy
    │   ├── NoRelease                no-release
    │   ├── PartnerHeld              partner-held
    │   ├── MissingExtra             missing-extra
    │   ├── UnsafeName               name
    │   └── InternalFault            internal
    ├── UsageError                   usage          exit 2
    ├── FolderError                  folder         exit 4
    └── VerificationError            verification   exit 5

`code` is stable: it stands in JSON, in the held reason and as an anchor in
docs/held-back.md. A text never holds a removed value or a control character.
"""

from __future__ import annotations


class ScrubError(Exception):
    """What happened, why it stops here, and what the user can do about it."""

    code = "error"
    exit_code = 70
    default_fix = ""

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.what = what
        self.why = why
        self.fix = fix or self.default_fix

    def __str__(self) -> str:
        return " ".join(text for text in (self.what, self.why, self.fix) if text)


class Held(ScrubError):
    """The item is held back: nothing of it is written to the output."""

    code = "held"
    exit_code = 3


class UnknownContainer(Held):
    code = "unknown-container"
    default_fix = (
        "Convert it to a format that `scrub formats` lists, or leave it out with --exclude."
    )


class Damaged(Held):
    code = "damaged"
    default_fix = "Open and re-save the file in its editor, or leave it out with --exclude."


class Encrypted(Held):
    code = "encrypted"
    default_fix = "Save a copy without a password or copy protection."


class Unsupported(Held):
    code = "unsupported"
    default_fix = "Export it again without this feature, or leave it out with --exclude."


class NestedUnclean(Held):
    code = "nested-unclean"
    default_fix = "Remove the embedded file in the editor that made it."


class OpaqueText(Held):
    code = "opaque-text"
    default_fix = "Decode or remove the encoded run, then run scrub again."


class TooLarge(Held):
    code = "too-large"
    default_fix = "Split the file, or raise the limit in the policy."


class TimedOut(Held):
    code = "timed-out"
    default_fix = "Run scrub on this file alone, or leave it out with --exclude."


class WorkerDied(Held):
    code = "worker-died"
    default_fix = "Please report it: a decoder crashed on this file."


class Unreadable(Held):
    code = "unreadable"
    default_fix = "Check the permissions, or download the file if it lives in the cloud."


class VerifyFailed(Held):
    code = "verify-failed"
    default_fix = "Please report it: the cleaned copy did not read back as expected."


class ChangedWhileReading(Held):
    code = "changed-while-reading"
    default_fix = "Close the program that writes to it and run scrub again."


class SweptValue(Held):
    code = "swept-value"
    default_fix = "Look at the file: a value that was removed elsewhere still stands in it."


class NotSettled(Held):
    code = "not-settled"
    default_fix = "Edit the text by hand: masking it kept uncovering new values."


class NeedsReview(Held):
    code = "needs-review"
    default_fix = "Read it, then decide: `scrub decide --list`, or a policy of your own."


class PolicyHold(Held):
    code = "policy"
    default_fix = "Change the policy, or leave the file out with --exclude."


class CredentialStore(Held):
    code = "credential-store"
    default_fix = "Leave it out with --exclude, or put what may go out into another file."


class NoRelease(Held):
    code = "no-release"
    default_fix = "Add a signed release that covers this file."


class PartnerHeld(Held):
    code = "partner-held"
    default_fix = "Settle the other file, or leave that one out with --exclude: this one follows."


class MissingExtra(Held):
    code = "missing-extra"
    default_fix = "Install the missing package, then run scrub again."


class UnsafeName(Held):
    code = "name"
    default_fix = "Rename the file."


class InternalFault(Held):
    code = "internal"
    default_fix = (
        "Please report it with the name of the format; the file itself is safe where it is."
    )


class UsageError(ScrubError):
    code = "usage"
    exit_code = 2


class FolderError(ScrubError):
    code = "folder"
    exit_code = 4


class VerificationError(ScrubError):
    code = "verification"
    exit_code = 5


def _subclasses(root: type[Held]) -> list[type[Held]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in _subclasses(child))]


HOLD_CODES: dict[str, type[Held]] = {
    kind.code: kind for kind in _subclasses(Held) if kind is not Held
}
"""Hold code → its error class; docs/held-back.md has a section for each."""
