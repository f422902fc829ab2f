"""What staff read who change the words of mails: names, and what is wrong."""

from collections.abc import Iterable, Mapping

from flask_babel.speaklater import LazyString

from csd_events.core.placeholders import Problem, ProblemKind
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.registrations.rules import State

#: What stands for each name. A test keeps it complete.
PLACE_WORDS: Mapping[str, LazyString] = {
    "appearances": lazy_gettext("What they present, with day and time"),
    "answers": lazy_gettext("That questions are still to be answered, and where"),
    "association": lazy_gettext("The name of the association"),
    "booked": lazy_gettext("That the place is booked; on demand, that it is open"),
    "button": lazy_gettext("The button"),
    "cancel_link": lazy_gettext("The page on which they cancel"),
    "change": lazy_gettext("What changed, in few words"),
    "changes": lazy_gettext("What it was before, and what it is now"),
    "colleagues": lazy_gettext("How many colleagues"),
    "conference": lazy_gettext("The conference that a forum requires"),
    "credit": lazy_gettext("The credit note, where something was charged"),
    "details": lazy_gettext("Title, date, time and place of the event, as a block"),
    "email": lazy_gettext("The address that the mail goes to"),
    "ended_reference": lazy_gettext("The reference that has ended"),
    "entry": lazy_gettext("What the attached calendar entry does, if there is one"),
    "event": lazy_gettext("The title of the event"),
    "event_link": lazy_gettext("The public page of the event"),
    "events_link": lazy_gettext("The catalog of events"),
    "freed": lazy_gettext("That the place has gone back, if there was one"),
    "from_whom": lazy_gettext("Whose place it was"),
    "given_by": lazy_gettext("Who gave them their number, if somebody did"),
    "greeting": lazy_gettext("Hello, and the name; nothing where it may be no name"),
    "group_link": lazy_gettext("The page of the colleagues"),
    "heading": lazy_gettext("That the event, or which of its sessions, has moved"),
    "invoice": lazy_gettext("What it costs, and how to pay; nothing where it is free"),
    "join": lazy_gettext("The way in on the day; nothing where nobody joins online"),
    "join_link": lazy_gettext(
        "The page to join by. A paragraph with it is left out where nobody joins online"
    ),
    "kept": lazy_gettext("That the place, or the number on the list, is kept"),
    "kept_until": lazy_gettext("Until when it is kept, if not for good"),
    "link": lazy_gettext("The page that the mail is about; the link is a secret"),
    "list": lazy_gettext("The colleagues, one by one"),
    "missing": lazy_gettext("Which conference's list lacks the address, what to do"),
    "name": lazy_gettext("Their name; where it may be none, their address"),
    "next": lazy_gettext("What to read next: the worksheet, and a case study"),
    "note": lazy_gettext("What you write when you decline or cancel"),
    "now": lazy_gettext("Whether they wait again, or can register themselves"),
    "number": lazy_gettext("Their number on the waiting list"),
    "offers": lazy_gettext("For whom it is open, at what price"),
    "outcome": lazy_gettext("What has ended: the registration, or the waiting"),
    "place": lazy_gettext("Where it is"),
    "prepare": lazy_gettext("The worksheet, and the case study that suits them"),
    "presenters": lazy_gettext("Who presents and who moderates; of a session, its own"),
    "price": lazy_gettext("What the place costs"),
    "queue": lazy_gettext("What becomes of the next in line"),
    "reference": lazy_gettext("Their reference, for the telephone"),
    "registered_by": lazy_gettext("Who registered them, if a colleague did"),
    "registration_link": lazy_gettext("The page of their registration"),
    "replaced_by": lazy_gettext("Which colleague passed the place on, if one did"),
    "reset_link": lazy_gettext("The page to ask for a new password"),
    "sessions": lazy_gettext("The sessions, where there are several"),
    "sign_up_link": lazy_gettext("The page to make an account"),
    "starts": lazy_gettext("When it starts, as seen from that day"),
    "support": lazy_gettext("Who makes the event with us, and who pays for it"),
    "taken": lazy_gettext("Which places are taken"),
    "terms": lazy_gettext("What a training program asks before, and to complete it"),
    "undo_link": lazy_gettext("The page on which they take it back"),
    "until": lazy_gettext("Until when"),
    "waits": lazy_gettext("What those do who wait, if any of them does"),
    "way_back": lazy_gettext("The link that cancels, and the reference"),
    "went": lazy_gettext("That the place, or the number, went to somebody else"),
    "service": lazy_gettext("The service that the worksheet is about"),
    "when": lazy_gettext("Day, time and zone; also in the reader's own, if known"),
    "wish_link": lazy_gettext("The page on which they say yes"),
    "withdrawn_by": lazy_gettext("Which colleague cancelled it"),
    "worksheet_link": lazy_gettext("The decision tool, for their service area"),
}
_READERS: Mapping[State, LazyString] = {
    State.CANCELLED: lazy_gettext("cancelled"),
    State.CONFIRMED: lazy_gettext("registered"),
    State.HELD: lazy_gettext("a place is held"),
    State.WAITING: lazy_gettext("waiting"),
}


def reader_words(full_name: str, state: State) -> str:
    """Name somebody whose mail it may be."""
    return f"{full_name}, {_READERS[state]}"


def all_fault_words(problems: Iterable[Problem]) -> str:
    """Say everything that is wrong with words, a sentence each."""
    said = [_fault_words(each) for each in problems]
    ended = [each if each.endswith("?") else f"{each}." for each in said[:-1]]
    return " ".join([*ended, *said[-1:]])


def _fault_words(problem: Problem) -> str:
    """Say what is wrong with words, and what to do about it."""
    name = problem.name
    if problem.kind is ProblemKind.UNKNOWN:
        if problem.nearest:
            return _(
                "There is no {%(name)s} in this mail. Did you mean {%(nearest)s}?",
                name=name,
                nearest=problem.nearest,
            )
        return _(
            "There is no {%(name)s} in this mail. Choose from the list on this page",
            name=name,
        )
    if problem.kind is ProblemKind.MISSING:
        names = _(" or ").join(f"{{{each}}}" for each in name.split())
        what, *_more = str(PLACE_WORDS[name.split()[-1]]).split(". ")
        return _("Put %(names)s in: %(what)s", names=names, what=_lower(what))
    return _other_fault(problem.kind, name)


def _other_fault(kind: ProblemKind, name: str) -> str:
    if kind is ProblemKind.UNCLOSED:
        return _(
            "A brace stands alone at “%(words)s”. Close it, or write it twice: {{",
            words=name,
        )
    if kind is ProblemKind.NOT_ALONE:
        return _("{%(name)s} is a block: give it a line of its own", name=name)
    return _(
        "The link to “%(words)s” leads nowhere. Links begin with https:// or mailto:, "
        "or are a name that ends with _link",
        words=name,
    )


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
