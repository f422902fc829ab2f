"""The pages on which staff change what mails say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from csd_events.accounts import mail as accounts
from csd_events.accounts.models import Person
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.web import shows_a_mail
from csd_events.core.words import gettext as _
from csd_events.events import mail as on_stage
from csd_events.events.models import Event
from csd_events.outbox import queries as outbox
from csd_events.outbox.message import Message, Wording, Words
from csd_events.outbox.models import MailWords
from csd_events.outbox.rules import EVERY_WAY, Joining, check_words
from csd_events.outbox.service import Saying
from csd_events.registrations import mail
from csd_events.registrations.forms import WordsForm
from csd_events.registrations.mail import Trial
from csd_events.registrations.staff_views.blueprint import unsaved_here
from csd_events.registrations.words import PLACE_WORDS
from csd_events.worksheets import mail as worksheets

#: Every kind whose words staff may change.
WORDINGS: Mapping[str, Wording] = {
    **mail.WORDINGS,
    **accounts.WORDINGS,
    **on_stage.WORDINGS,
    **worksheets.WORDINGS,
}
KIND_WORDS = {
    **mail.KIND_WORDS,
    **accounts.KIND_WORDS,
    **on_stage.KIND_WORDS,
    **worksheets.KIND_WORDS,
}


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of mail in the list of those that there are."""

    name: str
    purpose: str
    url: str
    standing_words: str
    is_sound: bool


@dataclass(frozen=True, slots=True)
class NameLine:
    """A name that may stand in braces: what for, and what it is for one reader."""

    name: str
    words: str
    example: str


def list_page(event: Event | None) -> str:
    """Show which kinds of mail there are, and whose words each has."""
    session = db.session()
    of_site = outbox.list_saved(session, None)
    of_event = outbox.list_saved(session, event.id) if event else {}
    groups: dict[str, list[KindLine]] = {}
    for kind, wording in WORDINGS.items():
        if event and not wording.per_event:
            continue
        own = of_event.get(kind) if event else of_site.get(kind)
        line = KindLine(
            name=str(KIND_WORDS[kind]),
            purpose=str(wording.purpose),
            url=url_of("edit", kind, event),
            standing_words=_standing_words(own, event, of_site=kind in of_site),
            is_sound=own is None or _is_sound(own, wording, event),
        )
        groups.setdefault(str(wording.group), []).append(line)
    return render_template("registrations/staff/words.html", event=event, groups=groups)


def _is_sound(own: MailWords, wording: Wording, event: Event | None) -> bool:
    """Tell whether saved words still hold what their readers need.

    An event may have gone online since, and a name may have gone with an update.
    """
    saved = Words(own.subject, own.body)
    return not check_words(saved, wording, joining=joining_of(event))


def _standing_words(
    own: MailWords | None, event: Event | None, *, of_site: bool
) -> str:
    if own:
        return _("Words of its own") if event else _("Words of your own")
    return _("As on the whole site") if event and of_site else _("Original words")


def saying_of(kind: str, event: Event | None) -> Saying:
    """Say which words are meant.

    Raises:
        NotFoundError: There is no such kind, or an event has no words of its own.
    """
    wording = WORDINGS.get(kind)
    if wording is None or (event and not wording.per_event):
        raise NotFoundError("no such kind of mail")
    return Saying(kind, str(KIND_WORDS[kind]), wording, event.id if event else None)


def joining_of(event: Event | None) -> Joining:
    if event is None:
        return EVERY_WAY
    return Joining(
        online=event.joins_online and not event.on_demand,
        watching=event.joins_online and event.on_demand,
    )


def edit_page(
    form: WordsForm,
    saying: Saying,
    event: Event | None,
    saved: Sequence[tuple[str, str]] | None = None,
) -> str:
    session = db.session()
    shows_a_mail()
    trial = Trial(
        kind=saying.kind,
        words=form.words,
        event_id=saying.event_id,
        reader=form.whose,
        me=me(),
    )
    return render_template(
        "registrations/staff/edit_words.html",
        form=form,
        saved=saved,
        unsaved=unsaved_here(_version(saying)),
        event=event,
        name=saying.name,
        wording=saying.wording,
        names=_names(saying.wording, trial),
        preview=_preview(trial, form),
        has_own=outbox.find_saved(session, saying.kind, saying.event_id) is not None,
        reset_url=url_of("reset", saying.kind, event),
        back=url_of("", None, event),
    )


def _version(saying: Saying) -> int:
    saved = outbox.find_saved(db.session(), saying.kind, saying.event_id)
    return saved.version if saved else 0


def _preview(trial: Trial, form: WordsForm) -> Message | None:
    """Write the mail as it would go; nothing while something is wrong with it."""
    if form.errors:
        return None
    return mail.write_trial(db.session(), trial, now())


def _names(wording: Wording, trial: Trial) -> list[NameLine]:
    """List the names there are, what is said in a line before the blocks."""
    order = [*sorted(wording.values), *sorted(wording.blocks)]
    examples = mail.list_examples(db.session(), trial, order, now())
    return [NameLine(n, str(PLACE_WORDS[n]), examples.get(n, "")) for n in order]


def me() -> Person:
    return db.session().get_one(Person, current_person_id())


def url_of(do: str, kind: str | None, event: Event | None) -> str:
    """Return the address of one of these pages, of the site or of an event."""
    pages = {"": "words", "edit": "edit_words", "reset": "reset_words"}
    if event is None:
        return url_for(f".{pages[do]}", kind=kind)
    pages = {
        "": "event_words",
        "edit": "edit_event_words",
        "reset": "reset_event_words",
    }
    return url_for(f".{pages[do]}", event_id=event.id, kind=kind)
