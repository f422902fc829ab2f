"""Names and addresses pasted out of a spreadsheet, a list or a mail program."""

import re
from dataclasses import dataclass

#: Words of a heading, which is nobody.
HEADINGS = {"name", "full name", "first name", "last name", "email", "e-mail", "mail",
            "email address", "e-mail address", "address", "organization"}  # fmt: skip
_BRACKETS = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>(?P<rest>[^<>]*)")
_NEXT_PERSON = re.compile(r"(?<=>)[ \t]*[;,][ \t]*(?=[^;,]*<)")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a line says of somebody; empty where it says nothing."""

    full_name: str = ""
    email: str = ""
    organization: str = ""


def read_pasted(text: str) -> list[Pasted]:
    """Read lines such as a name, a tab and an address; or ``Name <address>``.

    Between name and address stands a tab, a semicolon or a comma. What comes after
    the address is the organization. An address alone has no name, and the other way
    round.
    """
    lines = [part for line in text.splitlines() for part in _NEXT_PERSON.split(line)]
    found = [_read(line.strip()) for line in lines if line.strip()]
    return [each for each in found if each is not None]


def _read(line: str) -> Pasted | None:
    bracketed = _BRACKETS.fullmatch(line)
    if bracketed:
        return Pasted(
            _clean(bracketed["name"]),
            _clean(bracketed["address"]),
            _clean(bracketed["rest"]),
        )
    separator = next((each for each in "\t;," if each in line), " ")
    parts = [_clean(part) for part in line.split(separator)]
    if all(part.casefold() in HEADINGS for part in parts if part):
        return None
    at = next((i for i, part in enumerate(parts) if "@" in part), None)
    if at is None:
        return Pasted(full_name=" ".join(part for part in parts if part))
    return _around(parts, at, separator)


def _around(parts: list[str], at: int, separator: str) -> Pasted:
    """Read what stands before an address, and after it."""
    before = [part for part in parts[:at] if part]
    after = [part for part in parts[at + 1 :] if part]
    if not before and after:
        whole = [" ".join(after)] if separator == " " else after
        before, after = whole[:1], whole[1:]
    name, organization = " ".join(before), ", ".join(after)
    return Pasted(name, parts[at], organization)


def _clean(part: str) -> str:
    return part.strip().strip("\"'<>;,").strip()
