"""JPEG XL pictures, written by libjxl from gradients and plain colours, and their boxes."""

from __future__ import annotations

import base64
import struct

PLANTED = b"PLANTED-7f3a Jane Doe"
SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
BRAND = b"jxl \0\0\0\0jxl "

LOSSY = base64.b64decode(
    "/wpYMPwkVO6tIggBMAGLTQkAgAqVUcYNXs71fPmhw2LaxnWGttq2sISx2V4YJCScgDefyGqegi73ik/fW2EKhxld"
    "DDGAShLpiHZerwRhwMbHA6ABEACAlItt"
)
"""16 by 12, VarDCT."""
GROUPS = base64.b64decode(
    "/wpYeZBQubeKIAATCAIA9IEGDAAAAAAAAAAAAACrcgkAgAqVUcYNXs71fPmhw2LaxnWGttq2sJIVKSgo3EPPiBdj"
    "sMajtIMgyAIAAHNTXhjrdApwj4+8T9KBcA/hsVA0mOkSDa9rDxpdJx8Pobtj1huFr1dA/Sb+f0rDINrpaYN8GJGR"
    "ny77yllIgeyNG2OMcWOMGzcGbQxWCwz4PAFAi6IACP1NVm13SkPIjrIEQpevVkoDoSQB"
)
"""600 by 300, VarDCT in six groups."""
FILM = base64.b64decode(
    "/wpBBAFYUFwSCAigAgAAZABLGIsVwkkC5gUkANj//tD7AwAAAAAAAAAACAigQgAAZABLGIsVwlEDpr6ABAAG0P9s"
    "AAAAAAAAAAAA"
)
"""8 by 8, two frames."""
ALPHA = base64.b64decode(
    "AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAAJanhsbAoAAAB8anhsY/8KWDD8KKjcW0UQCAgQAIwB"
    "SxiTjoODSVBg2jHGQwdhjMFMxeA9EGOw7gWEAbiYOgBgNEebohnNaEYrmtGMZrSiGb3oRC960YtO9KIXvehELxrQ"
    "z/9fdKIXvehFJ3rRi150ohfd71sAkMIDVqiLqnlTC+8E"
)
"""16 by 12 with transparency, in a container with a level."""
JPEG = base64.b64decode(
    "AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAASanhscAAAAAD/ClgwEAkAAABdamJyZMBtAwiCILQM"
    "CIBQo0BKAAAAAC38n5BSAAAAQGHrSy025P9KJQAAAEAo4/+FjAQAAADdPyrqsMUG/V/gBwAqCwALCIDgABBKRklG"
    "AAEBAAABAAEAAAMAAAEPanhscIAAAAHgWwAQAPADDGQMZAxk/v8OAAAYAAgAAQAAAAAAgIAliSSoXswVAN8toRcA"
    "oJCkoKBwSUlIiTFGR0RExsYYARsMDb0BQA/viAOXKWtHWZ4V+y/vAwHXLyKGKaqpg6m+qZ0AYs6KelEAACtSAYAg"
    "UwAA2nwCAAAAAAAAAAAAAAAAAFBUAEgAyBooPuWfDGqICWA2opFdQeVaRTLAwS9BA4XpBoH4PAAA8FcAEAAAro8A"
    "AAAAAAAAAAAAAAAAAAAAAAAAACikQK5lW1GNMRhSjI4xVjFGCTUJAMw9O69e+tu25Hc7cbFvby+yHdrqO46QX/MC"
    "dvizFCKnB6bkA6zxJylEDJAA"
)
"""Made from a JPEG, which can be built again from it: two parts and jbrd."""
ICC = base64.b64decode(
    "/wpYMBDCW8OAhHkA1FQSdiSC8zrm2++1zIeYYaFFXLElFnjJPPUR9jwZVBDQSAg7V9y5di6J0doJGY1GSyccQNbR"
    "1hkBvuK5amYsMiWMPQAD/i8srfiaw1DXiVWWnZU8FAIUrU1lpdNMdfkt7y85P6IDWdbxDXD0FTZXNvUUlQ4LsHa2"
    "DNBUtrSUNYfaa+V8ojpN4wwV4Kne/vvvPOVtvRNov5D+++++of77b78iuMuFAl9r34IguHW4C4GQfmBeAtTWISj2"
    "Ar31AIvNcr86l6YmVN4TTM1gp1AYuTmKKtvy4QboqFeQcgeZNqGZaiBG83WRAwgCAQDYAEsYk46DgylQYNoxxsMG"
    "xxg8wzFY9wLBABCCqQHYlpeFbdhu+7ZvS6Tlt33bt7Xiy10yliA4Dg=="
)
"""With a colour profile among its bits."""
ORDER = base64.b64decode(
    "/wpYeZBQubeKIAASiAKUUGhEfCAm0MIODAAAAAAAAAAAAABd5RIAABUakgQUDAAAAAAAADyAgZWsSEFB4R6cobsY"
    "4zXGYAAFHGNsqARkMnDb8QPKDdDLGE4rIDiqxvrwrRORCnJ6REDzeborEJK9PMbVEQTdo3Eu6l93BTaU75Y2VzQ+"
    "aiMeD1rH2B0IWWCwnU5kfZbmQa7TQxjx4BwhS/uwES1BV4v5mzMUGhs7Y6E/AgAAAJCCgoICGzbGYMbGYLUdkKMY"
    "gxehMQRyYnAqxhiIMcZAjBYMGGkCwBaZkCDSyAC6BWOwmh5AkiRJ/OUhSZLkUgyQJElSQAhIkuSPOglA+QcAfPsB"
    "QHm6VVVVVclEA6EkAQ=="
)
"""Its groups in an order of their own."""


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def boxed(
    *codestream: bytes, before: bytes = b"", behind: bytes = b"", brand: bytes = BRAND
) -> bytes:
    """A container; several runs of a codestream are parts."""
    data = SIGNATURE + box(b"ftyp", brand) + before
    if len(codestream) == 1:
        return data + box(b"jxlc", codestream[0]) + behind
    for number, run in enumerate(codestream):
        last = number + 1 == len(codestream)
        data += box(b"jxlp", struct.pack(">I", number | last << 31) + run)
        data += behind if number == 0 else b""
    return data
