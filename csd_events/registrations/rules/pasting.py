"""Names and addresses pasted out of a spreadsheet, a list or a mail program."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: What a heading says of the column below it.
HEADINGS = {
    "full_name": ("name", "full name", "attendee", "participant"),
    "first": ("first", "first name", "given name", "vorname"),
    "last": ("last", "last name", "surname", "family name", "nachname"),
    "email": ("email", "e mail", "mail", "email address", "e mail address"),
    "organization": (
        "organization", "organisation", "company", "agency", "department",
        "municipality", "city", "county", "employer", "amt", "firma",
    ),
    "ignored": ("address", "adresse"),
}  # fmt: skip
_ROLES = {word: role for role, words in HEADINGS.items() for word in words}
_OUTSIDE = r"\s<>()\[\]\";,:"
_ADDRESS = re.compile(
    rf"(?P<bracket><\s*)?(?:mailto:)?(?<![^{_OUTSIDE}])"
    rf"(?P<address>[^{_OUTSIDE}]+@[^{_OUTSIDE}]*)",
    re.IGNORECASE,
)
#: A quoted cell, which may hold ends of lines, but nobody's address.
_QUOTED = re.compile(
    r'(?:^|(?<=[\t;,]))[ ]*"(?:[^"@]|"")*"(?=[ ]*(?:[\t;,<\r\n]|\Z))', re.MULTILINE
)
_LAST_FIRST = re.compile(r'"([^",@]+),([^",@]+)"(?=[ ]*<)')
#: What stands behind a comma and is no first name.
_TITLE = re.compile(r"[A-Z][A-Z.-]+|(?:Jr|Sr|Esq|Ph\.?D)\.?")
#: What separates words from an address, or begins a line of a list.
_BEFORE, _BEHIND = " >)];,*•-\u2013\u2014", " <([;,:-\u2013\u2014"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a line says of somebody; empty where it says nothing."""

    full_name: str = ""
    email: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table with a heading: what keeps its columns apart, and what is in each."""

    separator: str
    roles: Sequence[str | None]

    def person(self, cells: Sequence[str]) -> Pasted | None:
        """Read a line by its columns; None unless an address stands in its own."""
        wide = len(self.roles) - 1
        cells = [*cells[:wide], ", ".join(filter(None, cells[wide:]))]
        email = self._cell("email", cells)
        addresses = [cell for cell in cells if _ADDRESS.search(cell)]
        if "email" not in self.roles or addresses != [email] * len(addresses):
            return None
        found = _ADDRESS.fullmatch(email)
        if addresses and not found:
            return None
        first, last = self._cell("first", cells), self._cell("last", cells)
        name = self._cell("full_name", cells) or f"{first} {last}".strip()
        bare = _bare(found) if found else email
        return Pasted(name, bare, self._cell("organization", cells))

    def _cell(self, wanted: str, cells: Sequence[str]) -> str:
        of_it = zip(self.roles, cells, strict=False)
        return next((cell for role, cell in of_it if role == wanted and cell), "")


def read_pasted(text: str) -> list[Pasted]:
    """Read lines such as a name, a tab and an address; or ``Name <address>``.

    Between name and address stands a tab, a semicolon or a comma. What comes after
    the address is the organization. An address alone has no name, and the other way
    round. A heading says otherwise, and a line may hold several people: each address
    makes somebody of their own.
    """
    found: list[Pasted] = []
    sheet = None
    for line in _QUOTED.sub(_on_one_line, text).splitlines():
        cells, separator = _cells(line, sheet)
        heading = _heading(cells, separator)
        if heading is not None:
            sheet = heading
            continue
        in_columns = sheet.person(cells) if sheet else None
        found += [in_columns] if in_columns else _people(cells)
    return [each for each in found if each.full_name or each.email]


def write_pasted(people: Iterable[Pasted]) -> str:
    """Write people as lines that are read again as what they are."""
    written = io.StringIO()
    sheet = csv.writer(written, delimiter="\t", lineterminator="\n")
    sheet.writerow(("Name", "Email", "Organization"))
    sheet.writerows((each.full_name, each.email, each.organization) for each in people)
    return written.getvalue()


def _on_one_line(quoted: re.Match[str]) -> str:
    return re.sub(r"[\r\n]+", " ", quoted[0])


def _cells(line: str, sheet: _Sheet | None) -> tuple[list[str], str]:
    """Take a line apart, and say what keeps its cells apart."""
    line = _LAST_FIRST.sub(_first_last, line)
    unquoted = _QUOTED.sub("", line)
    if sheet and sheet.separator in unquoted:
        separator = sheet.separator
    else:
        # A comma may stand within a name that an address in brackets follows.
        among = "\t;" if re.search(r"<[^<>]*@", line) else "\t;,"
        separator = next((each for each in among if each in unquoted), "\t")
    row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [_unquoted(cell) for cell in row], separator


def _first_last(found: re.Match[str]) -> str:
    """Turn ``"Last, First"`` around, but no ``"First Last, Title"``."""
    last, first = found[1].strip(), found[2].strip()
    return found[0] if _TITLE.fullmatch(first) else f"{first} {last}"


def _heading(cells: Sequence[str], separator: str) -> _Sheet | None:
    """Read what stands in each column, if this is a heading."""
    words = cells[0].split() if len(cells) == 1 else cells
    roles = [_role(word) for word in words]
    known = [role for role, word in zip(roles, words, strict=True) if word]
    if not known or any("@" in cell for cell in cells):
        return None
    is_heading = all(known) or ("email" in known and len(cells) > 1)
    return _Sheet(separator, roles) if is_heading else None


def _role(word: str) -> str | None:
    """Say what a column is for, whatever signs its heading has: ``E-Mail:``."""
    plain = " ".join(re.findall(r"[^\W_]+", word.casefold()))
    return _ROLES.get(plain)


def _people(cells: Iterable[str]) -> list[Pasted]:
    """Read who stands in a line: each address is somebody's.

    A name stands before an address, or after it where a line begins with one. An
    address in brackets always follows its name.
    """
    words, addresses = _around_addresses(cells)
    if not addresses:
        return [Pasted(full_name=" ".join(words[0]))]
    names_first, people, name = bool(words[0]), [], words[0]
    for number, found in enumerate(addresses):
        after, next_name = words[number + 1], []
        is_last = found is addresses[-1]
        if not is_last and (names_first or addresses[number + 1]["bracket"]):
            after, next_name = after[:-1], after[-1:]
        if not (name or found["bracket"]):
            name, after = after[:1], after[1:]
        people.append(Pasted(" ".join(name), _bare(found), ", ".join(after)))
        name = next_name
    return people


def _around_addresses(
    cells: Iterable[str],
) -> tuple[list[list[str]], list[re.Match[str]]]:
    """List the addresses of a line, and the words before, between and after them."""
    words: list[list[str]] = [[]]
    addresses: list[re.Match[str]] = []
    for cell in cells:
        read = 0
        for found in _ADDRESS.finditer(cell):
            words[-1] += _words(cell[read : found.start()])
            read = found.end()
            if addresses and not words[-1] and _bare(found) == _bare(addresses[-1]):
                continue  # a mail program writes it twice: as a name, and in brackets
            addresses.append(found)
            words.append([])
        words[-1] += _words(cell[read:])
    return words, addresses


def _bare(found: re.Match[str]) -> str:
    return found["address"].strip("'.")


def _words(text: str) -> list[str]:
    words = _unquoted(text.lstrip(_BEFORE).rstrip(_BEHIND))
    return [words] if words.strip("'\"") else []


def _unquoted(text: str) -> str:
    """Trim words, and take quotes away that stand around all of them."""
    text = " ".join(text.split())
    in_quotes = re.fullmatch("[\"']([^\"']*)[\"']", text)
    return in_quotes[1].strip() if in_quotes else text
