"""Conversations with an assistant as they are exported, and a notebook."""

from __future__ import annotations

import json
from typing import Any

from sample_media.maker.planted import Plant, Sample

_PHONE, _MAIL = "+1 415-555-0132", "elizabeth.bennet@example.com"
_ROOT, _ASKED, _ABOUT, _TOLD = (
    f"{first}0c5e1aa-7d1b-4b7e-9a55-3f2e8c6d0aa{last}"
    for first, last in zip("1234", "abcd", strict=True)
)


def _node(name: str, parent: str | None, message: Any, *children: str) -> dict[str, Any]:
    return {"id": name, "message": message, "parent": parent, "children": list(children)}


def _message(name: str, role: str, kind: str, **content: Any) -> dict[str, Any]:
    return {
        "id": name,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1714557600.123456,
        "content": {"content_type": kind, **content},
        "status": "finished_successfully",
        "weight": 1.0,
        "metadata": {"request_id": "8f3a1c-LHR", "attachments": [{"name": "Bennet lease.pdf"}]},
        "recipient": "all",
    }


def conversations() -> list[Sample]:
    asked = f"Please write to Emma Woodhouse, {_PHONE}, that her print is ready."
    about = "My name is Elizabeth Bennet and I live at 221B Baker Street."
    export = [
        {
            "title": "A note about a print",
            "create_time": 1714557600.1,
            "mapping": {
                _ROOT: _node(_ROOT, None, None, _ABOUT),
                _ABOUT: _node(
                    _ABOUT, _ROOT,
                    _message(_ABOUT, "user", "user_editable_context", user_profile=about), _ASKED,
                ),
                _ASKED: _node(
                    _ASKED, _ABOUT, _message(_ASKED, "user", "text", parts=[asked]), _TOLD
                ),
                _TOLD: _node(
                    _TOLD, _ASKED,
                    _message(_TOLD, "assistant", "text", parts=["The print is ready, with love."]),
                ),
            },
            "current_node": _TOLD,
            "conversation_id": "50c5e1aa-7d1b-4b7e-9a55-3f2e8c6d0aee",
        }
    ]  # fmt: skip
    account = {
        "id": "user-Lz7Bennet", "email": _MAIL, "chatgpt_plus_user": True, "phone_number": _PHONE,
    }  # fmt: skip
    return [
        Sample(
            "chats/conversations.json",
            json.dumps(export).encode(),
            "cleaned",
            about="a tree of messages, whose ids must still fit, and one that nobody was shown",
            planted=[
                Plant("UUID", "$[*].mapping", _ASKED),
                Plant("PERSON", "$[0].mapping.*.message.content.parts[0]", "Emma Woodhouse"),
                Plant("PHONE_NUMBER", "$[0].mapping.*.message.content.parts[0]", _PHONE),
                Plant("TECHNICAL", "$[0].mapping.*.message", "221B Baker Street"),
                Plant("PRIVATE_FIELD", "$[*].mapping.*.message.metadata.attachments", "lease.pdf"),
                Plant("CAPTURE_TIME", "$[*].create_time", "1714557600.1"),
            ],
            stays=["The print is ready, with love.", '"role": "assistant"', "A note about a print"],
        ),
        Sample(
            "chats/user.json",
            json.dumps(account).encode(),
            "dropped",
            code="account-data",
            planted=[Plant("EMAIL_ADDRESS", "record", _MAIL)],
        ),
    ]


def notebook() -> Sample:
    user = {"displayName": "Elizabeth Bennet", "userId": "04460071984"}
    code = {
        "cell_type": "code", "id": "bennet01", "execution_count": 12,
        "metadata": {"executionInfo": {"user": user, "timestamp": 1714557600123}},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["/home/lizzy/prints\n"]}],
        "source": ["sizes = [30, 40]\n", f"owner = '{_MAIL}'\n", "print(sum(sizes))"],
    }  # fmt: skip
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["# Prints\n", "How large?"]}
    book = {
        "cells": [prose, code],
        "metadata": {
            "colab": {"provenance": [{"file_id": "1LzPrints"}]},
            "kernelspec": {"display_name": "lizzy-env", "language": "python", "name": "lizzy"},
            "language_info": {"name": "python", "version": "3.11.4"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Sample(
        "chats/prints.ipynb",
        (json.dumps(book, indent=1) + "\n").encode(),
        "cleaned",
        about="outputs, who ran it and where go; the lines of a cell stay lines",
        planted=[
            Plant("EMAIL_ADDRESS", "$.cells[1].source", _MAIL),
            Plant("TECHNICAL", "$.cells[1].metadata", "04460071984"),
            Plant("TECHNICAL", "$.cells[1].outputs", "/home/lizzy"),
            Plant("TECHNICAL", "$.metadata.kernelspec", "lizzy-env"),
            Plant("PRIVATE_FIELD", "$.metadata.colab", "1LzPrints"),
        ],
        stays=["# Prints\\n", "sizes = [30, 40]\\n", '"print(sum(sizes))"'],
    )


def chats() -> list[Sample]:
    return [*conversations(), notebook()]
