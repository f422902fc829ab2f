"""What members use of the library and the decision tool, and what they miss."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries as library
from csd_events.library.rules.using import KEPT
from csd_events.matching import queries
from csd_events.matching.rules.using import FEWEST, Count, Sign, count, gaps
from csd_events.matching.staff_views.blueprint import bp
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.topics.rules import AREAS, area_name


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A service area with what was done, in the order of the table's columns.

    Attributes:
        told: For each column the number, and from how many communities; None where
            they are too few.
    """

    name: str
    url: str
    told: list[tuple[int, str] | None]


@bp.get("/use")
@staff_required
def using() -> ResponseReturnValue:
    session, at = db.session(), now()
    about, missed = queries.list_marks(
        session, since=at - KEPT, today=association.today(session, at)
    )
    covered = {*library.count_by_area(session), WHOLE_GOVERNMENT}
    told = count(about)
    return render_template(
        "matching/staff/using.html",
        columns=list(_columns().values()),
        lines=[_line(area, told[area]) for area in AREAS if area in told],
        gaps=[
            _gap(area_name(area), each) for area, each in gaps(about, covered).items()
        ],
        missed=[_missed(words, each) for words, each in gaps(missed, ()).items()],
        fewest=FEWEST,
        days=KEPT.days,
    )


def _columns() -> dict[Sign, str]:
    return {
        Sign.CARED: _("Care about it"),
        Sign.LOOKED_FOR: _("Looked for it"),
        Sign.SEEN: _("Opened something"),
        Sign.SAVED: _("Saved something"),
        Sign.BEGUN: _("Worksheets begun"),
        Sign.FINISHED: _("Worksheets finished"),
    }


def _line(area: str, told: Mapping[Sign, Count]) -> AreaLine:
    counts = [told.get(sign) for sign in _columns()]
    return AreaLine(
        name=area_name(area),
        url=url_for("library.case_studies", area=area),
        told=[(one.times, _from(one)) if one else None for one in counts],
    )


def _from(one: Count) -> str:
    number = one.communities
    return str(ngettext("%(num)s community", "%(num)s communities", number))


def _gap(name: str, one: Count) -> str:
    return str(
        _(
            "People of %(number)s communities asked for %(service)s; we hold no case "
            "study of it yet.",
            number=one.communities,
            service=name,
        )
    )


def _missed(words: str, one: Count) -> str:
    return str(
        _(
            "People of %(number)s communities searched for “%(words)s” and found "
            "nothing.",
            number=one.communities,
            words=words,
        )
    )
