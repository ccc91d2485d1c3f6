"""What the signature and the time stamp beside a head are worth to the reader of a batch.

A signature that does not fit is always a problem. Whose key it is, only the reader can say: with
allowed signers, a public key or its fingerprint. Without, the key is named and nothing is claimed.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from reports.bag import EPOCH, TAG_FILE_LIMIT, write_tag_file
from reports.manifest import HEAD
from reports.problems import Problem
from reports.signature import read_small, verify
from reports.signers import Signers
from reports.ssh_key import PublicKey
from reports.timestamp import LIMIT, Token, check_chain, check_token
from scrubber.errors import FolderError, VerificationError

SIGNATURE = f"{HEAD}.sig"
STAMP = f"{SIGNATURE}.tsr"
NAMED = "the key that you named"


@dataclass(frozen=True, slots=True)
class Demand:
    """What the reader knows: who may sign, or the fingerprint of the key; and whose time counts.

    `identity` is a name in `signers`, "" for any. `authority` is a PEM file of certificates.
    """

    signers: Signers | None = None
    identity: str = ""
    fingerprint: str = ""
    authority: Path | None = None

    @property
    def signer(self) -> bool:
        """Whether a certain signer is asked for."""
        return self.signers is not None or bool(self.fingerprint)


@dataclass(frozen=True, slots=True)
class Seal:
    """The judgement. `by` is who vouches for the key, `fingerprint` is "" if not signed."""

    fingerprint: str = ""
    by: str = ""
    time: datetime | None = None
    time_checked: bool = False
    problems: tuple[Problem, ...] = field(default=())

    def words(self) -> str:
        """Sentences for the verdict, when there is no problem."""
        if not self.fingerprint:
            return "It is not signed: who made it is not proved."
        key = f"the key {self.fingerprint}"
        if self.by == NAMED:
            text = f"Signed with {NAMED}, {self.fingerprint}."
        elif self.by:
            text = f"Signed by {self.by}, with {key}."
        else:
            text = f"Signed with {key}, for which nobody vouched: see --signers, --public-key."
        if self.time is not None:
            moment = self.time.strftime("%Y-%m-%d %H:%M:%S UTC")
            how = "checked against" if self.time_checked else "NOT checked against"
            text += f" Its time stamp, {how} a CA (--ca), says: before {moment}."
        return text

    def row(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "key": self.fingerprint,
            "by": self.by,
            "time": "" if self.time is None else self.time.isoformat(timespec="seconds"),
            "time_checked": self.time_checked,
        }


def judge(folder: Path, demand: Demand | None = None, now: float | None = None) -> Seal:
    """Judges signature and time stamp of the batch in `folder`.

    A key counts if it counted at the time of the stamp, if an authority vouches for that,
    else at the Unix time `now`. Raises UsageError for a demand that cannot be met (openssl).
    """
    demand = demand or Demand()
    try:
        armoured = read_small(folder / SIGNATURE)
    except FileNotFoundError:
        return _unsigned(folder, demand)
    except VerificationError as error:
        return Seal(problems=(_problem(SIGNATURE, "signature", error),))
    try:
        key = verify(armoured, read_small(folder / HEAD, TAG_FILE_LIMIT))
    except FileNotFoundError:
        return Seal(problems=(Problem(HEAD, "signature", "There is no head to the signature."),))
    except VerificationError as error:
        return Seal(problems=(_problem(SIGNATURE, "signature", error),))
    problems: list[Problem] = []
    token = _token(folder, armoured, demand, problems)
    checked = token is not None and demand.authority is not None
    at = token.time.timestamp() if token and checked else time.time() if now is None else now
    by, reason = _vouched(key, demand, at)
    if reason:
        if token is not None and not checked and "until" in reason:
            reason += "; a time stamp that --ca checks can show that it was signed before"
        problems.append(Problem(SIGNATURE, "signer", f"{_start(reason)}."))
    moment = token.time if token else None
    return Seal(key.fingerprint, by, moment, checked, tuple(problems))


def _unsigned(folder: Path, demand: Demand) -> Seal:
    problems = []
    if demand.signer:
        what = "The batch is not signed, and a signer was asked for."
        problems.append(Problem(SIGNATURE, "unsigned", what))
    if demand.authority is not None:
        problems.append(Problem(STAMP, "timestamp", "There is no signature with a time stamp."))
    elif (folder / STAMP).exists():
        problems.append(Problem(STAMP, "timestamp", "A time stamp stands there, and no signature."))
    return Seal(problems=tuple(problems))


def _token(folder: Path, armoured: bytes, demand: Demand, problems: list[Problem]) -> Token | None:
    try:
        data = read_small(folder / STAMP, LIMIT)
        token = check_token(data, armoured)
        if demand.authority is not None:
            check_chain(data, armoured, demand.authority)
    except FileNotFoundError:
        if demand.authority is not None:
            problems.append(Problem(STAMP, "timestamp", "There is no time stamp to check."))
        return None
    except VerificationError as error:
        problems.append(_problem(STAMP, "timestamp", error))
        return None
    return token


def _vouched(key: PublicKey, demand: Demand, at: float) -> tuple[str, str]:
    """Who vouches for the key, or why nobody does though somebody was asked for."""
    if demand.fingerprint and demand.fingerprint != key.fingerprint:
        return "", (
            f"it was signed with {key.fingerprint} and not with the key that was asked for, "
            f"{demand.fingerprint}"
        )
    if demand.signers is not None:
        by, reason = demand.signers.who(key, demand.identity, at)
        return by, f"nobody vouches for its key {key.fingerprint}: {reason}" if reason else ""
    return (NAMED if demand.fingerprint else ""), ""


def put_beside(folder: Path, name: str, data: bytes) -> None:
    """Puts the signature or the time stamp into a finished batch, in one step.

    The folder keeps its times. Raises FolderError.
    """
    temporary = f".{name}.{secrets.token_hex(8)}"
    before = folder.stat()
    try:
        try:
            write_tag_file(folder, temporary, data)
            os.utime(folder / temporary, (EPOCH, EPOCH))
            os.replace(folder / temporary, folder / name)
        finally:
            (folder / temporary).unlink(missing_ok=True)
        keep_times(folder, before)
    except OSError as error:
        raise FolderError(
            f"{folder} cannot be written", f"({error.strerror}).", "Check its permissions."
        ) from error


def keep_times(folder: Path, before: os.stat_result) -> None:
    """Gives a folder back the times that it had, and syncs it."""
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _problem(path: str, code: str, error: VerificationError) -> Problem:
    return Problem(path, code, " ".join(text for text in (error.what, error.why) if text))


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
