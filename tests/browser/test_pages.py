"""Every page of the site, in its states, as a browser sees it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, Route
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from csd_events.core.db import Base, db
from tests.browser.browsers import Browsers
from tests.browser.looking import Ear, faults_of, heavy_parts
from tests.browser.scenes import Scene, build, session_cookie
from tests.factories import NOON

pytestmark = pytest.mark.browser

#: By the name of who looks; None for nobody.
EarOf = Callable[[str | None], Ear]
ADDRESSES = "/staff/conferences/{conference}/addresses"
SEE = "See what it would do"
LISTED = "Addresses"
ANNOUNCEMENTS = "/staff/announcements"
COLLEAGUES = "/events/sharing-dispatch/register/colleagues"
CALENDAR, EDITED = "/staff/calendar", "/staff/events/{event}/edit"
NEW_WEBINAR = "/staff/events/new/webinar"
REGISTER, WAIT = "Register for this webinar", "Join the waiting list"


@dataclass(frozen=True, slots=True)
class Look:
    """One page, who looks at it, and what is pressed on it first.

    Attributes:
        name: What the test is called.
        path: Its address; names in braces are filled in from the scene.
        typed: What is typed first, by the label of its field.
    """

    name: str
    path: str
    who: str | None = None
    status: int = 200
    press: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)


COPY_IT, DAYS = "Copy it as a draft", "Show the days"
BEGIN, SEND_IT = "Begin a worksheet", "Send the link"
OPEN_IT, JOIN = "Open the group", "Join"
LOOKS = [
    Look("front page", "/"),
    Look("front page, signed in", "/", "member"),
    Look("catalog", "/events"),
    Look(
        "catalog, narrowed", "/events?kind=webinar&area=dispatch_911&free=1&q=dispatch"
    ),
    Look("catalog, past", "/events?past=1"),
    Look("catalog, nothing", "/events?q=zebra"),
    Look("event, free", "/events/sharing-dispatch"),
    Look("event, free, signed in", "/events/sharing-dispatch", "account"),
    Look("event, registered", "/events/sharing-dispatch", "member"),
    Look("event, conference", "/events/fire-together"),
    Look("event, sessions", "/events/managing-shared-services"),
    Look("event, running program", "/events/running"),
    Look("event, on demand", "/events/first-conversation"),
    Look("event, on demand, registered", "/events/first-conversation", "member"),
    Look("event, recording", "/events/worth-the-effort"),
    Look("event, long past", "/events/right-for-me"),
    Look("event, last day", "/events/last-day"),
    Look("event, not open", "/events/not-open"),
    Look("event, not open, signed in", "/events/not-open", "account"),
    Look("event, closed", "/events/closed"),
    Look("event, members only", "/events/members-only"),
    Look("event, members only, signed in", "/events/members-only", "account"),
    Look("event, members only, membership ended", "/events/members-only", "lapsed"),
    Look("event, dearer, membership ended", "/events/dearer", "lapsed"),
    Look("event, full", "/events/full"),
    Look("event, full, signed in", "/events/full", "account"),
    Look("event, on the waiting list", "/events/full", "member"),
    Look("event, waiting list full", "/events/full-up"),
    Look("event, by invitation", "/events/invited"),
    Look("event, by invitation, signed in", "/events/invited", "account"),
    Look("event, by request", "/events/asked"),
    Look("event, by request, signed in", "/events/asked", "account"),
    Look("event, by request, asked", "/events/asked", "member"),
    Look("event, a place is held", "/events/paid", "member"),
    Look("event, priced", "/events/dear"),
    Look("event, priced, signed in", "/events/dear", "member"),
    Look("event, over", "/events/over"),
    Look("event, running", "/events/live"),
    Look("event, cancelled", "/events/called-off"),
    Look("event, long words", "/events/long-word"),
    Look("event, requires its conference", "/events/agreements-that-hold"),
    Look("event, not on its list", "/events/agreements-that-hold", "member"),
    Look("conference", "/conferences/sample-annual-conference"),
    Look("conference, signed in", "/conferences/sample-annual-conference", "member"),
    Look("conference, over", "/conferences/icma-annual-conference-2014"),
    Look("conference, no forum, long words", "/conferences/empty"),
    Look("program", "/programs/collaborative-service-delivery"),
    Look("program, no event", "/programs/empty"),
    Look("presenter", "/presenters/luis-sample"),
    Look("presenter with a picture", "/presenters/ada-sample"),
    Look("event with a picture", "/events/staged"),
    Look("presenting", "/presenting/{presenting}"),
    Look("presenting, nothing", "/presenting/{presenting_nothing}"),
    Look("correcting oneself", "/presenting/{presenting}/about"),
    Look("catalog, of a program", "/events?program=collaborative-service-delivery"),
    Look("recording", "/events/worth-the-effort/recording"),
    Look("form", "/events/sharing-dispatch/register"),
    Look(
        "form, empty", "/events/sharing-dispatch/register", status=422, press=REGISTER
    ),
    Look("event, asks", "/events/asks-all", "account"),
    Look("event, asks, empty", "/events/asks-all", "account", 422, REGISTER),
    Look("form, asks", "/events/asks/register"),
    Look("form, asks, empty", "/events/asks-all/register", None, 422, REGISTER),
    Look("registration, answered", "/registrations/{asking}"),
    Look("answers", "/registrations/{asking}/answers"),
    Look("form, by request", "/events/asked/register"),
    Look("form, by invitation", "/events/invited/register"),
    Look("form, invited", "/events/invited/register?code=chiefs-24"),
    Look("form, priced", "/events/dear/register"),
    Look("form, priced, empty", "/events/dear/register", status=422, press=REGISTER),
    Look("form, waiting list", "/events/full/register"),
    Look("form, waiting list, empty", "/events/full/register", status=422, press=WAIT),
    Look("form, requires a conference", "/events/agreements-that-hold/register"),
    Look("colleagues", COLLEAGUES),
    Look("colleagues, signed in", COLLEAGUES, "member"),
    Look("colleagues, empty", COLLEAGUES, status=422, press="Register colleagues"),
    Look("colleagues, more rows", COLLEAGUES, press="More rows"),
    Look("colleagues, waiting list", "/events/full/register/colleagues"),
    Look("colleagues, by request", "/events/asked/register/colleagues"),
    Look("colleagues, by invitation", "/events/invited/register/colleagues"),
    Look("colleagues, refused", "/events/members-only/register/colleagues"),
    Look("group, sent", "/registrations/groups/{sent_asked}"),
    Look("group, to confirm", "/registrations/groups/{group_asked}"),
    Look("group", "/registrations/groups/{group_mine}"),
    Look("group, lapsed", "/registrations/groups/{group_lapsed}"),
    Look("group, event cancelled", "/registrations/groups/{group_off}"),
    Look("group, cancelling for one", "/registrations/groups/{group_mine}/cancel/1"),
    Look("group, somebody else comes", "/registrations/groups/{group_mine}/replace/1"),
    Look("refused, closed", "/events/closed/register"),
    Look("refused, not open", "/events/not-open/register"),
    Look("refused, members only", "/events/members-only/register"),
    Look("refused, full", "/events/full-up/register"),
    Look("refused, cancelled", "/events/called-off/register"),
    Look("receipt", "/registrations/{receipt}"),
    Look("receipt, on demand", "/registrations/{receipt_film}"),
    Look("registration, on demand", "/registrations/{film}"),
    Look("registration, program", "/registrations/{running}"),
    Look("receipt, priced", "/registrations/{receipt_priced}"),
    Look("registration, charged", "/registrations/{charged}"),
    Look("registration, credited", "/registrations/{credited}"),
    Look("cancelling, charged", "/registrations/{charged}/cancel"),
    Look("receipt, maybe waiting", "/registrations/{maybe_waiting}"),
    Look("receipt, requested", "/registrations/{receipt_requested}"),
    Look("receipt, compared", "/registrations/{receipt_compared}"),
    Look("change of address", "/registrations/{receipt}/address"),
    Look("registration", "/registrations/{registered}"),
    Look("registration, signed in", "/registrations/{registered}", "member"),
    Look("registration, address not confirmed", "/registrations/{unconfirmed}"),
    Look("registration, waiting", "/registrations/{waiting}"),
    Look("registration, requested", "/registrations/{requested}"),
    Look("registration, not on the list", "/registrations/{unlisted}"),
    Look("registration, declined", "/registrations/{declined}"),
    Look("registration, a place is held", "/registrations/{offered}"),
    Look("registration, cancelled", "/registrations/{cancelled}"),
    Look("registration, event cancelled", "/registrations/{off}"),
    Look("registration, over", "/registrations/{over}"),
    Look("cancelling", "/registrations/{registered}/cancel"),
    Look("cancelling, waiting", "/registrations/{waiting}/cancel"),
    Look("replacing", "/registrations/{registered}/replace"),
    Look("replacing, waiting", "/registrations/{waiting}/replace"),
    Look(
        "replacing, empty",
        "/registrations/{registered}/replace",
        status=422,
        press="Give them my place",
        typed={"Municipality or organization": ""},
    ),
    Look(
        "replaced",
        "/registrations/{passing}/replace",
        press="Give them my place",
        typed={"Full name": "Bo Sample", "Email": "bo-sample@example.org"},
    ),
    Look("replacing, not yet", "/registrations/{unpaid}/replace"),
    Look("correcting an address", "/registrations/{registered}/address"),
    Look(
        "correcting an address, the same",
        "/registrations/{registered}/address",
        status=422,
        press="Use this address",
    ),
    Look("an old link, replaced", "/registrations/{replaced}", status=410),
    Look("an old link, readdressed", "/registrations/{readdressed}", status=410),
    Look("an old link, taken back", "/registrations/{returned}", status=410),
    Look("taking a place back", "/registrations/keep/{keep_replaced}"),
    Look("taking an address back", "/registrations/keep/{keep_readdressed}"),
    Look("taken back", "/registrations/keep/{keep_returned}", status=410),
    Look("too late to take back", "/registrations/keep/{keep_too_late}", status=410),
    Look("reminder of an opening", "/events/not-open/remind-me"),
    Look("reminder of an opening, signed in", "/events/not-open/remind-me", "account"),
    Look(
        "reminder of an opening, empty",
        "/events/not-open/remind-me",
        status=422,
        press="Remind me",
    ),
    Look("reminder of an opening, asked", "/events/not-open/remind-me?asked=1"),
    Look("wish, asked", "/events/remind-me/{wish_asked}"),
    Look("wish, confirmed", "/events/remind-me/{wish_confirmed}"),
    Look("wish, forgotten", "/events/remind-me/{wish_gone}", status=410),
    Look("frame", "/embed/sharing-dispatch"),
    Look("frame, full", "/embed/full"),
    Look("frame, not open", "/embed/not-open"),
    Look("frame, closed", "/embed/closed"),
    Look("frame, cancelled", "/embed/called-off"),
    Look("what to read next", "/registrations/{registered}/next"),
    Look("join, early", "/join/{join_registered}"),
    Look("join, open", "/join/{join_open}"),
    Look("joining", "/join/{join_open}", press="Join now"),
    Look("join, second session", "/join/{join_running}"),
    Look("join, on demand", "/join/{join_film}"),
    Look("watching", "/join/{join_film}/watch"),
    Look("join, over", "/join/{join_over}"),
    Look("join, waiting", "/join/{join_waiting}"),
    Look("join, requested", "/join/{join_requested}"),
    Look("join, not on the list", "/join/{join_unlisted}"),
    Look("join, cancelled", "/join/{join_cancelled}"),
    Look("join, event cancelled", "/join/{join_off}"),
    Look("sign in", "/sign-in"),
    Look("sign in, empty", "/sign-in", status=422, press="Sign in"),
    Look("sign up", "/sign-up"),
    Look("sign up, empty", "/sign-up", status=422, press="Sign up"),
    Look(
        "look in your mail",
        "/sign-up",
        press="Sign up",
        typed={"Full name": "Nguyễn Thị Ánh", "Email address": "anh@example.org"},
    ),
    Look("finish sign-up", "/sign-up/{sign_up}"),
    Look(
        "finish sign-up, weak password",
        "/sign-up/{sign_up}",
        status=422,
        press="Make my account",
        typed={"Password": "short"},
    ),
    Look("link", "/sign-in/link"),
    Look("link, empty", "/sign-in/link", status=422, press="Mail me a link"),
    Look("sign in by link", "/sign-in/link/{sign_in}"),
    Look("link, used", "/sign-in/link/{used}", status=410),
    Look("forgotten", "/sign-in/forgotten"),
    Look("forgotten, signed in", "/sign-in/forgotten", "account"),
    Look("new password", "/sign-in/forgotten/{reset}"),
    Look(
        "new password, none",
        "/sign-in/forgotten/{reset}",
        status=422,
        press="Save and sign in",
    ),
    Look("new address", "/account/address/{new_address}", "member"),
    Look("new address, signed out", "/account/address/{new_address}"),
    Look("new address, taken", "/account/address/{taken_address}", "account", 409),
    Look("not me", "/account/not-me/{not_me}"),
    Look("not me, taken", "/account/not-me/{taken_back}", status=409),
    Look("account", "/me/account", "account"),
    Look("account, no password", "/me/account", "plain"),
    Look("name", "/me/account/name", "account"),
    Look("password", "/me/account/password", "account"),
    Look("password, empty", "/me/account/password", "account", 422, "Save"),
    Look("password, first", "/me/account/password", "plain"),
    Look("address", "/me/account/address", "account"),
    Look("address, empty", "/me/account/address", "account", 422, "Mail me a link"),
    Look("closing", "/me/account/close", "member"),
    Look("closing, no registrations", "/me/account/close", "plain"),
    Look("preferences", "/me/preferences", "member"),
    Look("my registrations", "/me", "member"),
    Look("my registrations, past", "/me?past=1", "member"),
    Look("my registrations, none", "/me", "account"),
    Look("my registrations, mail comes back", "/me", "lapsed"),
    Look("event, with a zone", "/events/sharing-dispatch", "plain"),
    Look("roster", "/me/organizations/{city}", "member"),
    Look("roster, long", "/me/organizations/{crowd}", "member"),
    Look("roster, beyond its end", "/me/organizations/{crowd}?after={last}", "member"),
    Look("library", "/library"),
    Look("case studies", "/library/case-studies"),
    Look("case studies, narrowed", "/library/case-studies?area=dispatch_911"),
    Look("case study", "/library/case-studies/dakota-911"),
    Look("case study, as staff", "/library/case-studies/dakota-911", "staff"),
    Look("case study, retired", "/library/case-studies/{retired_case_id}", status=410),
    Look("what became", "/library/case-studies/dakota-911/what-became-of-it"),
    Look(
        "what became, empty",
        "/library/case-studies/dakota-911/what-became-of-it",
        status=422,
        press="Send it",
    ),
    Look(
        "what became, told",
        "/library/case-studies/dakota-911/what-became-of-it?told=1",
    ),
    Look("bibliography", "/library/bibliography"),
    Look("bibliography, narrowed", "/library/bibliography?topic=cost&decade=2010"),
    Look("bibliography, nothing", "/library/bibliography?q=zebra"),
    Look("work", "/library/bibliography/b16"),
    Look("work, in part from memory", "/library/bibliography/b24"),
    Look("work, retired", "/library/bibliography/b52", status=410),
    Look("research", "/library/research-summary"),
    Look("case studies by state", "/library/map"),
    Look("saving, a visitor", "/library/save/citation/b16"),
    Look("saving, signed in", "/library/save/citation/b16", "account"),
    Look("case study, signed in", "/library/case-studies/dakota-911", "member"),
    Look("saved", "/me/library", "member"),
    Look("saved, nothing", "/me/library", "account"),
    Look("saved, its note", "/me/library/{saved}", "member"),
    Look("library's search, signed in", "/library/search?q=dispatch", "member"),
    Look("library's search", "/library/search"),
    Look("library's search, found", "/library/search?q=shared+dispatch"),
    Look("library's search, narrowed", "/library/search?q=fire&outcome=ended"),
    Look("library's search, nothing", "/library/search?q=zebra"),
    Look("publications", "/library/publications"),
    Look("publications, narrowed", "/library/publications?kind=e_book&area=police"),
    Look("publications, nothing", "/library/publications?area=legal"),
    Look("publication", "/library/publications/sharing-public-safety"),
    Look("publication, as staff", "/library/publications/{draft_slug}", "staff"),
    Look("publication, retired", "/library/publications/{gone_slug}", status=410),
    Look("decision tool", "/worksheets"),
    Look("decision tool, opened", "/worksheets?area=dispatch_911", "member"),
    Look("decision tool, no service", "/worksheets", status=422, press=BEGIN),
    Look("worksheet", "/worksheets/{sheet}"),
    Look("worksheet, answered", "/worksheets/{answered}", "member"),
    Look("worksheet, to keep", "/worksheets/{sheet}/keep"),
    Look("worksheet, to keep, signed in", "/worksheets/{sheet}/keep", "account"),
    Look("worksheet, nowhere to send", "/worksheets/{sheet}/keep", None, 422, SEND_IT),
    Look("worksheet, to remove", "/worksheets/{answered}/remove"),
    Look("worksheet, no result yet", "/worksheets/{sheet}/result"),
    Look("worksheet, result", "/worksheets/{answered}/result", "member"),
    Look("group, to open", "/worksheets/groups"),
    Look("group, to open, signed in", "/worksheets/groups", "account"),
    Look("group, no service", "/worksheets/groups", status=422, press=OPEN_IT),
    Look("group, just opened", "/worksheets/groups/{lead_new}"),
    Look("group, two handed in", "/worksheets/groups/{lead_few}"),
    Look("group, ready to talk", "/worksheets/groups/{lead_ready}", "member"),
    Look("group, talk begun", "/worksheets/groups/{lead_begun}"),
    Look("group, talking", "/worksheets/groups/{lead_talk}"),
    Look("group, closed", "/worksheets/groups/{lead_over}"),
    Look("group, to close", "/worksheets/groups/{lead_talk}/close"),
    Look("group, to keep", "/worksheets/groups/{lead_new}/keep"),
    Look("group, to keep, signed in", "/worksheets/groups/{lead_new}/keep", "account"),
    Look("group, to keep, own", "/worksheets/groups/{lead_ready}/keep", "member"),
    Look(
        "group, nowhere to send",
        "/worksheets/groups/{lead_new}/keep",
        status=422,
        press=SEND_IT,
    ),
    Look("group, to remove", "/worksheets/groups/{lead_talk}/remove"),
    Look("group, to remove, nobody yet", "/worksheets/groups/{lead_new}/remove"),
    Look("question, before the talk", "/worksheets/groups/{lead_ready}/questions/C3"),
    Look("question, on the screen", "/worksheets/groups/{lead_talk}/questions/C3"),
    Look("question, not shown", "/worksheets/groups/{lead_talk}/questions/C6"),
    Look("question, too few", "/worksheets/groups/{lead_few}/questions/C6", status=404),
    Look(
        "question, nothing chosen",
        "/worksheets/groups/{lead_talk}/questions/C6",
        status=422,
        press="Write it down",
    ),
    Look("tasks, none", "/worksheets/groups/{lead_new}/tasks"),
    Look("tasks", "/worksheets/groups/{lead_talk}/tasks?item=C3"),
    Look("tasks, closed", "/worksheets/groups/{lead_over}/tasks"),
    Look(
        "tasks, nothing typed",
        "/worksheets/groups/{lead_talk}/tasks",
        status=422,
        press="Write it down",
    ),
    Look("group, result", "/worksheets/groups/{lead_talk}/result"),
    Look("group, result, own", "/worksheets/groups/{lead_ready}/result", "member"),
    Look("group, result, too few", "/worksheets/groups/{lead_few}/result"),
    Look("group, result, one's own link", "/worksheets/{first_over}/group"),
    Look("screen, to join", "/worksheets/screens/{screen_new}"),
    Look("screen, talk begun", "/worksheets/screens/{screen_begun}"),
    Look("screen, a question", "/worksheets/screens/{screen_talk}"),
    Look("screen, closed", "/worksheets/screens/{screen_over}"),
    Look("join", "/worksheets/join"),
    Look("join, no code", "/worksheets/join", status=422, press=JOIN),
    Look(
        "join, wrong code",
        "/worksheets/join",
        status=422,
        press=JOIN,
        typed={"The code": "ZZZZZZ"},
    ),
    Look("join, no such code", "/worksheets/join/ZZZZZZ", status=404),
    Look("join, who", "/worksheets/join/{code}"),
    Look("worksheet, joined", "/worksheets/{last_talk}"),
    Look("worksheet, handed in", "/worksheets/{first_ready}"),
    Look("worksheet, frozen", "/worksheets/{first_talk}"),
    Look("worksheet, group closed", "/worksheets/{last_over}"),
    Look("talk, waiting", "/worksheets/{first_ready}/talk"),
    Look("talk, begun", "/worksheets/{first_begun}/talk"),
    Look("talk, a question", "/worksheets/{first_talk}/talk"),
    Look("talk, over", "/worksheets/{first_over}/talk"),
    Look("own worksheets", "/me/worksheets", "member"),
    Look(
        "worksheets beside each other",
        "/me/worksheets/beside?worksheet={first_sheet}&worksheet={second_sheet}",
        "member",
    ),
    Look("own worksheets, none", "/me/worksheets", "account"),
    Look("privacy", "/privacy"),
    Look("accessibility", "/accessibility"),
    Look("not signed in", "/me", status=401),
    Look("not allowed", "/staff/outbox", "account", status=403),
    Look("not found", "/events/nothing-here", status=404),
    Look("desk", "/staff", "staff"),
    Look("staff's events", "/staff/events", "staff"),
    Look("staff's event", "/staff/events/{event}", "staff"),
    Look("report", "/staff/events/{event}/report", "staff"),
    Look("report on nobody", "/staff/events/{draft}/report", "staff"),
    Look("run sheet", "/staff/events/{event}/run-sheet", "staff"),
    Look("run sheet of a training", "/staff/events/{training}/run-sheet", "staff"),
    Look("staff's draft", "/staff/events/{draft}", "staff"),
    Look("calendar", CALENDAR, "staff"),
    Look("calendar, crowded", f"{CALENDAR}?on=2030-05-01&kind=webinar", "staff"),
    Look("calendar, other clocks", f"{CALENDAR}?zone=Pacific/Honolulu", "staff"),
    Look("calendar, nothing", f"{CALENDAR}?on=2199-12-31", "staff"),
    Look("calendar, a week", f"{CALENDAR}?view=week&on=2030-05-09", "staff"),
    Look("calendar, an empty week", f"{CALENDAR}?view=week&on=1900-01-01", "staff"),
    Look("messages of an event", "/staff/events/{event}/messages", "staff"),
    Look("messages of a draft", "/staff/events/{draft}/messages", "staff"),
    Look("who joined", "/staff/events/{event}/attendance", "staff"),
    Look("who joined a training", "/staff/events/{training}/attendance", "staff"),
    Look("what to read with an event", "/staff/events/{event}/resources", "staff"),
    Look("nothing to read with an event", "/staff/events/{draft}/resources", "staff"),
    Look("settings of an event", "/staff/events/{event}/settings", "staff"),
    Look("settings of what is off", "/staff/events/{called_off}/settings", "staff"),
    Look("new event on a day", "/staff/events/new?on=2030-05-09", "staff"),
    Look("looking for clashes", EDITED, "staff", 200, "Look for clashes"),
    Look("a clash that is known", "/staff/events/{known_clash}", "staff"),
    Look("no time to clash", NEW_WEBINAR, "staff", 200, "Look for clashes"),
    Look(
        "a time that is none",
        f"{NEW_WEBINAR}?on=2030-03-10",
        "staff",
        200,
        "Look for clashes",
        {"Starts at": "2:30 am"},
    ),
    Look(
        "moving into a clash",
        "/staff/events/{event}/move",
        "staff",
        200,
        "Look for clashes",
    ),
    Look("preview", "/staff/events/{draft}/preview", "staff"),
    Look("new event", "/staff/events/new", "staff"),
    Look("new webinar", "/staff/events/new/webinar", "staff"),
    Look(
        "new webinar, empty",
        "/staff/events/new/webinar",
        "staff",
        422,
        "Save and publish",
    ),
    Look("new on demand", "/staff/events/new/on-demand", "staff"),
    Look(
        "new on demand, empty",
        "/staff/events/new/on-demand",
        "staff",
        422,
        "Save and publish",
    ),
    Look("new forum", "/staff/events/new/forum", "staff"),
    Look(
        "new forum, empty", "/staff/events/new/forum", "staff", 422, "Save and publish"
    ),
    Look("new training", "/staff/events/new/training", "staff"),
    Look(
        "new training, empty",
        "/staff/events/new/training",
        "staff",
        422,
        "Save and publish",
    ),
    Look("editing", "/staff/events/{event}/edit", "staff"),
    Look("editing a training", "/staff/events/{training}/edit", "staff"),
    Look("kind", "/staff/events/{event}/kind", "staff"),
    Look("kind, training", "/staff/events/{training}/kind", "staff"),
    Look("staff's training", "/staff/events/{training}", "staff"),
    Look("moving", "/staff/events/{event}/move", "staff"),
    Look(
        "moving, foreseen",
        "/staff/events/{event}/move",
        "staff",
        press="See what this causes",
        typed={"Ends at": "3:30 pm"},
    ),
    Look("called off, nobody told yet", "/staff/events/{called_off}", "staff"),
    Look("calling off", "/staff/events/{event}/cancel", "staff"),
    Look("event, postponed", "/events/put-off"),
    Look("event, postponed, registered", "/events/put-off", "member"),
    Look("refused, postponed", "/events/put-off/register"),
    Look("registration, postponed", "/registrations/{put_off_token}"),
    Look("join, postponed", "/join/{put_off_door}"),
    Look("staff's event, postponed", "/staff/events/{put_off}", "staff"),
    Look("staff's event, just postponed", "/staff/events/{put_off_late}", "staff"),
    Look("postponing", "/staff/events/{event}/postpone", "staff"),
    Look("giving a date", "/staff/events/{put_off}/redate", "staff"),
    Look(
        "giving a date, foreseen",
        "/staff/events/{put_off}/redate",
        "staff",
        press="See what this causes",
        typed={"Day": "20"},
    ),
    Look("publishing later", "/staff/events/{draft}/publish-at", "staff"),
    Look("publishing later, planned", "/staff/events/{planned}/publish-at", "staff"),
    Look("publishing later, lacking", "/staff/events/{not_published}", "staff"),
    Look(
        "publishing later, empty",
        "/staff/events/{draft}/publish-at",
        "staff",
        422,
        "Publish it then",
    ),
    Look("putting away", "/staff/events/{draft}/archive", "staff"),
    Look("staff's event, put away", "/staff/events/{archived}", "staff"),
    Look("staff's events, put away", "/staff/events?show=archived", "staff"),
    Look("copying", "/staff/events/{event}/copy", "staff"),
    Look("copying, empty", "/staff/events/{event}/copy", "staff", 422, COPY_IT),
    Look("repeating", "/staff/events/{weekly}/repeat", "staff"),
    Look("repeating, nothing", "/staff/events/{weekly}/repeat", "staff", 422, DAYS),
    Look(
        "repeating, the days",
        "/staff/events/{weekly}/repeat",
        "staff",
        press=DAYS,
        typed={"How many more times": "6"},
    ),
    Look("series", "/staff/series/{series}", "staff"),
    Look("changing several", "/staff/series/{series}/change", "staff"),
    Look(
        "changing several, nothing",
        "/staff/series/{series}/change",
        "staff",
        422,
        "See what this causes",
    ),
    Look("what was typed", "/staff/events/{half_typed}/edit", "staff"),
    Look("what was typed, back", "/staff/events/{half_typed}/edit?typed=1", "staff"),
    Look("people", "/staff/events/{event}/registrations", "staff"),
    Look("people, waiting", "/staff/events/{full}/registrations", "staff"),
    Look("people, requests", "/staff/events/{asked}/registrations", "staff"),
    Look("people, a place is held", "/staff/events/{paid}/registrations", "staff"),
    Look("people, nobody fits", "/staff/events/{full}/registrations?from=x", "staff"),
    Look("columns", "/staff/events/{asks}/registrations/columns", "staff"),
    Look("a person's story", "/staff/registrations/{queued}", "staff"),
    Look(
        "cancelling several",
        "/staff/events/{choosing}/selections/{cancelling}",
        "staff",
    ),
    Look(
        "moving several",
        "/staff/events/{choosing}/selections/{moving_over}",
        "staff",
    ),
    Look(
        "moving several, foreseen",
        "/staff/events/{choosing}/selections/{moving_over}",
        "staff",
        press="See what becomes of them",
    ),
    Look(
        "several cancelled",
        "/staff/events/{choosing}/selections/{was_cancelled}",
        "staff",
    ),
    Look(
        "writing to those chosen",
        "/staff/events/{choosing}/announcements/new?chosen={cancelling}",
        "staff",
    ),
    Look(
        "people from a file", "/staff/events/{choosing}/registrations/import", "staff"
    ),
    Look("presenters from a file", "/staff/presenters/import", "staff"),
    Look(
        "people from a file, columns",
        "/staff/events/{choosing}/registrations/imports/{list_file}/columns",
        "staff",
    ),
    Look(
        "presenters from a file, columns",
        "/staff/presenters/imports/{presenter_file}/columns",
        "staff",
    ),
    Look(
        "people from a file, ready",
        "/staff/events/{choosing}/registrations/imports/{list_ready}",
        "staff",
    ),
    Look(
        "people from a file, undone",
        "/staff/events/{choosing}/registrations/imports/{list_undone}",
        "staff",
    ),
    Look("mails of one person", "/staff/registrations/{queued}/mails", "staff"),
    Look("mails of a member", "/staff/registrations/{request}/mails", "staff"),
    Look("declining", "/staff/registrations/{request}/decline", "staff"),
    Look("editing questions", "/staff/events/{asks}/edit", "staff"),
    Look("people, answers", "/staff/events/{asks}/registrations", "staff"),
    Look("needs", "/staff/events/{asks}/accessibility", "staff"),
    Look(
        "needs, shown",
        "/staff/events/{asks}/accessibility",
        "staff",
        press="Show what they need",
    ),
    Look("needs, none", "/staff/events/{nobody_asked}/accessibility", "staff"),
    Look("registering, asks", "/staff/events/{asks}/registrations/new", "staff"),
    Look("registering", "/staff/events/{event}/registrations/new", "staff"),
    Look(
        "registering, full, empty",
        "/staff/events/{full}/registrations/new",
        "staff",
        status=422,
        press="Register them",
    ),
    Look("giving a place", "/staff/registrations/{queued}/place", "staff"),
    Look("giving a held place", "/staff/registrations/{promised}/place", "staff"),
    Look("replacing somebody", "/staff/registrations/{queued}/replace", "staff"),
    Look(
        "replacing somebody, empty",
        "/staff/registrations/{queued}/replace",
        "staff",
        422,
        "Let them come instead",
    ),
    Look("correcting for somebody", "/staff/registrations/{queued}/address", "staff"),
    Look("cancelling for somebody", "/staff/registrations/{queued}/cancel", "staff"),
    Look(
        "cancelling what is charged", "/staff/registrations/{dearest}/cancel", "staff"
    ),
    Look("registering, priced", "/staff/events/{dear}/registrations/new", "staff"),
    Look("staff's event, priced", "/staff/events/{dear}", "staff"),
    Look("invoices", "/staff/invoices", "staff"),
    Look("invoices, of an event", "/staff/invoices?event={dear}", "staff"),
    Look("invoices, none", "/staff/invoices?q=zebra", "staff"),
    Look("invoice", "/staff/invoices/{charged_invoice}", "staff"),
    Look("invoice, paid in part", "/staff/invoices/{owing_invoice}", "staff"),
    Look("invoice, to be paid back", "/staff/invoices/{credited_invoice}", "staff"),
    Look(
        "invoice, too much",
        "/staff/invoices/{owing_invoice}",
        "staff",
        422,
        "Write it down",
        {"Amount": "100"},
    ),
    Look("staff's publications", "/staff/library", "staff"),
    Look("staff's publications, none", "/staff/library?q=zebra", "staff"),
    Look("staff's publications, due", "/staff/library?show=due", "staff"),
    Look("why a case is suggested", "/staff/library/suggestions", "staff"),
    Look("what is used of the library", "/staff/library/use", "staff"),
    Look(
        "why a case is suggested, at an event",
        "/staff/library/suggestions?event={event}&area_1=dispatch_911&state=NY",
        "staff",
    ),
    Look(
        "why a case is suggested, no such service",
        "/staff/library/suggestions?area_1=nothing",
        "staff",
        422,
    ),
    Look("new publication", "/staff/library/publications/new", "staff"),
    Look(
        "new publication, empty",
        "/staff/library/publications/new",
        "staff",
        422,
        "Save",
    ),
    Look("editing a publication", "/staff/library/publications/{book}", "staff"),
    Look("editing a draft", "/staff/library/publications/{draft_book}", "staff"),
    Look("editing what is retired", "/staff/library/publications/{gone_book}", "staff"),
    Look("adding a version", "/staff/library/publications/{book}/versions", "staff"),
    Look(
        "adding a version, empty",
        "/staff/library/publications/{book}/versions",
        "staff",
        422,
        "Add this version",
    ),
    Look("retiring", "/staff/library/publications/{book}/retire", "staff"),
    Look("staff's case studies", "/staff/library/case-studies", "staff"),
    Look("staff's case studies, none", "/staff/library/case-studies?q=zebra", "staff"),
    Look("new case study", "/staff/library/case-studies/new", "staff"),
    Look(
        "new case study, empty",
        "/staff/library/case-studies/new",
        "staff",
        422,
        "Save",
    ),
    Look("editing a case study", "/staff/library/case-studies/{case}", "staff"),
    Look("editing a case that is due", "/staff/library/case-studies/{due}", "staff"),
    Look(
        "editing a retired case study",
        "/staff/library/case-studies/{retired_case}",
        "staff",
    ),
    Look("to look at again", "/staff/library/due", "staff"),
    Look("files of the library", "/staff/library/exchange", "staff"),
    Look(
        "files of the library, none chosen",
        "/staff/library/exchange",
        "staff",
        422,
        "Upload and compare",
    ),
    Look("what a file would do", "/staff/library/imports/{library_import}", "staff"),
    Look("what a file did", "/staff/library/imports/{library_done}", "staff"),
    Look("a file with mistakes", "/staff/library/imports/{library_wrong}", "staff"),
    Look("staff's notes", "/staff/library/notes", "staff"),
    Look("staff's notes, none", "/staff/library/notes?show=done", "staff"),
    Look("staff's bibliography", "/staff/library/bibliography", "staff"),
    Look("new work", "/staff/library/bibliography/new", "staff"),
    Look("new work, empty", "/staff/library/bibliography/new", "staff", 422, "Save"),
    Look("editing a work", "/staff/library/bibliography/{work}", "staff"),
    Look(
        "editing what is retired of others",
        "/staff/library/bibliography/{retired_work}",
        "staff",
    ),
    Look("everybody", "/staff/people", "staff"),
    Look("everybody, narrowed", "/staff/people?who=members&q=sam", "staff"),
    Look("everybody, nobody", "/staff/people?q=zebra", "staff"),
    Look("person, guest", "/staff/people/{guest}", "staff"),
    Look("person, member", "/staff/people/{member}", "staff"),
    Look("person, mail comes back", "/staff/people/{unreachable}", "staff"),
    Look("person, long name", "/staff/people/{long_name}", "staff"),
    Look("role", "/staff/people/{member}/role?role=administrator", "staff"),
    Look("roles in programs", "/staff/people/{member}/programs", "staff"),
    Look("role, taken away", "/staff/people/{staff}/role?role=none", "staff"),
    Look("audit trail", "/staff/audit", "staff"),
    Look("history", "/staff/history/program/{program}", "staff"),
    Look("audit trail, nothing", "/staff/audit?kind=association", "staff"),
    Look("audit trail, bad day", "/staff/audit?since-day=x", "staff", 422),
    Look("people, not listed", "/staff/events/{requiring}/registrations", "staff"),
    Look("staff's forum", "/staff/events/{requiring}", "staff"),
    Look("conferences", "/staff/conferences", "staff"),
    Look("new conference", "/staff/conferences/new", "staff"),
    Look("new conference, empty", "/staff/conferences/new", "staff", 422, "Save"),
    Look("editing a conference", "/staff/conferences/{conference}/edit", "staff"),
    Look("preview of a conference", "/staff/conferences/{unseen}/preview", "staff"),
    Look("addresses", ADDRESSES, "staff"),
    Look("addresses, none", ADDRESSES, "staff", 422, SEE),
    Look(
        "addresses, checked",
        ADDRESSES,
        "staff",
        200,
        SEE,
        {LISTED: "a@example.org\nno"},
    ),
    Look("programs", "/staff/programs", "staff"),
    Look("new program", "/staff/programs/new", "staff"),
    Look("new program, empty", "/staff/programs/new", "staff", 422, "Save"),
    Look("editing a program", "/staff/programs/{program}/edit", "staff"),
    Look("presenters", "/staff/presenters", "staff"),
    Look("presenters, nobody", "/staff/presenters?q=zebra", "staff"),
    Look("editing a presenter", "/staff/presenters/{presenter}/edit", "staff"),
    Look("presenter, corrected", "/staff/presenters/{pictured}/edit", "staff"),
    Look("picture", "/staff/presenters/{pictured}/picture", "staff"),
    Look("picture, none", "/staff/presenters/{presenter}/picture", "staff"),
    Look(
        "picture, nothing said",
        "/staff/presenters/{presenter}/picture",
        "staff",
        422,
        "Save the picture",
    ),
    Look("event on the desk, on stage", "/staff/events/{staged}", "staff"),
    Look("merging", "/staff/presenters/{presenter}/merge", "staff"),
    Look(
        "merging, none chosen",
        "/staff/presenters/{presenter}/merge",
        "staff",
        422,
        "Make the two one",
    ),
    Look("partners", "/staff/partners", "staff"),
    Look("editing a partner", "/staff/partners/{partner}/edit", "staff"),
    Look("merging partners", "/staff/partners/{partner}/merge", "staff"),
    Look("association", "/staff/association", "staff"),
    Look("organizations", "/staff/organizations", "staff"),
    Look("organizations, nothing", "/staff/organizations?q=zebra", "staff"),
    Look("organization", "/staff/organizations/{city}", "staff"),
    Look("organization, long lists", "/staff/organizations/{crowd}", "staff"),
    Look(
        "organization, turned",
        "/staff/organizations/{crowd}?list=others&after={left}",
        "staff",
    ),
    Look(
        "organization, beyond its people",
        "/staff/organizations/{crowd}?list=people&after={last}",
        "staff",
    ),
    Look("memberships, long", "/staff/memberships/new?organization={crowd}", "staff"),
    Look("new organization", "/staff/organizations/new", "staff"),
    Look("new organization, empty", "/staff/organizations/new", "staff", 422, "Save"),
    Look("changing an organization", "/staff/organizations/{city}/edit", "staff"),
    Look("new person", "/staff/organizations/{city}/people/new", "staff"),
    Look(
        "new person, empty",
        "/staff/organizations/{city}/people/new",
        "staff",
        422,
        "Save",
    ),
    Look("person", "/staff/organizations/{city}/people/{stay}", "staff"),
    Look("new membership", "/staff/memberships/new?organization={city}", "staff"),
    Look("own membership", "/staff/memberships/new?person={person}", "staff"),
    Look("membership", "/staff/memberships/{membership}", "staff"),
    Look("membership types", "/staff/membership-types", "staff"),
    Look("new type", "/staff/membership-types/new", "staff"),
    Look("new type, empty", "/staff/membership-types/new", "staff", 422, "Save"),
    Look("membership type", "/staff/membership-types/{membership_type}", "staff"),
    Look("import", "/staff/organizations/import", "staff"),
    Look(
        "import, no file",
        "/staff/organizations/import",
        "staff",
        422,
        "Upload and choose columns",
    ),
    Look("columns", "/staff/organizations/imports/{import_matching}/columns", "staff"),
    Look(
        "import, under way",
        "/staff/organizations/imports/{import_comparing}?still=1",
        "staff",
    ),
    Look("import, ready", "/staff/organizations/imports/{import_ready}", "staff"),
    Look("import, stopped", "/staff/organizations/imports/{import_failed}", "staff"),
    Look("import, done", "/staff/organizations/imports/{import_done}", "staff"),
    Look("import, undone", "/staff/organizations/imports/{import_undone}", "staff"),
    Look("mails", "/staff/outbox", "staff"),
    Look("what mails say", "/staff/words", "staff"),
    Look("words of a mail", "/staff/words/registration.confirmed", "staff"),
    Look("words of an account's mail", "/staff/words/accounts.reset", "staff"),
    Look(
        "words of a mail, refused",
        "/staff/words/registration.confirmed",
        "staff",
        422,
        "Save",
        {"Subject": "{evnet}", "Words": "Hello {name}"},
    ),
    Look(
        "going back to our own words", "/staff/words/registration.lapsed/reset", "staff"
    ),
    Look("what an event's mails say", "/staff/events/{event}/words", "staff"),
    Look(
        "words of an event's mail",
        "/staff/events/{event}/words/registration.reminder",
        "staff",
    ),
    Look(
        "words of an event's mail, tried",
        "/staff/events/{event}/words/registration.moved",
        "staff",
        press="Send me a test",
    ),
    Look(
        "going back to the words of before",
        "/staff/events/{event}/words/registration.reminder/reset",
        "staff",
    ),
    Look("announcements", ANNOUNCEMENTS, "staff"),
    Look("announcements of an event", "/staff/events/{event}/announcements", "staff"),
    Look("announcements, none", "/staff/events/{draft}/announcements", "staff"),
    Look("writing to members", f"{ANNOUNCEMENTS}/new", "staff"),
    Look("writing to members, empty", f"{ANNOUNCEMENTS}/new", "staff", 422, "Save"),
    Look("writing to an event", "/staff/events/{event}/announcements/new", "staff"),
    Look(
        "writing to an event, unknown name",
        "/staff/events/{event}/announcements/new",
        "staff",
        422,
        "Save",
        {"Subject": "On {evnt}"},
    ),
    Look("announcement, draft", f"{ANNOUNCEMENTS}/{{announced_draft}}", "staff"),
    Look("announcement, of an event", f"{ANNOUNCEMENTS}/{{announced_event}}", "staff"),
    Look("announcement, nobody", f"{ANNOUNCEMENTS}/{{announced_nobody}}", "staff"),
    Look(
        "announcement, waiting",
        f"{ANNOUNCEMENTS}/{{announced_waiting}}?still=1",
        "staff",
    ),
    Look(
        "announcement, leaving",
        f"{ANNOUNCEMENTS}/{{announced_leaving}}?still=1",
        "staff",
    ),
    Look("announcement, paused", f"{ANNOUNCEMENTS}/{{announced_paused}}", "staff"),
    Look("announcement, stopped", f"{ANNOUNCEMENTS}/{{announced_stopped}}", "staff"),
    Look("announcement, gone", f"{ANNOUNCEMENTS}/{{announced_gone}}", "staff"),
    Look("editing a draft", f"{ANNOUNCEMENTS}/{{announced_draft}}/edit", "staff"),
    Look("stopping", f"{ANNOUNCEMENTS}/{{announced_paused}}/stop", "staff"),
    Look("unsubscribing", "/unsubscribe/{subscribed}"),
    Look("unsubscribed", "/unsubscribe/{unsubscribed}"),
    Look("lists", "/unsubscribe/{subscribed}/preferences"),
    Look("lists, saved", "/unsubscribe/{subscribed}/preferences", press="Save"),
    Look("own lists", "/me/announcements", "member"),
    Look("mail", "/staff/outbox/{mail}", "staff"),
    Look("mail that came back", "/staff/outbox/{mail_back}", "staff"),
    Look("mails that came back", "/staff/outbox?state=returned", "staff"),
]
#: What is no page, what it is, and who may have it.
FILES: dict[str, tuple[str | None, str, str | None]] = {
    "home_staff.audit_csv": ("/staff/audit.csv", "text/csv", "staff"),
    "attendance_staff.door_list": (
        "/staff/events/{event}/door-list.pdf",
        "application/pdf",
        "staff",
    ),
    "announcements_staff.preview": (
        "/staff/announcements/{announced_draft}/preview",
        "text/html",
        "staff",
    ),
    "billing_staff.export": ("/staff/invoices/invoices.csv", "text/csv", "staff"),
    "billing_staff.file": (
        "/staff/invoices/{owing_invoice}.pdf",
        "application/pdf",
        "staff",
    ),
    "events.picture": ("/pictures/{picture}.webp", "image/webp", None),
    "home.presenting_calendar": (
        "/presenting/{presenting}/sessions.ics",
        "text/calendar",
        None,
    ),
    "home.presenting_feed": (
        "/presenting/feeds/{presenting_feed}.ics",
        "text/calendar",
        None,
    ),
    "matching.group_result_pdf": (
        "/worksheets/groups/{lead_talk}/result.pdf",
        "application/pdf",
        None,
    ),
    "matching.of_group_pdf": (
        "/worksheets/{first_over}/group.pdf",
        "application/pdf",
        None,
    ),
    "matching.result_pdf": (
        "/worksheets/{answered}/result.pdf",
        "application/pdf",
        None,
    ),
    "events.feed": ("/events.ics", "text/calendar", None),
    "registrations.own_feed": ("/feeds/{feed}.ics", "text/calendar", None),
    "events.calendar": ("/events/sharing-dispatch.ics", "text/calendar", None),
    "events.conference_calendar": (
        "/conferences/sample-annual-conference.ics",
        "text/calendar",
        None,
    ),
    "registrations.invoice": (
        "/registrations/{charged}/invoice/{charged_invoice}.pdf",
        "application/pdf",
        None,
    ),
    "registrations.invitation": (
        "/registrations/{registered}/invitation.ics",
        "text/calendar",
        None,
    ),
    "home.favicon": ("/favicon.ico", "image/x-icon", None),
    "home.healthz": ("/healthz", "application/json", None),
    "home.readyz": ("/readyz", "application/json", None),
    "home.robots": ("/robots.txt", "text/plain", None),
    "library.bibliography_file": ("/library/bibliography.txt", "text/plain", None),
    "library.case_studies_file": (
        "/library/case-studies.bib",
        "application/x-bibtex",
        None,
    ),
    "library.case_study_file": (
        "/library/case-studies/dakota-911.ris",
        "application/x-research-info-systems",
        None,
    ),
    "library.citation_file": (
        "/library/bibliography/b16.json",
        "application/vnd.citationstyles.csl+json",
        None,
    ),
    "library.file": ("/files/{book_file}", "text/plain", None),
    "library.research_summary_text": (
        "/library/research-summary.txt",
        "text/plain",
        None,
    ),
    "organizations.names": ("/organizations/names?q=sa", "application/json", None),
    "library_staff.export_csv": (
        "/staff/library/export/case_studies.csv",
        "text/csv",
        "staff",
    ),
    "library_staff.export_json": (
        "/staff/library/export.json",
        "application/json",
        "staff",
    ),
    "organizations_staff.import_report": (
        "/staff/organizations/imports/{import_done}/report.csv",
        "text/csv",
        "staff",
    ),
    "registrations_staff.list_import_report": (
        "/staff/events/{choosing}/registrations/imports/{list_ready}/report.csv",
        "text/csv",
        "staff",
    ),
    "registrations_staff.registrations_xlsx": (
        "/staff/events/{asks}/registrations.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "staff",
    ),
    "registrations_staff.selection_report": (
        "/staff/events/{choosing}/selections/{was_cancelled}/report.csv",
        "text/csv",
        "staff",
    ),
    "registrations_staff.registrations_csv": (
        "/staff/events/{asks}/registrations.csv",
        "text/csv",
        "staff",
    ),
    "static": (None, "text/css", None),
}


@pytest.fixture(scope="module")
def scene(app: Flask) -> Iterator[Scene]:
    """The program of all these tests, which only look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "CLOCK", lambda: NOON)
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            yield build(app, session)
        with engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture(scope="module")
def ear_of(
    browsers: Browsers, app: Flask, server: str, scene: Scene
) -> Iterator[EarOf]:
    """Open a window for each person who looks, and one for nobody."""
    windows = ExitStack()

    @cache
    def opened(browser: Browser, who: str | None) -> Ear:
        return Ear(windows.enter_context(_window(browser, app, server, scene, who)))

    yield lambda who: opened(browsers.one(), who)
    with browsers.patience():
        windows.close()


def test_every_route_is_looked_at(app: Flask, scene: Scene) -> None:
    urls = app.url_map.bind(app.config["SERVER_NAME"])
    paths = [look.path.format(**scene.values).partition("?")[0] for look in LOOKS]
    seen = {urls.match(path)[0] for path in paths}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if _is_read(rule)}
    assert routes - seen == set(FILES)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_page_is_light_and_in_order_at_every_width(
    ear_of: EarOf, scene: Scene, look: Look
) -> None:
    ear = ear_of(look.who)
    page = ear.page
    ear.complaints.clear()
    page.set_viewport_size({"width": 1280, "height": 800})
    answer = page.goto(look.path.format(**scene.values))
    heavy = heavy_parts(page)
    for label, words in look.typed.items():
        asked = page.locator("main :not([type=search])")
        page.get_by_label(label).and_(asked).fill(words)
    if look.press:
        answer = _press(page, look.press)
    status = answer.status if answer else None
    seen = status, heavy, faults_of(page), ear.complaints
    assert seen == (look.status, [], [], [])


@pytest.mark.parametrize("endpoint", FILES)
def test_a_file_is_what_it_says(
    app: Flask, page: Page, scene: Scene, server: str, endpoint: str
) -> None:
    path, kind, who = FILES[endpoint]
    if who is not None:
        cookie = session_cookie(app, server, scene.people[who])
        page.context.add_cookies([cookie])
    path = path or f"{app.static_url_path}/css/site.css"
    answer = page.request.get(path.format(**scene.values))
    assert answer.headers["content-type"].partition(";")[0] == kind


def _is_read(rule: Rule) -> bool:
    return "GET" in (rule.methods or set())


@contextmanager
def _window(
    browser: Browser, app: Flask, server: str, scene: Scene, who: str | None
) -> Iterator[Page]:
    with browser.new_context(base_url=server) as context:
        if who is not None:
            context.add_cookies([session_cookie(app, server, scene.people[who])])
        yield context.new_page()


def _press(page: Page, button: str) -> Response | None:
    page.route("**/join/*", _stay)
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name=button, exact=True).click()
    return navigation.value


def _stay(route: Route) -> None:
    """Hold a page that would lead on by itself."""
    answer = route.fetch()
    headers = {k: v for k, v in answer.headers.items() if k != "refresh"}
    route.fulfill(response=answer, headers=headers)
