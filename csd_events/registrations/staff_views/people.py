"""Who registered for an event, and what was mailed to whom and when."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import (
    FilterGroup,
    ListPage,
    Page,
    filter_group,
    read_id,
)
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.core.zones import zone_words
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Question
from csd_events.events.rules import State as EventState
from csd_events.outbox import queries as outbox
from csd_events.outbox.words import MailLine, mail_line
from csd_events.registrations import queries
from csd_events.registrations.queries import PER_PAGE, ListFilters, Sort
from csd_events.registrations.rules import (
    Column,
    State,
    may_cancel,
    question_name,
    shown_columns,
)
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.staff_views.filters import (
    read_filters,
    read_state,
    written_filters,
)
from csd_events.registrations.staff_views.narrowing import answer_groups
from csd_events.registrations.words import (
    KIND_WORDS,
    PersonLine,
    offer_words,
    person_line,
)


@bp.get("/events/<int:event_id>/registrations")
@event_staff_required()
def registrations(event_id: int) -> ResponseReturnValue:
    session = db.session()
    event = events.get_row(session, event_id)
    asked = events.list_all_questions(session, event_id) if event.has_questions else []
    read = read_filters(event, asked, request.args)
    filters = read.filters
    columns = shown_columns(queries.find_columns(session, current_person_id()))
    page = queries.page_of_event(
        session,
        event_id,
        filters,
        after=read_id(request.args.get("after")),
        before=read_id(request.args.get("before")),
        stood=read_state(request.args.get("stood")),
    )
    offers = offer_words(event, at=now())
    return render_template(
        "registrations/staff/registrations.html",
        event=event,
        page=ListPage(
            _people(event, page.items, columns, offers),
            _edge_url(event_id, filters, page, 0) if page.before else None,
            _edge_url(event_id, filters, page, -1) if page.after else None,
        ),
        filters=_groups(event, filters, asked, offers),
        given=written_filters(filters),
        is_narrowed=filters != ListFilters(sort=filters.sort),
        misread=read.misread,
        zone_name=zone_words(event.zone),
        columns=columns,
        questions=[
            (each.id, each.label) for each in asked if question_name(each.id) in columns
        ],
        q=filters.words,
        form=FlaskForm(),
        may_add=event.state is EventState.PUBLISHED,
        result_words=_result_words(event, filters, page),
    )


def _people(
    event: Event,
    lines: Sequence[queries.ListLine],
    columns: Collection[str],
    offers: Mapping[str, str],
) -> list[PersonLine]:
    session = db.session()
    may = may_cancel(event.over_at, event.cancelled_at, now())
    mails: dict[int, list[MailLine]] = defaultdict(list)
    ids = [line.id for line in lines]
    answers = queries.list_answers(session, ids) if event.has_questions else {}
    about = outbox.list_about(session, feature="registration", subject_ids=ids)
    for mail in about if Column.MAILS in columns else ():
        mails[mail.subject_id].append(mail_line(mail, KIND_WORDS))
    waits = any(line.state is State.WAITING for line in lines)
    ranks = queries.ranks_waiting(session, event.id) if waits else {}
    return [
        person_line(
            line,
            may_change=may,
            rank=ranks.get(line.id),
            mails=mails[line.id],
            answers=answers.get(line.id, ()),
            offer=offers.get(str(line.offer_id), ""),
        )
        for line in lines
    ]


def _url(event_id: int, filters: ListFilters, **edge: Any) -> str:
    return url_for(
        ".registrations", event_id=event_id, **written_filters(filters), **edge
    )


def _edge_url(
    event_id: int, filters: ListFilters, page: Page[queries.ListLine, int], line: int
) -> str:
    """Lead to the page before the first line, or after the last."""
    edge = page.items[line]
    stood = edge.state.value if filters.sort is Sort.STATE else None
    way = {"after" if line else "before": edge.id}
    return _url(event_id, filters, **way, stood=stood)


def _groups(
    event: Event,
    filters: ListFilters,
    asked: Sequence[Question],
    offers: Mapping[str, str],
) -> list[FilterGroup]:
    groups = [_states(event.id, filters), _sorts(event.id, filters)]
    if len(offers) > 1:
        groups.append(_offers(event.id, filters, offers))
    if event.requires_conference:
        groups.append(_listed(event.id, filters))
    answers = answer_groups(
        asked,
        filters.answer,
        lambda answer: _url(event.id, replace(filters, answer=answer)),
    )
    return [*groups, *answers]


def _listed(event_id: int, filters: ListFilters) -> FilterGroup:
    choices = [(_("Everyone"), False), (_("Not on its list"), True)]
    return filter_group(
        _("Conference"),
        choices,
        chosen=filters.unlisted,
        url=lambda unlisted: _url(event_id, replace(filters, unlisted=unlisted)),
    )


def _offers(
    event_id: int, filters: ListFilters, offers: Mapping[str, str]
) -> FilterGroup:
    named = [(words, int(offer_id)) for offer_id, words in offers.items()]
    choices: list[tuple[object, int | None]] = [(_("Everyone"), None), *named]
    return filter_group(
        _("Price"),
        choices,
        chosen=filters.offer_id,
        url=lambda offer_id: _url(event_id, replace(filters, offer_id=offer_id)),
    )


def _states(event_id: int, filters: ListFilters) -> FilterGroup:
    choices = [
        (_("Everyone"), None),
        (_("Confirmed"), State.CONFIRMED),
        (_("Held"), State.HELD),
        (_("Waiting"), State.WAITING),
        (_("Cancelled"), State.CANCELLED),
    ]
    return filter_group(
        _("State"),
        choices,
        chosen=filters.state,
        url=lambda state: _url(event_id, replace(filters, state=state)),
    )


def _sorts(event_id: int, filters: ListFilters) -> FilterGroup:
    choices = [
        (_("Newest first"), Sort.NEWEST),
        (_("Name"), Sort.NAME),
        (_("Organization"), Sort.ORGANIZATION),
        (_("State"), Sort.STATE),
    ]
    return filter_group(
        _("Order"),
        choices,
        chosen=filters.sort,
        url=lambda sort: _url(event_id, replace(filters, sort=sort)),
    )


def _result_words(
    event: Event, filters: ListFilters, page: Page[queries.ListLine, int]
) -> str:
    """Say how many fit, by the event's own counters where they tell.

    Neither a search nor who is not on a list is counted to its end, only shown.
    """
    if filters == ListFilters(sort=filters.sort):
        return _counts_words(event)
    if filters.is_counted:
        number = _count(event, filters.state)
    elif not (page.before or page.after):
        number = len(page.items)
    else:
        return str(_("More than %(number)s registrations", number=PER_PAGE))
    return str(ngettext("%(num)s registration", "%(num)s registrations", number))


def _counts_words(event: Event) -> str:
    words = [_("%(number)s registered", number=f"{event.confirmed:,}")]
    if event.held:
        words.append(_("%(number)s held", number=f"{event.held:,}"))
    words.append(_("%(number)s waiting", number=f"{event.waiting:,}"))
    return ", ".join(words)


def _count(event: Event, state: State | None) -> int:
    if state is State.CANCELLED:
        return queries.count_cancelled(db.session(), event.id)
    counted = {State.WAITING: event.waiting, State.HELD: event.held}
    return counted.get(state or State.CONFIRMED, event.confirmed)
