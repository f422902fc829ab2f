"""What staff type of conferences, programs, presenters and partners."""

from csd_events.events.forms.conferences import (
    LONGEST_LIST,
    AddressesForm,
    ConferenceForm,
    typed_of_conference,
)
from csd_events.events.forms.parts import PartnerRow, partners_in
from csd_events.events.forms.people import (
    KINDS,
    AboutForm,
    LookForm,
    MergeForm,
    PartnerForm,
    PictureForm,
    PresenterForm,
    typed_of_about,
    typed_of_partner,
    typed_of_presenter,
)
from csd_events.events.forms.programs import ProgramForm, typed_of_program
from csd_events.events.forms.roles import ProgramRoleForm

__all__ = [
    "KINDS",
    "LONGEST_LIST",
    "AboutForm",
    "AddressesForm",
    "ConferenceForm",
    "LookForm",
    "MergeForm",
    "PartnerForm",
    "PartnerRow",
    "PictureForm",
    "PresenterForm",
    "ProgramForm",
    "ProgramRoleForm",
    "partners_in",
    "typed_of_about",
    "typed_of_conference",
    "typed_of_partner",
    "typed_of_presenter",
    "typed_of_program",
]
