"""The people of an event as a file: all of them or some, in the columns chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from flask import request, stream_with_context
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.tables import csv_rows
from csd_events.core.time import to_wall
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.core.workbooks import MIMETYPE, xlsx_rows
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Question
from csd_events.registrations import queries
from csd_events.registrations.queries import ExportLine, ListFilters
from csd_events.registrations.rules import Column, question_name
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.staff_views.filters import read_filters
from csd_events.registrations.words import STATE_WORDS, answer_words, offer_words
from csd_events.topics.rules import area_name

#: What stands in a cell, and above it.
Cell = Callable[[ExportLine], str]


@dataclass(frozen=True, slots=True)
class Order:
    """What a file is to hold."""

    event: Event
    asked: Sequence[Question]
    filters: ListFilters
    chosen: frozenset[str] | None  # None: every column
    offers: Mapping[str, str]

    def wants(self, name: str) -> bool:
        return self.chosen is None or name in self.chosen

    @property
    def questions(self) -> list[Question]:
        whole = self.wants(Column.ANSWERS)
        return [
            each for each in self.asked if whole or self.wants(question_name(each.id))
        ]


@bp.get("/events/<int:event_id>/registrations.csv")
@event_staff_required()
def registrations_csv(event_id: int) -> ResponseReturnValue:
    order = _read_order(event_id)
    answer = stream_with_context(csv_rows(_rows(order)))
    return download(answer, "text/csv", f"{order.event.slug}-registrations.csv")


@bp.get("/events/<int:event_id>/registrations.xlsx")
@event_staff_required()
def registrations_xlsx(event_id: int) -> ResponseReturnValue:
    order = _read_order(event_id)
    answer = stream_with_context(xlsx_rows(_rows(order)))
    return download(answer, MIMETYPE, f"{order.event.slug}-registrations.xlsx")


def _read_order(event_id: int) -> Order:
    session = db.session()
    event = events.get_row(session, event_id)
    asked = events.list_all_questions(session, event_id) if event.has_questions else []
    names = queries.find_columns(session, current_person_id())
    return Order(
        event=event,
        asked=asked,
        filters=read_filters(event, asked, request.args).filters,
        chosen=None if names is None else frozenset(names),
        offers=offer_words(event, at=now()),
    )


def _rows(order: Order) -> Iterator[Sequence[str]]:
    event_id, questions = order.event.id, order.questions
    columns = [
        each for each in _columns(order) if each[0] is None or order.wants(each[0])
    ]
    cells = [cell for _name, _heading, cell in columns]
    yield [
        *(heading for _name, heading, _cell in columns),
        *(each.label for each in questions),
    ]
    cells += [_answer(each) for each in questions]
    pieces = queries.pieces_of_event(
        db.session(), event_id, order.filters, with_answers=bool(questions)
    )
    for lines in pieces:
        yield from zip(*(map(cell, lines) for cell in cells), strict=True)


def _answer(question: Question) -> Cell:
    return lambda line: answer_words(line.answers.get(question.id))


def _columns(order: Order) -> list[tuple[Column | None, str, Cell]]:
    """List what a file can hold: the column, its heading, its cell; names always.

    Instants are written as ISO 8601 has them, on the clock that the heading names.
    """
    zone, offers, price = order.event.zone, order.offers, cache(money)
    states = {state: str(words) for state, words in STATE_WORDS.items()}
    return [
        (Column.REFERENCE, _("Reference"), attrgetter("reference")),
        (None, _("Name"), attrgetter("full_name")),
        (Column.ORGANIZATION, _("Organization"), attrgetter("organization")),
        (Column.US_STATE, _("U.S. state"), lambda x: x.us_state or ""),
        (Column.EMAIL, _("Email"), attrgetter("email")),
        (
            Column.STATE,
            _("State of the registration"),
            lambda x: states[x.state],
        ),
        (
            Column.SERVICE,
            _("Service"),
            lambda x: area_name(x.service_area) if x.service_area else "",
        ),
        (Column.OFFER, _("Offer"), lambda x: offers.get(str(x.offer_id), "")),
        (Column.PRICE, _("Price"), lambda x: price(x.price_cents, x.currency)),
        (
            Column.REGISTERED,
            _("Registered (%(zone)s)", zone=zone),
            lambda x: to_wall(x.registered_at, zone).isoformat(" ", "minutes"),
        ),
        (Column.VIA, _("How they came"), lambda x: x.via or ""),
    ]
