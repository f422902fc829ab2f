"""What visitors type to register, and what staff type about an event."""

from csd_events.registrations.forms.asking import (
    SaidForm,
    asking,
    field_name,
    typed_answers,
)
from csd_events.registrations.forms.by_hand import (
    ByHandForm,
    GivePlaceForm,
    StaffAddressForm,
    StaffColleagueForm,
    TellForm,
)
from csd_events.registrations.forms.changing import CancelForm, DeclineForm, MoveForm
from csd_events.registrations.forms.choices import Choices
from csd_events.registrations.forms.colleagues import (
    ColleagueRow,
    GuestPartyForm,
    MemberPartyForm,
    PartyForm,
    colleague_of,
)
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.filling import (
    reopened,
    sessions_of,
    typed_of,
)
from csd_events.registrations.forms.problems import (
    problem_words,
    show_lacking,
    show_problems,
)
from csd_events.registrations.forms.reading import (
    draft_of,
    moved_draft,
    zone_is_asked,
)
from csd_events.registrations.forms.registering import (
    AddressForm,
    AnswersForm,
    ButtonForm,
    ColleagueForm,
    GuestForm,
    MemberForm,
    PressForm,
    Ticket,
    WishForm,
    new_ticket,
    read_ticket,
)
from csd_events.registrations.forms.repeating import (
    CopyForm,
    PublishAtForm,
    RepeatForm,
    SeveralForm,
)
from csd_events.registrations.forms.selecting import (
    ColumnsForm,
    ListColumnsForm,
    MoveAllForm,
    TellAllForm,
)
from csd_events.registrations.forms.slots import Typed, slots_moved, slots_typed
from csd_events.registrations.forms.typed import read_clock, write_clock
from csd_events.registrations.forms.wording import WordsForm

__all__ = [
    "AddressForm",
    "AnswersForm",
    "ButtonForm",
    "ByHandForm",
    "CancelForm",
    "Choices",
    "ColleagueForm",
    "ColleagueRow",
    "ColumnsForm",
    "CopyForm",
    "DeclineForm",
    "EventForm",
    "GivePlaceForm",
    "GuestForm",
    "GuestPartyForm",
    "ListColumnsForm",
    "MemberForm",
    "MemberPartyForm",
    "MoveAllForm",
    "MoveForm",
    "PartyForm",
    "PressForm",
    "PublishAtForm",
    "RepeatForm",
    "SaidForm",
    "SeveralForm",
    "StaffAddressForm",
    "StaffColleagueForm",
    "TellAllForm",
    "TellForm",
    "Ticket",
    "Typed",
    "WishForm",
    "WordsForm",
    "asking",
    "colleague_of",
    "draft_of",
    "field_name",
    "moved_draft",
    "new_ticket",
    "problem_words",
    "read_clock",
    "read_ticket",
    "reopened",
    "sessions_of",
    "show_lacking",
    "show_problems",
    "slots_moved",
    "slots_typed",
    "typed_answers",
    "typed_of",
    "write_clock",
    "zone_is_asked",
]
