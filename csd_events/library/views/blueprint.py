"""The blueprint of these pages, and the filters they share."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask_wtf import FlaskForm

from csd_events.association.mail import speaker
from csd_events.core.access import current_person
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import FilterGroup, filter_group
from csd_events.core.words import gettext as _
from csd_events.library import queries
from csd_events.library.exports import written
from csd_events.library.rules.references import Reference, Suffix
from csd_events.library.rules.searching import EntryKind
from csd_events.library.words import SUFFIX_WORDS, SaveButton

bp = Blueprint("library", __name__)
_KINDS = {
    Suffix.TEXT: "text/plain",
    Suffix.BIBTEX: "application/x-bibtex",
    Suffix.RIS: "application/x-research-info-systems",
    Suffix.CSL: "application/vnd.citationstyles.csl+json",
}


def group(
    label: str,
    values: Sequence[str],
    chosen: str | None,
    *,
    worded: Callable[[str], str],
    address: Callable[[str | None], str],
) -> FilterGroup:
    """Return the links of one filter, *all* first.

    What was chosen is shown though nothing has it.
    """
    shown = [*values]
    if chosen is not None and chosen not in shown:
        shown.append(chosen)
    choices = [(_("All"), None), *((worded(value), value) for value in shown)]
    return filter_group(label, choices, chosen=chosen, url=address)


def kept(order: Iterable[str], values: Iterable[str]) -> list[str]:
    """Return what there is, in the order of the catalogue."""
    there = set(values)
    return [value for value in order if value in there]


def references_file(
    references: Iterable[Reference], suffix: str, *, name: str, heading: str
) -> Response:
    """Hand out references as a file that is saved under a name.

    Raises:
        NotFoundError: They do not come as files of that suffix.
    """
    if suffix not in set(Suffix):
        raise NotFoundError(suffix)
    kind = Suffix(suffix)
    answer = Response(
        written(references, kind, heading=heading),
        content_type=f"{_KINDS[kind]}; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{kind}"
    return answer


def file_links(address: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the words and the address of each file that references come as."""
    return [(str(words), address(suffix)) for suffix, words in SUFFIX_WORDS.items()]


def zone_of(at: datetime) -> str:
    """Return the association's own zone, whose days the library counts by."""
    return speaker(db.session(), now=at).zone


def entry_url(kind: EntryKind, key: str) -> str:
    """Return where something that a search finds is read."""
    if kind is EntryKind.CASE_STUDY:
        return url_for("library.case_study", case_id=key)
    if kind is EntryKind.PUBLICATION:
        return url_for("library.publication", slug=key)
    if kind is EntryKind.CITATION:
        return url_for("library.citation", key=key)
    if kind is EntryKind.RECORDING:
        return url_for("home.event", slug=key)
    return url_for("library.research_summary", _anchor=key.rpartition("-")[0])


def save_buttons(
    things: Iterable[tuple[EntryKind, str, str]],
) -> list[SaveButton]:
    """Return for each thing what saves it, or takes it away again.

    Args:
        things: The kind, the key and the title of each.
    """
    named = [*things]
    person = current_person()
    own: dict[tuple[EntryKind, str], int] = {}
    if person is not None:
        names = [(kind, key) for kind, key, _title in named]
        own = queries.list_saved_of(db.session(), person.person_id, names)
    here = request.full_path.rstrip("?")
    return [
        SaveButton(
            url=url_for("library.save", kind=kind.value, key=key, next=here),
            title=title,
            item_id=own.get((kind, key)),
            here=here,
        )
        for kind, key, title in named
    ]


def button_form() -> FlaskForm | None:
    """Return the token of one-press buttons; None for whoever is not signed in."""
    return FlaskForm() if current_person() is not None else None


def is_staff() -> bool:
    person = current_person()
    return person is not None and person.is_staff
