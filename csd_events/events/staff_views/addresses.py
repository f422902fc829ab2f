"""Who is registered for a conference: a list that staff bring and nobody else sees."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.inputs import say
from csd_events.core.pages import read_search
from csd_events.core.text import decode
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries, rules, service
from csd_events.events.forms import LONGEST_LIST, AddressesForm
from csd_events.events.rules import AddressList, ListChange
from csd_events.events.staff_views.blueprint import bp

#: So many lines that cannot be read are shown.
LINES_SHOWN = 50
#: Of the words in a request; the same list may come as a file.
MOST_BYTES = LONGEST_LIST + 100_000


@bp.get("/conferences/<int:conference_id>/addresses")
@staff_required
def addresses(conference_id: int) -> ResponseReturnValue:
    return _page(conference_id, AddressesForm())


@bp.post("/conferences/<int:conference_id>/addresses/check")
@guards_itself
@takes_files(MOST_BYTES)
@staff_required
def check_addresses(conference_id: int) -> ResponseReturnValue:
    """Show what a list would do, before it does anything."""
    form = AddressesForm()
    found = _read(form) if form.validate() else None
    if found is None:
        return _page(conference_id, form), 422
    session = db.session()
    known = queries.known_addresses(session, conference_id)
    change = rules.change_of(found.keys, known, replace=form.replaces)
    return render_template(
        "events/staff/check_addresses.html",
        conference=queries.get_conference(session, conference_id),
        form=form,
        listed="\n".join(found.keys),
        numbers=_numbers(found, change, known, replaces=form.replaces),
        unreadable=found.unreadable[:LINES_SHOWN],
        unread_words=_unread_words(len(found.unreadable)),
        gone=len(change.gone),
    )


@bp.post("/conferences/<int:conference_id>/addresses")
@guards_itself
@takes_files(MOST_BYTES)
@staff_required
def save_addresses(conference_id: int) -> ResponseReturnValue:
    form = AddressesForm()
    found = _read(form) if form.validate() else None
    if found is None:
        return _page(conference_id, form), 422
    with transaction() as session:
        change = service.save_addresses(
            session,
            conference_id,
            found.keys,
            replace=form.replaces,
            now=now(),
            actor_id=current_person_id(),
        )
    flash(_done_words(change))
    return redirect(url_for(".addresses", conference_id=conference_id), code=303)


@bp.post("/conferences/<int:conference_id>/addresses/remove")
@staff_required
def remove_address(conference_id: int) -> ResponseReturnValue:
    key = request.form.get("email_key", "")
    with transaction() as session:
        removed = service.remove_address(
            session, conference_id, key, now=now(), actor_id=current_person_id()
        )
    flash(
        _("%(address)s is off the list.", address=key)
        if removed
        else _("That address was not on the list.")
    )
    return redirect(url_for(".addresses", conference_id=conference_id), code=303)


def _page(conference_id: int, form: AddressesForm) -> str:
    session, words = db.session(), read_search(request.args.get("q"))
    after = request.args.get("after")
    page = queries.page_addresses(session, conference_id, words=words, after=after)
    number = queries.count_addresses(session, conference_id)
    return render_template(
        "events/staff/addresses.html",
        conference=queries.get_conference(session, conference_id),
        form=form,
        addresses=page.items,
        q=words,
        result_words=ngettext(
            "%(count)s address on the list",
            "%(count)s addresses on the list",
            number,
            count=f"{number:,}",
        ),
        newer_url=_address(conference_id, words) if after else None,
        older_url=_address(conference_id, words, page.after) if page.after else None,
    )


def _address(conference_id: int, words: str, after: str | None = None) -> str:
    return url_for(
        ".addresses", conference_id=conference_id, q=words or None, after=after
    )


def _read(form: AddressesForm) -> AddressList | None:
    """Read what was pasted, or the file; None where that says nothing."""
    sent = form.file.data
    raw = sent.read() if sent else b""
    found = rules.read_addresses(decode(raw) if raw else form.listed.data)
    field = form.file if raw else form.listed
    if not found.keys:
        words = (
            _("We found no mail address in this file. Save the sheet as CSV first")
            if raw
            else _("Enter the addresses, one a line, or choose a file")
        )
        say(field, words)
        return None
    if len(found.keys) > rules.MOST_ADDRESSES:
        say(field, _("That is more than 50,000 addresses. Send them in several lists"))
        return None
    return found


def _numbers(
    found: AddressList, change: ListChange, known: frozenset[str], *, replaces: bool
) -> Sequence[tuple[str, str]]:
    """Count what would happen; what does not happen is left out."""
    after = len(known) + len(change.new) - len(change.gone)
    numbers = [(_("New"), len(change.new)), (_("On the list already"), change.known)]
    if replaces:
        numbers.append((_("Taken off"), len(change.gone)))
    if found.repeated:
        numbers.append((_("Named twice"), found.repeated))
    numbers.append((_("On the list afterwards"), after))
    return [(label, f"{number:,}") for label, number in numbers]


def _unread_words(number: int) -> str:
    """Say how many lines hold no address; empty if all do."""
    if not number:
        return ""
    words = ngettext(
        "%(num)s line holds no mail address and is left out:",
        "%(num)s lines hold no mail address and are left out:",
        number,
    )
    if number > LINES_SHOWN:
        more = _("The first %(shown)s of them:", shown=LINES_SHOWN)
        return f"{words} {more}"
    return words


def _done_words(change: ListChange) -> str:
    words = _(
        "Saved: %(new)s added, %(known)s on the list before, %(gone)s taken off.",
        new=f"{len(change.new):,}",
        known=f"{change.known:,}",
        gone=f"{len(change.gone):,}",
    )
    return str(words)
