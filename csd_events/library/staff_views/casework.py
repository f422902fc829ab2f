"""Case studies: the list, writing one, looking at it again, retiring it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.inputs import overtaken
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import (
    CountedPage,
    FilterGroup,
    ListPage,
    filter_group,
    read_search,
)
from csd_events.core.time import day_words
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries, service
from csd_events.library.forms import CaseForm, typed_of_case
from csd_events.library.models import CaseStudy
from csd_events.library.queries import CasesShown
from csd_events.library.rules.casework import is_soon
from csd_events.library.service import Desk
from csd_events.library.staff_views.blueprint import bp, desk, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeskLine:
    """A case study in the staff's list."""

    number: int
    title: str
    outcome: str
    confidence: str
    checked_words: str
    look_again_words: str
    is_due: bool
    is_retired: bool


@bp.get("/case-studies")
@staff_required
def case_studies() -> ResponseReturnValue:
    asked = request.args.get("show", "")
    shown = CasesShown(asked) if asked in set(CasesShown) else CasesShown.ALL
    words = read_search(request.args.get("q"))
    page = queries.page_cases_for_staff(
        db.session(),
        shown,
        words,
        after=request.args.get("after") or None,
        before=request.args.get("before") or None,
    )
    return render_template(
        "library/staff/case_studies.html",
        page=_with_addresses(page, shown, words),
        filters=[parts("library_staff.case_studies"), _filter(shown, words)],
        q=words,
        result_words=ngettext("%(num)s case study", "%(num)s case studies", page.total),
    )


@bp.route("/case-studies/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_case() -> ResponseReturnValue:
    form = CaseForm()
    if not form.is_submitted():
        return _page(form, None)
    if request.form.get("more") == "sources":
        form.sources.another()
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 422
    with transaction() as session:
        number = service.add_case(session, form.draft(), desk()).number
    return _done(number, _("Saved."))


@bp.route("/case-studies/<int:number>", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_case(number: int) -> ResponseReturnValue:
    row = queries.get_case_by_number(db.session(), number)
    if request.method != "POST":
        return _page(CaseForm(state=row.state, data=typed_of_case(row)), row)
    form = CaseForm(state=row.state)
    if request.form.get("more") == "sources":
        form.sources.another()
        return _page(form, row)
    if not form.validate():
        return _page(form, row), 422
    try:
        with transaction() as session:
            service.save_case(
                session, number, form.draft(), desk(), version=form.seen_version
            )
    except StaleError as error:
        row = queries.get_case_by_number(db.session(), number)
        fresh = CaseForm(state=row.state, data=typed_of_case(row), formdata=None)
        return _page(form, row, saved=overtaken(form, fresh)), error.status
    return _done(number, _("Saved."))


@bp.post("/case-studies/<int:number>/check")
@staff_required
def check_case(number: int) -> ResponseReturnValue:
    with transaction() as session:
        service.check_case(session, number, desk())
    return _done(number, _("Noted: checked today, and nothing is changed."))


@bp.post("/case-studies/<int:number>/retire")
@staff_required
def retire_case(number: int) -> ResponseReturnValue:
    words = _("Retired. No list shows it and no event suggests it any more.")
    return _set(service.retire_case, number, words)


@bp.post("/case-studies/<int:number>/bring-back")
@staff_required
def bring_back_case(number: int) -> ResponseReturnValue:
    return _set(service.bring_back_case, number, _("It is back as it was."))


def _set(
    act: Callable[[Session, int, Desk], None], number: int, words: str
) -> ResponseReturnValue:
    with transaction() as session:
        act(session, number, desk())
    return _done(number, words)


def _done(number: int, words: str) -> ResponseReturnValue:
    forget_pages()
    flash(words)
    return redirect(url_for(".edit_case", number=number), code=303)


def _page(
    form: CaseForm,
    row: CaseStudy | None,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "library/staff/edit_case.html",
        form=form,
        saved=saved,
        case=_line(row, _today()) if row else None,
        case_id=row.id if row else None,
        is_ours=row is None or row.edited_at is not None,
        button=FlaskForm(),
    )


def _line(row: CaseStudy, today: date) -> CaseDeskLine:
    return CaseDeskLine(
        number=row.number,
        title=row.title,
        outcome=row.outcome.value,
        confidence=row.confidence.value,
        checked_words=day_words(row.checked_on) if row.checked_on else "",
        look_again_words=day_words(row.look_again_on) if row.look_again_on else "",
        is_due=row.retired_at is None and is_soon(row.look_again_on, today=today),
        is_retired=row.retired_at is not None,
    )


def _today() -> date:
    return association.today(db.session(), now())


def _with_addresses(
    page: CountedPage[CaseStudy, str], shown: CasesShown, words: str
) -> ListPage[CaseDeskLine]:
    today = _today()
    return ListPage(
        [_line(row, today) for row in page.items],
        newer_url=_url(shown, words, before=page.before) if page.before else None,
        older_url=_url(shown, words, after=page.after) if page.after else None,
    )


def _url(shown: CasesShown, words: str, **edge: str) -> str:
    chosen = None if shown is CasesShown.ALL else shown.value
    asked: dict[str, Any] = {"show": chosen, "q": words or None, **edge}
    return url_for(".case_studies", **asked)


def _filter(shown: CasesShown, words: str) -> FilterGroup:
    choices = [
        (_("All"), CasesShown.ALL),
        (_("Never checked"), CasesShown.NEVER),
        (_("Retired"), CasesShown.RETIRED),
    ]
    return filter_group(
        _("Show"), choices, chosen=shown, url=lambda each: _url(each, words)
    )
