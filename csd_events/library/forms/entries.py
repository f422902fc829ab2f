"""The forms in which staff write publications and entries of the bibliography."""

import re
from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import FormField

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
)
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import (
    BoxesField,
    ChoiceField,
    DateBoxes,
    KeptForm,
    Rows,
    boxes_of,
)
from csd_events.core.words import lazy_gettext as _
from csd_events.library.models import Citation, Publication
from csd_events.library.rules.citing import Verification
from csd_events.library.rules.publishing import (
    CitationDraft,
    PublicationDraft,
    PublicationKind,
)
from csd_events.library.rules.shapes import ADDRESS, YEAR
from csd_events.library.words import KIND_WORDS, LANGUAGES, VERIFICATION_WORDS
from csd_events.topics.catalogue import FORMS, READING_TOPICS, TOPICS
from csd_events.topics.rules import areas_by_family, topic_name

_YEAR = re.compile("[0-9]{4}")


class YearField(OneLineField):
    """A year in four digits, or nothing where none is known."""

    @property
    def year(self) -> int | None:
        return int(self.data) if _YEAR.fullmatch(self.data) else None

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or YEAR.fits(self.year):
            return found
        return str(_("Enter the year with four digits, such as 2014"))


class AddressField(OneLineField):
    """Where a work can be read, on the web of others."""

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or ADDRESS.fits(self.data):
            return found
        return str(_("Enter an address that begins with https:// or http://"))


class _WithCases(KeptForm):
    """A form with a list of case studies that grows.

    Args:
        titles: Of all case studies, by id.
    """

    cases = Rows(
        OptionalSelectField(_("Case study"), choices=dict, blank=_("None")),
        min_entries=1,
    )

    def __init__(self, *, titles: Mapping[str, str], **others: Any) -> None:
        super().__init__(**others)
        self._titles = titles
        self._show_cases()

    def another_case(self) -> None:
        """Give the list of case studies one more row."""
        self.cases.another()
        self._show_cases()

    def _show_cases(self) -> None:
        for entry in self.cases:
            entry.offer(self._titles)


class PublicationForm(_WithCases):
    """Everything staff say of a publication. Its file comes with a new one alone."""

    kind = ChoiceField(_("Kind"), choices=KIND_WORDS)
    title = OneLineField(_("Title"), required=_("Enter a title"))
    summary = TextField(
        _("Summary"),
        required=_("Say in a sentence or two what it is good for"),
        max_length=1000,
    )
    language = ChoiceField(_("Language"), choices=LANGUAGES)
    areas = BoxesField(_("Services"), choices=areas_by_family)
    arrangement = OptionalSelectField(
        _("Form of arrangement"), choices=FORMS, blank=_("None")
    )
    topics = BoxesField(
        _("Topics"), choices={topic: topic_name(topic) for topic in TOPICS}
    )
    published_on = FormField(DateBoxes, _("Published on"))
    look_again_on = FormField(DateBoxes, _("Look at it again on"))

    def draft(self) -> PublicationDraft:
        """Read a form that was found in order."""
        return PublicationDraft(
            kind=PublicationKind(self.kind.data),
            title=self.title.data,
            summary=self.summary.data,
            language=self.language.data,
            areas=self.areas.chosen,
            form=self.arrangement.data,
            topics=self.topics.chosen,
            published_on=self.published_on.form.on,
            look_again_on=self.look_again_on.form.on,
            cases=self.cases.chosen,
        )


class NewPublicationForm(PublicationForm):
    """A publication that is not there yet."""

    file = FileField(_("File"))


class VersionForm(SessionForm):
    """A new version of a publication."""

    file = FileField(_("File"))
    note = OneLineField(_("What changed"), max_length=300)


class SavedForm(SessionForm):
    """A note of somebody's own beside what they save."""

    note = TextField(_("Your note"), max_length=2000)


class NoteForm(SessionForm):
    """What a reader tells of a case study."""

    words = TextField(
        _("What became of it"), required=_("Say what you know of it"), max_length=4000
    )
    email = EmailField(_("Email"))


class RetireForm(SessionForm):
    """Taking a publication away."""

    successor_id = OptionalSelectField(
        _("What to read instead"), choices=dict, blank=_("Nothing in its place")
    )

    def __init__(self, *, titles: Mapping[int, str], **others: Any) -> None:
        super().__init__(**others)
        known = {str(key): title for key, title in titles.items()}
        self.successor_id.offer(known)


class CitationForm(_WithCases):
    """Everything staff say of an entry of the bibliography."""

    authors = OneLineField(_("Authors"), max_length=500)
    year = YearField(_("Year"), max_length=4)
    title = OneLineField(_("Title"), required=_("Enter a title"), max_length=500)
    publication = OneLineField(
        _("Publication"), required=_("Say where it was published"), max_length=500
    )
    topics = BoxesField(_("About"), choices=dict(READING_TOPICS))
    verification = ChoiceField(
        _("How sure are we?"),
        choices=VERIFICATION_WORDS,
        default=Verification.PAGE.value,
    )
    address = AddressField(_("Where it can be read"), max_length=2000)
    note = OneLineField(_("Note"), max_length=500)
    look_again_on = FormField(DateBoxes, _("Look at it again on"))

    def draft(self) -> CitationDraft:
        """Read a form that was found in order."""
        return CitationDraft(
            authors=self.authors.data,
            year=self.year.year,
            title=self.title.data,
            publication=self.publication.data,
            topics=self.topics.chosen,
            verification=Verification(self.verification.data),
            address=self.address.data or None,
            note=self.note.data,
            cases=self.cases.chosen,
            look_again_on=self.look_again_on.form.on,
        )


def typed_of_publication(row: Publication) -> dict[str, Any]:
    """Return what the form of a publication holds when it is opened."""
    return {
        "version": str(row.version),
        "kind": row.kind.value,
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "areas": row.area_ids,
        "arrangement": row.form,
        "topics": list(row.topics),
        "published_on": boxes_of(row.published_on),
        "look_again_on": boxes_of(row.look_again_on),
        "cases": [each.case_id for each in row.cases],
    }


def typed_of_citation(row: Citation) -> dict[str, Any]:
    """Return what the form of an entry holds when it is opened."""
    return {
        "version": str(row.version),
        "authors": row.authors,
        "year": str(row.year or ""),
        "title": row.title,
        "publication": row.publication,
        "topics": row.topic_ids,
        "verification": row.verification.value,
        "address": row.address or "",
        "note": row.note,
        "cases": [each.case_id for each in row.cases],
        "look_again_on": boxes_of(row.look_again_on),
    }
