"""What a worker does with one item: learn it, clean it, verify it.

An item whose cleaning needs no words of other items (a picture, a recording)
is done in one visit. A text is learnt first and cleaned in a second visit,
when the whole batch has said what it knows.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from detectors.known import KnownValues
from scrubber import staged
from scrubber.bench import Bench, Task, Visit
from scrubber.capture import capture_days
from scrubber.chat_accounts import account_seeds
from scrubber.chats import ACCOUNT
from scrubber.commit import item_facts
from scrubber.companions import classify_companion
from scrubber.consent import NOT_ASKED, Consent, consent
from scrubber.containers import Container, suffix_of
from scrubber.credit import ENTITIES as CREDITS
from scrubber.decisions import Decision, Verdict
from scrubber.engine import Frozen
from scrubber.errors import (
    ChangedWhileReading,
    FolderError,
    Held,
    NeedsReview,
    NotSettled,
    TooLarge,
    UnknownContainer,
    Unsupported,
)
from scrubber.findings import findings_of
from scrubber.identify import Identity, identify
from scrubber.judged import Judge
from scrubber.kept_places import Place, in_output
from scrubber.lines import NOWHERE, lines_at
from scrubber.model import Action, Doubt, Finding, ItemRecord, Outcome, Ruled, Seed
from scrubber.nesting import Budget, Parsed, parse
from scrubber.plan import Found, Plan, plan, removed_by_part, residue_of
from scrubber.raw_previews import INSTEAD, is_raw, opened
from scrubber.review import refuse_risk
from scrubber.rulings import RELEASE_DOCUMENT
from scrubber.seeds import from_metadata
from scrubber.source import FileSource, sha256_of
from scrubber.stored import store
from scrubber.texts import (
    Learnt,
    Masker,
    Masks,
    fresh,
    has_passages,
    has_prose,
    learn,
    refuse_foreign,
)
from scrubber.transfer import Written
from scrubber.unwritten import dropped_record, held_record

ROUNDS = 3


def work(bench: Bench, task: Task) -> Visit:
    """One visit for a worker: the record comes back as the text that the journal keeps."""
    made = visit(bench, task)
    return made if made.record is None else replace(made, record=None, stored=store(made.record))


def visit(bench: Bench, task: Task) -> Visit:
    """Runs one visit. Never raises Held: a held item is a record. A full folder stops the run."""
    started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    clock = time.perf_counter()
    try:
        made = _Visit(bench, task).run()
    except Held as error:
        made = Visit(task.item.index, held_record(task.item, error, task.sha256))
    except FolderError as error:
        stopped = (error.what, error.why, error.fix)
        return Visit(task.item.index, None, stopped=stopped)
    if made.record is None:
        return made
    releases = made.record.releases
    facts, root = item_facts(bench.setup.commit_key, made.record, releases=releases)
    record = replace(
        made.record,
        started=started,
        seconds=time.perf_counter() - clock,
        facts=facts,
        facts_root=root,
    )
    return replace(made, record=record)


class _Visit:
    def __init__(self, bench: Bench, task: Task) -> None:
        self.bench = bench
        self.task = task
        self.setup = bench.setup
        self.sha256 = task.sha256
        self.known_as = bench.setup.rulings.known_as(task.item.path)
        self.staged = os.path.join(self.setup.objects, f"{task.item.index:08x}")

    def run(self) -> Visit:
        limits = self.setup.policy.limits
        if self.task.item.size > limits.max_file:
            raise TooLarge(f"The file has {self.task.item.size} bytes, more than the limit.")
        with opened(self.task.item, self.task.path) as source:
            try:
                return self._with(source)
            except Held as error:
                self._unstage()
                return Visit(self.task.item.index, self._held(source, error))
            except BaseException:
                self._unstage()
                raise

    def _held(self, source: FileSource, error: Held) -> ItemRecord:
        sha256 = self.sha256 or sha256_of(source)
        record = held_record(self.task.item, error, sha256)
        return replace(
            record,
            container=self.container,
            media_type=self.media_type,
            doubts=self._doubts(source),
            ruled=self._ruled(),
        )

    container: str | None = None
    media_type: str | None = None
    textual = False
    consent: Consent = NOT_ASKED
    judge: Judge | None = None
    about: Decision | None = None  # what was decided about the file itself
    _exchanged: tuple[str, ...] = ()  # entities of which surrogates stand in what is written
    cleared = False  # that decision let it pass where it would have been held

    def _doubts(self, source: FileSource) -> tuple[Doubt, ...]:
        """What can be decided about, each with its line and column."""
        if self.judge is None or not self.judge.doubts:
            return ()
        if not self.textual:
            return tuple(self.judge.doubts)
        found = lines_at(source, [one.at for one in self.judge.doubts])
        return tuple(
            replace(one, line=line, column=column)
            for one in self.judge.doubts
            for line, column in [found.get(one.at, NOWHERE)]
        )

    def _ruled(self) -> tuple[Ruled, ...]:
        """Decisions that counted here, the one about the file itself as one place."""
        rows = self.judge.ruled if self.judge is not None else ()
        if self.about is None or not self.cleared or any(r.id == self.about.id for r in rows):
            return rows
        return (*rows, Ruled(self.about.id, self.about.verdict.value, "", 1))

    def _looked(self) -> bool:
        """Has a person looked at the file and decided that it may go?"""
        self.cleared |= self.about is not None
        return self.about is not None

    def _with(self, source: FileSource) -> Visit:
        item = self.task.item
        if self.setup.rulings.is_document(source.size, lambda: sha256_of(source)):
            why = "This is one of your signed releases: it holds names and addresses."
            record = dropped_record(item, RELEASE_DOCUMENT[1], why, sha256_of(source))
            return Visit(item.index, record)
        decisions = self.setup.rulings.decisions
        if decisions.may_name(self.known_as):
            self.sha256 = self.sha256 or sha256_of(source)
            self.about = decisions.about_file(self.known_as, self.sha256)
            if self.about is not None and self.about.verdict is Verdict.DROP:
                return self._left_out(self.about)
        companion = classify_companion(item, source.read(0, min(source.size, 65536)))
        if companion is not None:
            record = dropped_record(item, companion.code, companion.why, sha256_of(source))
            return Visit(item.index, record)
        identity = identify(source, os.path.basename(item.path))
        row = identity.container
        self.container, self.media_type, self.textual = row.name, row.media_type, row.textual
        if row.drop:
            record = dropped_record(item, row.drop, f"This is {row.label}.", sha256_of(source))
            return Visit(item.index, record, account_seeds(source) if row.name == ACCOUNT else ())
        if is_raw(row) and self.setup.policy.raw_previews == "extract":
            raise Unsupported(f"This is {row.label}.", row.held, INSTEAD)
        if row.nested:
            raise UnknownContainer(f"This is {row.label}, which is only a part of other files.")
        parsed = parse(source, row, self._budget(source))
        text = has_passages(parsed)
        if text or self.task.clean:
            self._ask(())  # a text tells no day of its own
        if text and not self.task.clean:
            return self._learn(source, row, parsed)
        if self.task.clean:
            return self._clean_text(source, identity, parsed)
        made = plan(parsed, self.bench.action)
        self._ask(made.found)
        written = self._write(source, parsed, made)
        kept = tuple(sorted(set(made.kept)))
        return self._done(source, identity, parsed, made, written, (), kept)

    def _left_out(self, about: Decision) -> Visit:
        why = "You decided to leave it out."
        record = dropped_record(self.task.item, "decided", why, self.sha256)
        ruled = (Ruled(about.id, about.verdict.value, "", 1),)
        return Visit(self.task.item.index, replace(record, ruled=ruled))

    def _judge(self, source: FileSource) -> Judge:
        """The judge of this visit; decisions know a file by its bytes."""
        self.sha256 = self.sha256 or sha256_of(source)
        decisions = self.setup.rulings.decisions
        self.judge = Judge(decisions, self.known_as, self.sha256, self.about)
        return self.judge

    def _ask(self, found: Sequence[Found]) -> None:
        """Asks for the releases that the policy wants. Raises NoRelease."""
        rules = self.setup.policy.releases
        if rules.need:
            media_type, days = self.media_type or "", capture_days(found)
            path = self.task.item.path
            self.consent = consent(rules, self.setup.rulings, path, media_type, days)

    # texts -------------------------------------------------------------------

    def _learn(self, source: FileSource, row: Container, parsed: Parsed) -> Visit:
        item, text = self.task.item, self.bench.text
        rules = self.setup.policy
        learnt: Learnt = learn(
            parsed,
            text,
            self.bench.text_action,
            text.language_of if rules.unknown_language == "hold" else _any_language,
            text.languages,
            item.path,
            self._judge(source),
        )
        if not self._looked():
            refuse_foreign(learnt)
            if learnt.has_prose and rules.small_model == "hold":
                raise NeedsReview(
                    "This is prose, and names in it were looked for by a model that misses some,",
                    "which the policy does not accept.",
                )
            refuse_risk(learnt.risk, rules.budget, self._doubts(source))
        seeds = (*learnt.seeds, *self._metadata_seeds(parsed))
        return Visit(
            item.index, None, seeds, learnt.spans, sha256=self.sha256,
            suffix=_suffix(row, item.path), kind=row.kind,
        )  # fmt: skip

    @property
    def _near(self) -> str:
        """Where parts of a name count that this item's tags teach: its folder."""
        path = self.task.item.path
        return path.rpartition("/")[0] or path

    def _metadata_seeds(self, parsed: Parsed) -> list[Seed]:
        """What pictures and recordings inside a text teach, or the tags around one."""
        found: list[Found] = []
        for _, child in parsed.walk():
            if not child.row.textual and child.rebuilt is None:
                with contextlib.suppress(Held):  # the second visit holds the item
                    found += plan(child, self.bench.action).found
        return from_metadata(found, self._near)

    def _clean_text(self, source: FileSource, identity: Identity, parsed: Parsed) -> Visit:
        """Masks, writes, looks at what was written, and again until nothing new appears."""
        if self.sha256 and sha256_of(source) != self.sha256:  # what was learnt is of another text
            raise ChangedWhileReading("The file changed between two readings.")
        frozen = self.bench.frozen
        masker = Masker(
            self.bench.text_action,
            self.bench.action,
            self.bench.text.placeholder,
            frozen.known,
            self.bench.text.merge,
            frozen.rewrite,
            self.task.item.path,
            self._judge(source),
            frozen.is_listed,
        )
        more: dict[tuple[str, str], None] = {}
        for _ in range(ROUNDS):
            extra = KnownValues([(text, name, "") for text, name in more]) if more else None
            masks = masker.masks(parsed, self.task.learnt, extra)
            made = plan(parsed, self.bench.action, masks.by_container)
            places = in_output(made.joined, masks.places) if masks.places and made.joined else []
            written = self._write(source, parsed, made, places)
            left = self._look_again(identity, places)
            if not left:
                spoken = self._is_spoken(parsed)  # then what stays is swept with the batch
                if not spoken and (swept := self._swept(frozen, places)) is not None:
                    raise swept
                notes = ("small-model",) if has_prose(parsed) else ()
                if self.setup.policy.replace == "surrogates" and identity.container.textual:
                    parsed = parse(source, identity.container, self._budget(source))
                    stand_in = self.bench.text.surrogate_of(frozen.known)
                    masks = masker.masks(parsed, self.task.learnt, extra, stand_in)
                    made, written = self._exchange(source, parsed, masks)
                kept = tuple(sorted({*masks.kept, "LYRICS"})) if spoken else masks.kept
                return self._done(source, identity, parsed, made, written, notes, kept)
            self._unstage()
            more.update(dict.fromkeys(left))
            parsed = parse(source, identity.container, self._budget(source))
        raise NotSettled(f"The text did not settle in {ROUNDS} rounds.")

    def _exchange(self, source: FileSource, parsed: Parsed, masks: Masks) -> tuple[Plan, Written]:
        """Writes surrogates where placeholders stood in a text that was proved to be clean.

        Detectors could not tell the surrogates from real names, so they have looked at the
        text with placeholders. The two differ in nothing else.
        """
        self._unstage()
        made = plan(parsed, self.bench.action, masks.by_container)
        places = in_output(made.joined, masks.places) if masks.places and made.joined else []
        self._exchanged = self.setup.policy.surrogates
        written = self._write(source, parsed, made, places)
        if (swept := self._swept(self.bench.frozen, places)) is not None:
            raise swept
        return made, written

    def _look_again(self, identity: Identity, places: Sequence[Place]) -> list[tuple[str, str]]:
        """What detectors still see in the staged file."""
        with FileSource(self.staged) as output:
            again = parse(output, identity.container, self._budget(output))
            return fresh(again, self.bench.text, self.bench.text_action, places)

    def _is_spoken(self, parsed: Parsed) -> bool:
        """Is it a recording or film with words that stay?"""
        clean = self.setup.policy.sound_texts == "clean"
        return clean and not parsed.row.textual and parsed.ledger.passages is not None

    def _budget(self, source: FileSource) -> Budget:
        limits = self.setup.policy.limits
        words = self.setup.policy.sound_texts == "clean"
        return Budget(limits.max_depth, limits.unpacked(max(source.size, 1 << 20)), words=words)

    def _swept(self, frozen: Frozen, places: Sequence[Place]) -> Held | None:
        with FileSource(self.staged) as output:
            return frozen.sweep(output, self.task.item.path, places)

    # writing -----------------------------------------------------------------

    def _write(
        self, source: FileSource, parsed: Parsed, made: Plan, places: Sequence[Place] = ()
    ) -> Written:
        return staged.write(source, parsed, made, self.staged, self._keeps, places)

    def _keeps(self, entity: str) -> bool:
        if entity == "LYRICS" and self.setup.policy.sound_texts == "clean":
            return True
        if entity in self._exchanged:
            return True  # the reader takes a surrogate for what it stands for
        action = self.bench.action if entity in CREDITS else self.bench.text_action
        return action(entity) is Action.KEEP

    def _done(
        self,
        source: FileSource,
        identity: Identity,
        parsed: Parsed,
        made: Plan,
        written: Written,
        notes: tuple[str, ...],
        kept: tuple[str, ...],
    ) -> Visit:
        item, row = self.task.item, identity.container
        if self.sha256 and written.original_sha256 != self.sha256:
            raise ChangedWhileReading("The file changed between two readings.")
        joined = made.joined
        assert joined is not None  # _write refused the others
        # A credit that is written anew can come out as it was.
        same = joined.identical or written.sha256 == written.original_sha256
        unlooked = tuple(sorted(set(_unlooked(parsed, notes))))
        self._refuse_unlooked(unlooked)
        findings = self._findings(source, made.found, identity)
        decoded = staged.decoded(source, row, self.staged) if self.setup.decode else None
        record = ItemRecord(
            item.index,
            item.path,
            Outcome.UNCHANGED if same else Outcome.CLEANED,
            size=source.size,
            sha256=written.original_sha256,
            container=row.name,
            media_type=row.media_type,
            out_sha256=written.sha256,
            out_size=written.size,
            findings=findings,
            removed=removed_by_part(parsed, joined),
            kept=kept,
            not_checked=unlooked,
            notes=(*item.notes, *notes),
            content_identical=True,
            decoded_identical=decoded,
            people=self.consent.people,
            releases=self.consent.releases,
            release_dates=self.consent.dates,
            doubts=self._doubts(source),
            ruled=self._ruled(),
        )
        residue = residue_of(parsed, joined) if not row.textual else b""
        if not self.setup.keep:
            self._unstage()
        if self.task.clean:  # what it taught was noted at the first visit
            return Visit(item.index, record, residue=residue)
        return Visit(
            item.index, record, tuple(from_metadata(made.found, self._near)), residue=residue,
            suffix=_suffix(row, item.path), kind=row.kind,
        )  # fmt: skip

    def _refuse_unlooked(self, unlooked: tuple[str, ...]) -> None:
        """A policy may hold what nobody looked at. Raises NeedsReview."""
        rules = self.setup.policy
        left = rules.unaccepted(unlooked) if rules.not_checked == "hold" else ()
        if left and not self._looked():
            raise NeedsReview(
                f"Nobody looked for {', '.join(left)} in it,",
                "which the policy does not accept.",
                "Look at it yourself, then decide: `scrub decide --list`; or accept these in a"
                " policy of your own.",
            )

    def _findings(
        self, source: FileSource, found: Sequence[Found], identity: Identity
    ) -> tuple[Finding, ...]:
        wanted = [] if self.setup.keep else [row.at for row in found]  # a dry run says the lines
        lines = lines_at(source, wanted) if identity.container.textual else {}
        item_id, key = str(self.task.item.index), self.setup.commit_key
        return findings_of(found, identity.polyglots, lines, item_id, key)

    def _unstage(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.staged)


def _suffix(row: Container, path: str) -> str:
    """The suffix of the output: the original's own if the content may bear it."""
    own = suffix_of(path)
    return own if own in row.suffixes else row.suffix


def _any_language(_: str) -> None:
    return None


def _unlooked(parsed: Parsed, notes: tuple[str, ...]) -> list[str]:
    names = list(parsed.ledger.not_checked)
    if "small-model" in notes:
        names.append("PROSE_NAMES")
    return names
