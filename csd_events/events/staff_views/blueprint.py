"""The blueprint of these pages, and how each of their forms is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.inputs import KeptForm, overtaken, show_problems
from csd_events.core.pagecache import forget_pages
from csd_events.core.words import gettext as _
from csd_events.events.rules import Fault

bp = Blueprint("events_staff", __name__, url_prefix="/staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a form of one kind needs to be answered.

    Attributes:
        page: Writes the page of a form, with what somebody else saved meanwhile.
        save: Saves what was typed, in a transaction.
        fresh: Fills the form anew from what is saved now; never asked of a new thing.
        another: Gives a list of the form one more row; False if there is no such list.
        words: For each problem.
        done: Where to go on to.
    """

    page: Callable[..., str]
    save: Callable[[Session], object]
    fresh: Callable[[], KeptForm]
    another: Callable[[str], bool] = lambda _name: False
    words: Mapping[Fault, object]
    done: str

    def words_of(self, _name: str, problem: StrEnum) -> object:
        return self.words[Fault(problem)]


def answer(form: Any, desk: Desk) -> ResponseReturnValue:
    """Save what was typed, or show it again with what is to be put right."""
    more = request.form.get("more")
    if more is not None and desk.another(more):
        return desk.page(form)
    if not form.validate():
        return desk.page(form), 422
    try:
        with transaction() as session:
            desk.save(session)
    except ProblemsError as error:
        show_problems(form, error.problems, desk.words_of)
        return desk.page(form), 422
    except StaleError:
        return desk.page(form, saved=overtaken(form, desk.fresh())), 409
    forget_pages()
    flash(_("Saved."))
    return redirect(desk.done, code=303)
