"""The page of somebody on stage: what they present, behind a link of their own."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.association.mail import speaker
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.inputs import overtaken, say
from csd_events.core.pagecache import forget_pages
from csd_events.core.text import markdown
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import as_webcal, external_url, guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import exports, queries, service
from csd_events.events.forms import AboutForm, typed_of_about
from csd_events.events.models import Presenter
from csd_events.home.queries import list_asked, list_coming
from csd_events.home.views.blueprint import bp
from csd_events.home.words import stage_event


@bp.get("/presenting/<token>")
def presenting(token: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    presenter = queries.get_presenter_by_link(session, links(), token)
    events = queries.list_presenting(session, presenter.id, now=at)
    ids = [event.id for event in events]
    coming = list_coming(session, ids, today=association.today(session, at))
    asked = list_asked(session, ids)
    feed = links().token(Purpose.PRESENTER_FEED, presenter.id, presenter.link_version)
    return render_template(
        "home/presenting.html",
        presenter=presenter,
        about_html=markdown(presenter.about),
        events=[
            stage_event(
                event,
                presenter.id,
                coming[event.id],
                asked.get(event.id, ()),
                now=at,
            )
            for event in events
        ],
        token=token,
        feed_url=as_webcal(external_url(".presenting_feed", token=feed)),
    )


@bp.get("/presenting/<token>/sessions.ics")
def presenting_calendar(token: str) -> ResponseReturnValue:
    """Give the entries of what they present, to keep."""
    session, at = db.session(), now()
    presenter = queries.get_presenter_by_link(session, links(), token)
    presented = queries.list_presented_sessions(session, presenter.id, now=at)
    file = exports.presenter_calendar(
        presenter, presented, speaker(session, now=at), now=at
    )
    return download(file, "text/calendar", "presenting.ics")


@bp.get("/presenting/feeds/<token>.ics")
def presenting_feed(token: str) -> ResponseReturnValue:
    """Hand a calendar what its owner presents: the address is the secret."""
    session, at = db.session(), now()
    its = Purpose.PRESENTER_FEED
    presenter = queries.get_presenter_by_link(session, links(), token, its)
    ours = speaker(session, now=at)
    presented = queries.list_presented_sessions(session, presenter.id, now=at)
    name = _("%(association)s: what I present", association=ours.name)
    file = exports.presenter_feed(presenter, presented, ours, name=name, now=at)
    return Response(file, mimetype="text/calendar")


@bp.route("/presenting/<token>/about", methods=["GET", "POST"])
@guards_itself
def presenting_about(token: str) -> ResponseReturnValue:
    """Let them correct what is said of them; staff look at it afterwards."""
    presenter = queries.get_presenter_by_link(db.session(), links(), token)
    if request.method != "POST":
        return _page(AboutForm(data=typed_of_about(presenter)), presenter, token)
    form = AboutForm()
    if not form.validate():
        return _page(form, presenter, token), 422
    try:
        with transaction() as session:
            changed = service.correct(
                session,
                presenter.id,
                form.said(),
                version=form.seen_version,
                now=now(),
            )
    except ProblemsError:
        say(
            form.organization,
            _(
                "Another presenter has your name and this organization. Write to us: "
                "we put it right"
            ),
        )
        return _page(form, presenter, token), 422
    except StaleError as error:
        fresh = queries.get_presenter_by_link(db.session(), links(), token)
        saved = overtaken(form, AboutForm(data=typed_of_about(fresh), formdata=None))
        return _page(form, fresh, token, saved), error.status
    forget_pages()
    if changed:
        flash(_("Saved. Everybody sees it now, and our staff are told."))
    return redirect(url_for(".presenting", token=token), code=303)


def _page(
    form: AboutForm,
    presenter: Presenter,
    token: str,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "home/presenting_about.html",
        form=form,
        presenter=presenter,
        token=token,
        saved=saved,
    )
