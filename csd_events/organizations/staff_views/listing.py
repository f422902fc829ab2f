"""All organizations: searched, narrowed, page by page."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import staff_required
from csd_events.core.db import db
from csd_events.core.pages import FilterGroup, ListPage, filter_group, read_search
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.organizations import queries
from csd_events.organizations.staff_views.blueprint import bp, today
from csd_events.organizations.words import kind_words
from csd_events.topics.rules import place_name

MEMBER = {"yes": True, "no": False}


@bp.get("/organizations")
@staff_required
def index() -> ResponseReturnValue:
    words = read_search(request.args.get("q"))
    member = request.args.get("member")
    member = member if member in MEMBER else None
    page = queries.page_organizations(
        db.session(),
        words=words,
        member=MEMBER[member] if member else None,
        today=today(),
        edge=(request.args.get("after"), request.args.get("before")),
    )
    return render_template(
        "organizations/staff/index.html",
        page=ListPage(
            page.items,
            _url(words, member, before=page.before) if page.before else None,
            _url(words, member, after=page.after) if page.after else None,
        ),
        filters=[_members(words, member)],
        q=words,
        result_words=ngettext(
            "%(num)s organization", "%(num)s organizations", page.total
        ),
        kind_words=kind_words,
        place_name=place_name,
    )


def _members(words: str, member: str | None) -> FilterGroup:
    choices = [(_("All"), None), (_("Members today"), "yes"), (_("Not members"), "no")]
    return filter_group(
        _("Membership"),
        choices,
        chosen=member,
        url=lambda value: _url(words, value),
    )


def _url(
    words: str,
    member: str | None,
    *,
    after: str | None = None,
    before: str | None = None,
) -> str:
    return url_for(".index", q=words or None, member=member, after=after, before=before)
