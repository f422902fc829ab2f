"""The case studies, and one of them."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.words import InPassing, to_ask
from csd_events.association.mail import speaker
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import EndedError
from csd_events.core.forms import SessionForm
from csd_events.core.pagecache import cached_page
from csd_events.core.pages import (
    CountedPage,
    FilterGroup,
    ListPage,
    read_search,
)
from csd_events.core.time import day_words, to_wall
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries
from csd_events.library.exports import reference_of_case
from csd_events.library.models import CaseStudy
from csd_events.library.queries import Facets
from csd_events.library.rules import CaseLine, CaseView, Filters, Outcome
from csd_events.library.rules.references import Reference
from csd_events.library.rules.searching import EntryKind
from csd_events.library.rules.using import Use
from csd_events.library.views.blueprint import (
    bp,
    button_form,
    file_links,
    group,
    is_staff,
    kept,
    references_file,
    save_buttons,
)
from csd_events.library.views.using import note_use
from csd_events.library.words import reading_line
from csd_events.topics.catalogue import (
    FORMS,
    PROVINCES,
    STATES,
    WHOLE_GOVERNMENT,
)
from csd_events.topics.rules import AREAS, area_name, form_name, place_name


@bp.get("/library/case-studies")
@cached_page
def case_studies() -> ResponseReturnValue:
    session = db.session()
    filters = _read_filters(request.args)
    note_use(Use.LOOKED_FOR, [filters.area] if filters.area else [])
    page = queries.page_cases(
        session,
        filters,
        after=request.args.get("after") or None,
        before=request.args.get("before") or None,
    )
    number = page.total
    return render_template(
        "library/case_studies.html",
        heading=_heading(filters),
        page=_with_addresses(page, filters),
        filters=_filter_groups(queries.list_facets(session), filters),
        q=filters.words,
        files=file_links(
            lambda suffix: _address(
                filters, endpoint="library.case_studies_file", suffix=suffix
            )
        ),
        result_words=ngettext("%(num)s case study", "%(num)s case studies", number),
    )


@bp.get("/library/case-studies/<case_id>")
@cached_page
def case_study(case_id: str) -> ResponseReturnValue:
    session = db.session()
    case = queries.get_case(session, case_id)
    if case.is_retired:
        return render_template(
            "library/retired.html", title=case.title, successor=None
        ), EndedError.status
    note_use(Use.SEEN, case.areas)
    related = queries.list_related_to_case(session, case_id)
    main, asked = case.areas[0], _to_ask(case)
    return render_template(
        "library/case_study.html",
        case=case,
        checked_words=day_words(case.checked_on) if case.checked_on else "",
        files=file_links(
            lambda suffix: url_for(".case_study_file", case_id=case_id, suffix=suffix)
        ),
        reading=[reading_line(each) for each in related],
        worksheet_area=None if main == WHOLE_GOVERNMENT else main,
        asked=asked,
        form=SessionForm() if asked else None,
        edit_url=_edit_url(case),
        save=save_buttons([(EntryKind.CASE_STUDY, case.id, case.title)])[0],
        button=button_form(),
    )


def _to_ask(case: CaseView) -> InPassing | None:
    """Choose what to ask of who is signed in, beside a case."""
    person_id = current_person_id()
    if person_id is None:
        return None
    return to_ask(accounts.get_preferences(db.session(), person_id), case.areas)


@bp.get("/library/case-studies.<suffix>")
def case_studies_file(suffix: str) -> ResponseReturnValue:
    """Hand out how to cite the cases that fit."""
    filters = _read_filters(request.args)
    cases = queries.list_matching_cases(db.session(), filters)
    references = [_reference(case) for case in cases]
    heading = _heading(filters)
    return references_file(references, suffix, name="case-studies", heading=heading)


@bp.get("/library/case-studies/<case_id>.<suffix>")
def case_study_file(case_id: str, suffix: str) -> ResponseReturnValue:
    case = queries.get_case(db.session(), case_id)
    if case.is_retired:
        raise EndedError(case_id)
    references = [_reference(case)]
    return references_file(references, suffix, name=case.id, heading=case.title)


def _edit_url(case: CaseView) -> str | None:
    """Return where staff write a case; None for everybody else."""
    return (
        url_for("library_staff.edit_case", number=case.number) if is_staff() else None
    )


def _reference(case: CaseStudy | CaseView) -> Reference:
    at = now()
    ours = speaker(db.session(), now=at)
    return reference_of_case(
        case,
        association=ours.name,
        url=external_url("library.case_study", case_id=case.id),
        today=to_wall(at, ours.zone).date(),
    )


def _read_filters(given: Mapping[str, str]) -> Filters:
    """Read the filters of an address; a value we do not know asks for nothing."""
    known: dict[str, Container[object]] = {
        "area": AREAS,
        "form": FORMS,
        "state": STATES | PROVINCES,
        "outcome": list(Outcome),
    }
    chosen = {name: given[name] for name in known if given.get(name) in known[name]}
    return Filters(**chosen, words=read_search(given.get("q")))


def _address(
    filters: Filters, *, endpoint: str = "library.case_studies", **changed: Any
) -> str:
    values: dict[str, Any] = asdict(filters) | changed
    values["q"] = values.pop("words") or None
    return url_for(endpoint, **values)


def _narrowed(filters: Filters, name: str, value: str | None) -> str:
    changed: dict[str, Any] = {name: value}
    return _address(filters, **changed)


def _with_addresses(
    page: CountedPage[CaseLine, str], filters: Filters
) -> ListPage[CaseLine]:
    return ListPage(
        page.items,
        newer_url=_address(filters, before=page.before) if page.before else None,
        older_url=_address(filters, after=page.after) if page.after else None,
    )


def _heading(filters: Filters) -> str:
    names = [
        area_name(filters.area or ""),
        form_name(filters.form or ""),
        place_name(filters.state or ""),
        filters.outcome or "",
        filters.words,
    ]
    narrowed = ", ".join(name for name in names if name)
    if not narrowed:
        return str(_("Case studies"))
    return str(_("Case studies: %(narrowed)s", narrowed=narrowed))


def _filter_groups(facets: Facets, filters: Filters) -> list[FilterGroup]:
    by_name = sorted(facets.states, key=place_name)
    return [
        _group(_("Service"), "area", kept(AREAS, facets.areas), filters, area_name),
        _group(_("Form"), "form", kept(FORMS, facets.forms), filters, form_name),
        _group(_("State"), "state", by_name, filters, place_name),
        _group(_("Outcome"), "outcome", kept(Outcome, facets.outcomes), filters, str),
    ]


def _group(
    label: str,
    name: str,
    values: Sequence[str],
    filters: Filters,
    worded: Callable[[str], str],
) -> FilterGroup:
    return group(
        label,
        values,
        getattr(filters, name),
        worded=worded,
        address=lambda value: _narrowed(filters, name, value),
    )
