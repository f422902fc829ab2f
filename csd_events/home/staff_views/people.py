"""Everybody we know of, to search: guests, accounts, members, staff."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.access import Role, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import (
    FilterGroup,
    ListPage,
    filter_group,
    read_id,
    read_search,
)
from csd_events.core.time import to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.home import queries
from csd_events.home.queries import PER_PAGE, PeopleFilters, PersonRow, Who
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.wording import role_words
from csd_events.organizations.words import standing_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person in staff's list."""

    id: int
    full_name: str
    email: str
    role: str
    is_staff: bool
    member_words: str | None
    last_at: datetime | None
    last_title: str | None


@bp.get("/people")
@staff_required
def people() -> ResponseReturnValue:
    session, at = db.session(), now()
    zone = speaker(session, now=at).zone
    filters = _read_filters(to_wall(at, zone).date())
    after = read_id(request.args.get("after"))
    page = queries.page_people(session, filters, after=after)
    return render_template(
        "home/staff/people.html",
        page=ListPage(
            [_line(row) for row in page.items],
            _url(filters) if after else None,
            _url(filters, after=page.after) if page.after else None,
        ),
        filters=[_groups(filters)],
        q=filters.words,
        result_words=_result_words(len(page.items), more=bool(after or page.after)),
    )


def _line(row: PersonRow) -> PersonLine:
    return PersonLine(
        id=row.id,
        full_name=row.full_name,
        email=row.email,
        role=role_words(row.role),
        is_staff=row.role not in {None, Role.NONE},
        member_words=standing_words(row.standing, own=False),
        last_at=row.last_at,
        last_title=row.last_title,
    )


def _read_filters(today: date) -> PeopleFilters:
    """Read the query; a value we do not know asks for nothing."""
    who = request.args.get("who")
    return PeopleFilters(
        today=today,
        who=Who(who) if who in set(Who) else Who.ALL,
        words=read_search(request.args.get("q")),
    )


def _url(filters: PeopleFilters, *, after: int | None = None) -> str:
    who = None if filters.who is Who.ALL else filters.who.value
    return url_for(".people", who=who, q=filters.words or None, after=after)


def _groups(filters: PeopleFilters) -> FilterGroup:
    choices = [
        (_("Everyone"), Who.ALL),
        (_("Accounts"), Who.ACCOUNTS),
        (_("Staff"), Who.STAFF),
        (_("Members today"), Who.MEMBERS),
    ]
    return filter_group(
        _("Show"),
        choices,
        chosen=filters.who,
        url=lambda who: _url(replace(filters, who=who)),
    )


def _result_words(number: int, *, more: bool) -> str:
    """Say how many there are; a long list is not counted to its end."""
    if more:
        return str(_("More than %(number)s people, by name", number=PER_PAGE))
    return str(ngettext("%(num)s person", "%(num)s people", number))
