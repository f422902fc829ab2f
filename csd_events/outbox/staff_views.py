"""The mail that staff see: what waits, what went, what failed."""

from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import (
    administrator_required,
    current_person_id,
    is_administrator,
    staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.pages import (
    CountedPage,
    FilterGroup,
    ListPage,
    filter_group,
    read_id,
)
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.outbox import queries, rules, service
from csd_events.outbox.forms import RateForm
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import COUNTED, Filters
from csd_events.outbox.rules import Refusal, State
from csd_events.outbox.words import (
    MailLine,
    came_back_words,
    kind_words,
    mail_line,
)

bp = Blueprint("outbox_staff", __name__, url_prefix="/staff/outbox")


@bp.get("")
@staff_required
def index() -> ResponseReturnValue:
    settings = queries.read_settings(db.session())
    typed = "" if settings.per_minute is None else f"{settings.per_minute:,}"
    return _index(RateForm(per_minute=typed))


def _index(form: RateForm) -> str:
    session = db.session()
    filters = _read_filters()
    page = queries.page_messages(
        session,
        filters,
        before=read_id(request.args.get("before")),
        after=read_id(request.args.get("after")),
    )
    health = queries.health(session, now=now())
    mails = queries.count_attention(session)
    return render_template(
        "outbox/staff/index.html",
        page=_with_addresses(page, filters),
        filters=[_group_of_states(filters), _group_of_kinds(filters)],
        result_words=_count_words(page.total),
        numbers=[
            (_("Waiting to go"), health.waiting),
            (_("Needs attention"), mails.undelivered + mails.returned),
        ],
        settings=queries.read_settings(session),
        form=form,
        may_meter=is_administrator(),
    )


@bp.post("/hold")
@staff_required
def hold() -> ResponseReturnValue:
    """Send nothing more, until somebody lets it go."""
    with transaction() as session:
        service.hold_mail(session, now=now(), actor_id=current_person_id())
    flash(_("Mail is held. What was given to the mail server already is gone."))
    return redirect(url_for(".index"), code=303)


@bp.post("/let-go")
@staff_required
def let_go() -> ResponseReturnValue:
    with transaction() as session:
        service.let_mail_go(session, now=now(), actor_id=current_person_id())
    flash(_("Mail goes again."))
    return redirect(url_for(".index"), code=303)


@bp.post("/rate")
@guards_itself
@administrator_required
def meter() -> ResponseReturnValue:
    """Say how much mail the server is given in a minute."""
    form = RateForm()
    if not form.validate_on_submit():
        return _index(form), 422
    per_minute = form.per_minute.number
    with transaction() as session:
        service.set_rate(session, per_minute, now=now(), actor_id=current_person_id())
    if per_minute is None:
        flash(_("Mail goes as fast as the mail server takes it."))
    else:
        flash(_("At most %(number)s mails go in a minute.", number=f"{per_minute:,}"))
    return redirect(url_for(".index"), code=303)


@bp.get("/<int:message_id>")
@staff_required
def show(message_id: int) -> ResponseReturnValue:
    session = db.session()
    message = queries.get_message(session, message_id)
    body = queries.find_body(session, message_id)
    returned = queries.find_returned(session, message_id)
    domain = urlsplit(current_app.config["BASE_URL"]).hostname
    return render_template(
        "outbox/staff/show.html",
        message=message,
        returned_at=returned.taken_at if returned else None,
        returned_why=came_back_words(returned.reason) if returned else None,
        kind_words=kind_words(message.kind, mail_kinds()),
        message_id=f"{message.message_id}@{domain}",
        headers=list(body.headers.items()) if body else [],
        text=body.text if body else None,
        may_send_again=not rules.refuse_sending_again(message.kind, message.state)
        and queries.find_sent_again(session, message) is None,
        registration_id=message.subject_id
        if rules.is_of_a_registration(message.kind)
        else None,
        form=FlaskForm(),
    )


@bp.post("/<int:message_id>/send-again")
@staff_required
def send_again(message_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            new_id = service.send_again(
                session, message_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        flash(_refusal_words(Refusal(error.reason)), "error")
        return redirect(url_for(".show", message_id=message_id), code=303)
    flash(_("The mail is on its way again."))
    return redirect(url_for(".show", message_id=new_id), code=303)


def _refusal_words(refusal: Refusal) -> str:
    words: dict[Refusal, str] = {
        Refusal.PRIVATE: _("This mail held a private link. It is not sent again."),
        Refusal.ON_ITS_WAY: _("This mail is still on its way."),
        Refusal.SENT_AGAIN_BEFORE: _("This mail was sent again before."),
    }
    return words[refusal]


def _state_words(state: State) -> str:
    words: dict[State, str] = {
        State.QUEUED: _("Waiting to go"),
        State.SENDING: _("Sending"),
        State.SENT: _("Sent"),
        State.FAILED: _("Failed"),
        State.SKIPPED: _("Not sent"),
        State.RETURNED: _("Came back"),
    }
    return words[state]


def mail_kinds() -> Mapping[str, object]:
    """Return what each kind is called in the words of the feature that writes it."""
    kinds: Mapping[str, object] = current_app.extensions["csd_kind_words"]
    return kinds


def _count_words(total: int) -> str:
    words: str = ngettext("%(num)s mail", "%(num)s mails", total)
    if total > COUNTED:
        words = _("More than %(number)s mails", number=f"{COUNTED:,}")
    return words


def _read_filters() -> Filters:
    """Read the filters of the address.

    Raises:
        NotFoundError: One of them names nothing there is.
    """
    state = request.args.get("state") or None
    kind = request.args.get("kind") or None
    if state not in {None, *State} or kind not in {None, *_kinds()}:
        raise NotFoundError("no such filter")
    attention = request.args.get("attention") == "1"
    return Filters(
        state=State(state) if state else None, kind=kind, attention=attention
    )


def _kinds() -> list[str]:
    words, kinds = mail_kinds(), current_app.extensions["csd_composers"]
    return sorted(kinds, key=lambda kind: kind_words(kind, words))


def _address(filters: Filters, **changed: object) -> str:
    values = asdict(filters) | changed
    values["attention"] = 1 if values["attention"] else None
    return url_for("outbox_staff.index", **values)


def _with_addresses(
    page: CountedPage[OutboxMessage, int], filters: Filters
) -> ListPage[MailLine]:
    words = mail_kinds()
    return ListPage(
        [mail_line(message, words) for message in page.items],
        newer_url=_address(filters, after=page.before) if page.before else None,
        older_url=_address(filters, before=page.after) if page.after else None,
    )


def _group_of_states(filters: Filters) -> FilterGroup:
    choices = [
        (_("All"), (None, False)),
        (_("Needs attention"), (None, True)),
        *((_state_words(state), (state, False)) for state in State),
    ]
    return filter_group(
        _("State"),
        choices,
        chosen=(filters.state, filters.attention),
        url=lambda pair: _address(filters, state=pair[0], attention=pair[1]),
    )


def _group_of_kinds(filters: Filters) -> FilterGroup:
    words = mail_kinds()
    kinds = [(kind_words(kind, words), kind) for kind in _kinds()]
    return filter_group(
        _("Kind"),
        [(_("All"), None), *kinds],
        chosen=filters.kind,
        url=lambda kind: _address(filters, kind=kind),
    )
