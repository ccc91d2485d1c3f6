"""Questions to settle in a licence before anything is uploaded. Questions, not legal advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.html.gather import Whole
from reports.html.markup import code, text


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing to settle. `said` names the entries of scrub.toml that speak of it."""

    title: str
    questions: tuple[str, ...]
    said: tuple[str, ...] = ()


CLAUSES = (
    Clause(
        "What they may do with it",
        (
            "Training, testing, showing it, publishing it: which of these, and for which models?",
            "May models make new pictures, voices or texts in the manner of yours?",
        ),
        (
            "rights.cawg.ai_training",
            "rights.cawg.ai_generative_training",
            "rights.cawg.ai_inference",
            "rights.cawg.data_mining",
            "rights.constraint_info",
            "rights.plus",
            "rights.other_constraints",
        ),
    ),
    Clause(
        "Exclusive or not",
        (
            "May you sell or show the same work elsewhere, now and later?",
            "If it is exclusive: for how long, in which field, and at what price?",
        ),
        ("terms.exclusive",),
    ),
    Clause(
        "How long, and what happens then",
        (
            "When does the permission end? Does it renew by itself?",
            "Are copies deleted at the end, by when, and who confirms it in writing?",
            "What about models that were trained already?",
        ),
        ("terms.until", "terms.deletion"),
    ),
    Clause(
        "Passing it on",
        (
            "May they give it to others: customers, contractors, whoever buys the company?",
            "Are those bound by the same terms, and do you learn who they are?",
        ),
        ("terms.sublicense",),
    ),
    Clause(
        "Faces, voices, style",
        (
            "May they imitate or synthesise a face, a voice or a manner of working?",
            "Do you hold a signed release from everybody who can be seen or heard, for this use?",
        ),
        ("terms.likeness",),
    ),
    Clause(
        "Nobody is to be identified",
        (
            "Is it forbidden to find out who made it, or who and what place is in it?",
            "Is it forbidden to join it with other data for that purpose?",
            "What must they do if they find something private that was missed?",
        ),
        ("terms.reidentification",),
    ),
    Clause(
        "Reports, and a right to check",
        (
            "Do they tell you what it was used for, how often, and in which products?",
            "May you, or somebody for you, check that?",
            "Will their receipt name the digest of manifest.json?",
        ),
        ("terms.reports",),
    ),
    Clause(
        "Who answers for what",
        (
            "What do you warrant? Promise only what you know.",
            "Is there a limit to what you may have to pay, and do they answer for their own use?",
            "Which country's law and courts?",
        ),
    ),
    Clause(
        "Payment, and getting out",
        (
            "How much, when, and what if it is used more than agreed?",
            "May you withdraw a file, for example when somebody in it asks you to? How fast?",
            "What happens to your files if they break the contract or close down?",
        ),
        ("terms.contract_commit",),
    ),
)

_ENTRIES = {
    "rights.cawg.ai_training": "training of models",
    "rights.cawg.ai_generative_training": "training of models that generate",
    "rights.cawg.ai_inference": "use as input of a model",
    "rights.cawg.data_mining": "data mining",
    "rights.constraint_info": "constraints",
    "rights.plus": "PLUS code",
    "rights.other_constraints": "other constraints",
    "terms.exclusive": "exclusive",
    "terms.until": "until",
    "terms.deletion": "deletion",
    "terms.sublicense": "passing it on",
    "terms.likeness": "likeness",
    "terms.reidentification": "identifying somebody",
    "terms.reports": "reports",
    "terms.contract_commit": "commitment to your contract",
}
_VALUES = {
    "notAllowed": "not allowed",
    "with-consent": "with consent",
    "at-end": "at the end",
    "on-request": "on request",
}


def checklist(whole: Whole) -> str:
    """The list, with what the creator's own settings say already."""
    told = dict(_told(whole))
    items = []
    for clause in CLAUSES:
        questions = "".join(f"<li>{text(question)}</li>" for question in clause.questions)
        said = [f"{_ENTRIES[key]}: {told[key]}" for key in clause.said if key in told]
        if said:
            words = f'<p class="said"><b>In your scrub.toml:</b> {text("; ".join(said))}</p>'
        else:
            words = '<p class="blank">Agreed: <span class="line"></span></p>'
        items.append(
            f'<li><span class="box" aria-hidden="true"></span><div><h3>{text(clause.title)}</h3>'
            f'<ul class="ask">{questions}</ul>{words}</div></li>'
        )
    where = (
        "The entries below come from your settings. They are public, in manifest.json."
        if told
        else f"You can write your terms into {code('scrub.toml')}; then they go into the public "
        "manifest, and stand here."
    )
    return (
        "<p>Settle these with whoever licenses your work, in writing, before you upload. "
        f"They are questions, not legal advice. {where}</p>"
        f'<ol class="clauses">{"".join(items)}</ol>'
    )


def _told(whole: Whole) -> Iterator[tuple[str, str]]:
    for section in ("rights", "terms"):
        for key, value in whole.section(section).items():
            yield f"{section}.{key}", _words(value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(
            f"{v} ({_ENTRIES.get(f'rights.{k}', k)})" for k, v in sorted(value.items())
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _VALUES.get(str(value), str(value))
