"""What is owed to the association, what was paid of it, and the files of both."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.billing import exports, queries, service
from csd_events.billing.forms import PaymentForm, suggested
from csd_events.billing.queries import Account, Filters
from csd_events.billing.rules import Standing, Unfit
from csd_events.billing.service import Received
from csd_events.billing.words import (
    account_line,
    paid_line,
    standing_words,
    sum_lines,
)
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import RefusedError
from csd_events.core.pages import (
    FilterGroup,
    ListPage,
    filter_group,
    read_id,
    read_search,
)
from csd_events.core.tables import csv_rows
from csd_events.core.time import to_wall
from csd_events.core.web import guards_itself, money
from csd_events.core.words import gettext as _

bp = Blueprint("billing_staff", __name__, url_prefix="/staff/invoices")


@bp.get("")
@staff_required
def index() -> ResponseReturnValue:
    session, filters, today = db.session(), _read_filters(), _today()
    page = queries.page(
        session,
        filters,
        today=today,
        before=read_id(request.args.get("before")),
        after=read_id(request.args.get("after")),
    )
    lines = [account_line(each, today) for each in page.items]
    return render_template(
        "billing/staff/index.html",
        page=ListPage(
            lines,
            _url(filters, after=page.before) if page.before is not None else None,
            _url(filters, before=page.after) if page.after is not None else None,
        ),
        filters=[_standings(filters)],
        q=filters.words,
        event_id=filters.event_id,
        event_title=lines[0].what if lines and filters.event_id else "",
        all_url=_url(Filters()),
        file_url=_url(filters, of=".export"),
        numbers=sum_lines(queries.sums(session, event_id=filters.event_id)),
    )


@bp.get("/invoices.csv")
@staff_required
def export() -> ResponseReturnValue:
    rows = _rows(_read_filters(), _today())
    answer = stream_with_context(csv_rows(rows))
    return download(answer, "text/csv", "invoices.csv")


@bp.route("/<number>", methods=["GET", "POST"])
@guards_itself
@staff_required
def show(number: str) -> ResponseReturnValue:
    account, today = queries.get_account(db.session(), number), _today()
    form = PaymentForm(data=suggested(account.balance, today))
    if not form.is_submitted():
        return _page(account, form)
    if not (form.validate() and form.is_of_a_day(today)):
        return _page(account, form), 422
    received = Received(
        cents=form.cents,
        paid_on=form.day,
        reference=form.reference.data,
        nonce=form.nonce.data or "",
    )
    try:
        with transaction() as session:
            service.record_payment(
                session,
                account.invoice.id,
                received,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        return _refused(number, form, Unfit(error.reason))
    flash(_("It is written down."))
    return redirect(url_for(".show", number=account.invoice.number), code=303)


@bp.get("/<number>.pdf")
@staff_required
def file(number: str) -> ResponseReturnValue:
    found = queries.get_document(db.session(), number)
    content = exports.pdf(found.invoice, credits_number=found.credits_number)
    return download(content, "application/pdf", f"{found.invoice.number}.pdf")


def _today() -> date:
    at = now()
    return to_wall(at, speaker(db.session(), now=at).zone).date()


def _page(account: Account, form: PaymentForm) -> str:
    session, currency = db.session(), account.invoice.currency
    paid = queries.list_payments(session, account.invoice.id)
    return render_template(
        "billing/staff/show.html",
        line=account_line(account, _today()),
        bill_to=account.invoice.bill_to.splitlines(),
        payments=[paid_line(each, currency) for each in paid],
        form=form if account.balance.owed or account.balance.paid else None,
    )


def _refused(number: str, form: PaymentForm, why: Unfit) -> ResponseReturnValue:
    account = queries.get_account(db.session(), number)
    balance, currency = account.balance, account.invoice.currency
    owed, paid = max(0, balance.owed), balance.paid
    form.refuse(why, money(owed, currency), money(paid, currency))
    return _page(account, form), 422


def _read_filters() -> Filters:
    """Read the query; a value we do not know asks for nothing."""
    asked = request.args.get("standing")
    return Filters(
        standing=Standing(asked) if asked in set(Standing) else None,
        event_id=read_id(request.args.get("event")),
        words=read_search(request.args.get("q")),
    )


def _url(filters: Filters, *, of: str = ".index", **edge: int) -> str:
    return url_for(
        of,
        standing=filters.standing.value if filters.standing else None,
        event=filters.event_id,
        q=filters.words or None,
        **edge,  # type: ignore[arg-type]  # an id is written as it is
    )


def _standings(filters: Filters) -> FilterGroup:
    choices = [(_("All"), None), *((standing_words(s), s) for s in Standing)]
    return filter_group(
        _("Show"),
        choices,
        chosen=filters.standing,
        url=lambda standing: _url(replace(filters, standing=standing)),
    )


def _rows(filters: Filters, today: date) -> Iterator[list[str]]:
    yield [
        _("Number"), _("Date"), _("Due"), _("Event"), _("Organization"), _("Name"),
        _("Who the invoice is for"), _("Purchase order"), _("Currency"), _("Total"),
        _("Credit note"), _("Paid"), _("Still owed"), _("How it stands"),
    ]  # fmt: skip
    for account in queries.each(db.session(), filters, today=today):
        yield _row(account, today)


def _row(account: Account, today: date) -> list[str]:
    invoice, balance = account.invoice, account.balance
    return [
        invoice.number,
        invoice.issued_on.isoformat(),
        invoice.due_on.isoformat() if invoice.due_on else "",
        invoice.all_lines[0].words,
        invoice.organization,
        invoice.full_name,
        invoice.bill_to,
        invoice.purchase_order,
        invoice.currency,
        _amount(invoice.total_cents),
        account.credit.number if account.credit else "",
        _amount(balance.paid),
        _amount(balance.owed),
        standing_words(account.standing(today)),
    ]


def _amount(cents: int) -> str:
    """Write an amount as a number; one below zero is text to a spreadsheet."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
