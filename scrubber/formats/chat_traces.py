"""Traces of language-model programs: runs of LangSmith, traces and observations of Langfuse.

What went in and came out is read as any JSON is, since every program has its own; a key that
names something private makes its value private. Settings of the program (`serialized`, `extra`,
`metadata`) can hold keys and the machine's names, and go.
"""

from __future__ import annotations

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import FREE, ID, NUMBER, ROLE, TEXT, USER, Node, each, named

_RUN_MEMBERS: dict[str, Node] = {
    "id": ID, "trace_id": ID, "parent_run_id": ID, "session_id": ID, "child_run_ids": each(ID),
    "parent_run_ids": each(ID), "reference_example_id": ID, "name": ROLE, "run_type": ROLE,
    "status": ROLE, "inputs": FREE, "outputs": FREE, "error": TEXT, "execution_order": NUMBER,
    "prompt_tokens": NUMBER, "completion_tokens": NUMBER, "total_tokens": NUMBER,
}  # fmt: skip
_RUN = named(_RUN_MEMBERS, needs="run_type inputs")
_RUN_MEMBERS["child_runs"] = each(_RUN)
_SCORE = named(
    {"id": ID, "name": ROLE, "value": Node(string="role", number="number"), "comment": TEXT}
)
_OBSERVED: dict[str, Node] = {
    "id": ID, "traceId": ID, "parentObservationId": ID, "sessionId": ID, "userId": USER,
    "name": ROLE, "type": ROLE, "model": ROLE, "level": ROLE, "statusMessage": TEXT,
    "input": FREE, "output": FREE, "scores": each(_SCORE),
    "promptTokens": NUMBER, "completionTokens": NUMBER, "totalTokens": NUMBER,
}  # fmt: skip
_OBSERVATION = named(_OBSERVED)
_TRACE = named({**_OBSERVED, "observations": each(_OBSERVATION | ID)}, needs="input output")


class LangSmith(ChatJson):
    """Runs in one array, or a single one."""

    shape = each(_RUN) | _RUN


class LangSmithLines(ChatJson):
    """A run a line."""

    shape = _RUN
    lines = True


class Langfuse(ChatJson):
    """Traces in one array, or a single one."""

    shape = each(_TRACE) | _TRACE


class LangfuseLines(ChatJson):
    """A trace a line."""

    shape = _TRACE
    lines = True
