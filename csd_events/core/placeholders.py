"""Words with places to fill: ``Hello {name}``, as staff write them.

A name in braces stands for a value; ``{{`` and ``}}`` are braces themselves. What
may stand in braces is a closed table of whoever fills them: no expressions, no
attributes, no formats, and what a value holds is never read as words again. Some
names stand for a whole part, a block, and are then all that their line holds.

A name that ends with ``link`` stands for an address of ours; every other value may
have been typed by a stranger, and is never taken for a link or for Markdown.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from urllib.parse import quote

from csd_events.core.text import one_line

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}( ?)|[{}]")
#: A line that is nothing but a name in braces.
ALONE = re.compile(r"^ {0,3}(\{[^{}\n]+\})[ \t\r]*$", re.MULTILINE)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
#: What may stand between < and > besides letters and digits, for Markdown.
_IN_ADDRESSES = "!#$%&'()*+,-./:;=?@[]_~"
#: How much of the words is shown from an open brace on.
_SHOWN = 20


class ProblemKind(StrEnum):
    """What is wrong with words that have places to fill."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    UNCLOSED = "unclosed"
    NOT_ALONE = "not_alone"
    NO_LINK = "no_link"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with words.

    Attributes:
        name: The unknown or missing name, or several one of which is missing; of a
            lone brace, the words from there on; of a link, where it leads.
        nearest: The known name that an unknown one is most like; empty for none.
    """

    kind: ProblemKind
    name: str
    nearest: str = ""


class UnfilledError(ValueError):
    """Words name something that has no value, or leave a brace open."""


def is_link(name: str) -> bool:
    """Tell whether a name stands for an address of ours."""
    return name.endswith("link")


def names_in(words: str) -> list[str]:
    """List the names in braces, each once, in their order."""
    names = (match[1] for match in _BRACES.finditer(words) if match[1] is not None)
    return list(dict.fromkeys(names))


def problems(
    words: str,
    *,
    known: Collection[str],
    blocks: Collection[str] = (),
) -> list[Problem]:
    """Say everything that is wrong with words, in their order.

    Args:
        words: Of staff.
        known: The names there are.
        blocks: Those of the known that must stand alone on their lines.
    """
    alone = {match.start(1) for match in ALONE.finditer(words)}
    found: list[Problem] = []
    for match in _BRACES.finditer(words):
        name, start = match[1], match.start()
        if name is not None:
            if name not in known:
                found.append(Problem(ProblemKind.UNKNOWN, name, _nearest(name, known)))
            elif name in blocks and start not in alone:
                found.append(Problem(ProblemKind.NOT_ALONE, name))
        elif len(match[0]) == 1:
            after = words[start : start + _SHOWN].split("\n", maxsplit=1)[0]
            found.append(Problem(ProblemKind.UNCLOSED, after))
    return list(dict.fromkeys(found))


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.strip().lower(), sorted(known), n=1)
    return near[0] if near else ""


def fill_text(words: str, values: Mapping[str, str]) -> str:
    """Fill words that are read as they stand, such as a subject.

    Raises:
        UnfilledError: A name has no value, or a brace is open.
    """
    return _fill(words, lambda name: one_line(values[name]))


def fill_markdown(words: str, values: Mapping[str, str]) -> str:
    """Fill Markdown; what the values hold is no Markdown, and makes no links.

    Addresses of ours stand between < and >, where Markdown takes them for links in
    the running text and for the target in ``[words]({registration_link})``.

    Raises:
        UnfilledError: A name has no value, or a brace is open.
    """

    def filled(name: str) -> str:
        if is_link(name):
            return f"<{quote(values[name], safe=_IN_ADDRESSES)}>"
        return _PUNCTUATION.sub(r"\\\1", one_line(values[name]))

    return _fill(words, filled)


def _fill(words: str, filled: Callable[[str], str]) -> str:
    def replacement(match: re.Match[str]) -> str:
        if match[1] is not None:
            try:
                value = filled(match[1])
            except KeyError:
                message = f"nothing stands for {{{match[1]}}}"
                raise UnfilledError(message) from None
            before = words[: match.start()][-1:]
            # What says nothing leaves no second space behind.
            return value + match[2] if value or before not in {"", " ", "\n"} else ""
        if len(match[0]) == 1:
            message = f"a brace stands alone at {match.start()}"
            raise UnfilledError(message)
        return match[0][0]

    return _BRACES.sub(replacement, words)
