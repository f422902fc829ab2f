"""The page on which somebody registers several colleagues at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.accounts.views import own_network
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError, RefusedError
from csd_events.core.inputs import say
from csd_events.core.pages import read_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.organizations import queries as organizations
from csd_events.registrations import service
from csd_events.registrations.forms import (
    ColleagueRow,
    GuestPartyForm,
    MemberPartyForm,
    PartyForm,
    Ticket,
    colleague_of,
    new_ticket,
    read_ticket,
)
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.rules import (
    GroupOutcome,
    Party,
    Pasted,
    Refusal,
)
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.forms import (
    own_organization,
    refuse,
)
from csd_events.registrations.views.groups import token_after_form
from csd_events.registrations.views.party_page import (
    OF_A_ROW,
    Stand,
    party_page,
    stand_of,
)
from csd_events.registrations.views.refusals import own_refusal_words, row_refusal_words


@bp.get("/events/<slug>/register/colleagues")
def colleagues(slug: str) -> ResponseReturnValue:
    code = request.args.get("code", "")
    stand = stand_of(slug, code)
    refusal = stand.refusal
    if refusal is not None and refusal is not Refusal.NOT_INVITED:
        return refuse(stand.event, refusal, stand.found)
    return party_page(stand, _form(ticket=_new_ticket(stand), code=code))


@bp.post("/events/<slug>/register/colleagues")
@guards_itself
def register_colleagues(slug: str) -> ResponseReturnValue:
    """Register the good rows, bring back the others; some buttons only fill rows.

    Of lines in the box rows are made first, to be looked at.
    """
    form = _form()
    stand = stand_of(slug, form.code.data)
    _take_ticked(stand, form)
    ticket = read_ticket(form.ticket.data or "")
    if ticket is None or ticket.slug != slug:
        return _ask_again(stand)
    group = service.find_group(db.session(), ticket.nonce)
    if group is not None:
        form.without_sender()
    do = request.form.get("do", "")
    if do in FILLING:
        FILLING[do](form)
        return party_page(stand, form, group)
    party = _party(form, ticket, group)
    form.make_rows(sender=party.email)
    if do == "paste" and not (form.filled or form.unfit or form.lines.errors):
        say(form.lines, _("Paste names and addresses here first"))
    if do == "paste" or form.filled:
        return party_page(stand, form, group)
    if not _is_ready(form, party):
        return party_page(stand, form, group), 422
    return _send(form, party)


def _is_ready(form: PartyForm, party: Party) -> bool:
    """Check the form; one row that is right is enough to go on."""
    form.validate()
    form.say_who_is_twice(sender=party.email)
    if not form.typed_rows():
        form.has_rows()
        say(form.colleagues[0].form.full_name, _("Enter at least one colleague"))
        form.colleagues.gather_errors()
    others = (each for each in form if each is not form.colleagues)
    return bool(form.good_rows()) and not any(each.errors for each in others)


def _send(form: PartyForm, party: Party) -> ResponseReturnValue:
    rows = form.good_rows()
    whole = len(rows) == len(form.typed_rows()) and not form.unfit
    try:
        with transaction() as session:
            own = _register_sender(session, party) if form.is_coming else None
            outcome = service.register_party(
                session, _with_rows(party, rows), now=now(), is_whole=whole
            )
    except EndedError:
        return _ask_again(stand_of(party.slug, party.code))
    except RefusedError as error:
        return _not_registered(form, party, Refusal(error.reason))
    _say_own(own, coming=form.is_coming)
    reasons = set(outcome.refused.values())
    if outcome.group_id is None and len(reasons) == 1 and not reasons & OF_A_ROW:
        return _not_registered(form, party, reasons.pop())
    return _answer(form, party, rows, outcome)


def _register_sender(session: Session, party: Party) -> Refusal | None:
    """Register the sender as anybody; say why they cannot be."""
    try:
        service.register(session, service.wish_of(party), now=now())
    except RefusedError as error:
        return Refusal(error.reason)
    return None


def _say_own(refusal: Refusal | None, *, coming: bool) -> None:
    if refusal is not None:
        flash(own_refusal_words(refusal), "error")
    elif coming:
        flash(_("You come, too: a mail of its own tells you how you stand."))


def _answer(
    form: PartyForm, party: Party, rows: Sequence[ColleagueRow], outcome: GroupOutcome
) -> ResponseReturnValue:
    """Lead on if everybody is in; else bring back what needs a correction, or room."""
    for index, reason in outcome.refused.items():
        lacks = reason is Refusal.NOT_A_COLLEAGUE
        about = rows[index].organization if lacks else rows[index].email
        say(about, row_refusal_words(reason))
    wrong = [row for row in form.typed_rows() if row.errors]
    group = service.find_group(db.session(), party.nonce)
    if not (wrong or form.unfit) and group is not None:
        return redirect(url_for(".show_group", token=token_after_form(group)), code=303)
    form.keep(wrong)
    form.make_rows(sender=party.email)
    if group is not None:
        form.without_sender()
    status = 422 if wrong else 200
    return party_page(stand_of(party.slug, party.code), form, group), status


def _not_registered(
    form: PartyForm, party: Party, reason: Refusal
) -> ResponseReturnValue:
    """Ask for the code of an invitation beside its field; explain all else."""
    if reason is Refusal.NO_SUCH_CODE:
        with transaction() as session:
            service.count_wrong_code(session, service.wish_of(party), now=now())
    stand = stand_of(party.slug, party.code)
    if reason not in {Refusal.NO_SUCH_CODE, Refusal.NOT_INVITED}:
        return refuse(stand.event, reason, stand.found, form)
    say(form.code, row_refusal_words(reason))
    return party_page(stand, form, service.find_group(db.session(), party.nonce)), 422


def _ask_again(stand: Stand) -> ResponseReturnValue:
    """Answer a form that is not ours, or was used up: a fresh one, as it was typed."""
    form = _form()
    _take_ticked(stand, form)
    if stand.refusal is not None:
        return refuse(stand.event, stand.refusal, stand.found, form)
    form.ticket.data = _new_ticket(stand)
    form.form_errors = [
        _("This page was open for a long time. Check and send it again.")
    ]
    return party_page(stand, form), 422


def _form(**given: Any) -> PartyForm:
    kind = GuestPartyForm if current_person() is None else MemberPartyForm
    return kind(**given)


def _new_ticket(stand: Stand) -> str:
    offer = stand.found.offer
    return new_ticket(stand.event.slug, offer.id if offer else None, now=stand.at)


def _take_ticked(stand: Stand, form: PartyForm) -> None:
    """Make rows of whoever was ticked on a roster; without room they are lines."""
    ids = [row_id for each in form.picked.chosen if (row_id := read_id(each))]
    form.picked.data = []
    if not (ids and stand.rosters):
        return
    lines = organizations.list_on_rosters(db.session(), stand.rosters, stand.today, ids)
    _filled, left = form.fill(
        Pasted(each.full_name, each.email, each.organization) for each in lines
    )
    form.keep_in_box(left)


def _search(_form: PartyForm) -> None:
    """The page shows what is searched for."""


FILLING: dict[str, Callable[[PartyForm], None]] = {
    "another": PartyForm.more_rows,
    "search": _search,
}


def _party(form: Any, ticket: Ticket, group: RegistrationGroup | None) -> Party:
    """Say who asks; a form goes on under the name that it began with."""
    person = current_person()
    who: Any = group or person
    name, email, organization = (
        (who.full_name, who.email, getattr(who, "organization", None))
        if who is not None
        else (form.full_name.data, form.email.data, form.organization.data)
    )
    if organization is None and person is not None:
        organization = own_organization(person)
    return Party(
        slug=ticket.slug,
        nonce=ticket.nonce,
        opened_at=ticket.opened_at,
        full_name=name,
        email=email,
        organization=organization or "",
        colleagues=[],
        offer_id=ticket.offer_id,
        person_id=person.person_id if person else None,
        code=form.code.data,
        purchase_order=form.purchase_order.data,
        bill_to=form.bill_to.data,
        network_address=own_network(),
    )


def _with_rows(party: Party, rows: Sequence[ColleagueRow]) -> Party:
    own = party.organization
    return replace(party, colleagues=[colleague_of(r, organization=own) for r in rows])
