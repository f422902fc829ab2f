"""The forms of the library: what staff write, and what readers tell and keep."""

from csd_events.library.forms.casework import CaseForm, typed_of_case
from csd_events.library.forms.entries import (
    CitationForm,
    NewPublicationForm,
    NoteForm,
    PublicationForm,
    RetireForm,
    SavedForm,
    VersionForm,
    typed_of_citation,
    typed_of_publication,
)

__all__ = [
    "CaseForm",
    "CitationForm",
    "NewPublicationForm",
    "NoteForm",
    "PublicationForm",
    "RetireForm",
    "SavedForm",
    "VersionForm",
    "typed_of_case",
    "typed_of_citation",
    "typed_of_publication",
]
