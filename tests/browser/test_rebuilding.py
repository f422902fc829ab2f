"""The sample program, typed on the staff's form: people see what the seed has made."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.core.db import Base
from csd_events.events import queries as events
from csd_events.events.models import Conference, Event
from csd_events.events.rules import (
    FITTING,
    ConferenceDraft,
    Contributor,
    EventDraft,
    Format,
    OfferDraft,
    ProgramDraft,
    SessionDraft,
)
from csd_events.library import service as library
from csd_events.registrations.words import FORMAT_WORDS
from csd_events.seeds import rules
from csd_events.seeds import service as seeds
from csd_events.seeds.rules import SampleEvent
from tests.browser.scenes import TODAY
from tests.factories import CHEAP, NOON, PASSWORD, make_account, writing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]

At = Callable[[datetime], None]
SAMPLES = (*rules.FOUNDING, *rules.upcoming(TODAY))
STAFF = next(person.email for person in rules.PEOPLE if person.is_staff)
#: Fields of the form that a draft has under the same name, and that hold words.
SAME = (
    "title", "summary", "description", "place", "platform_url", "recording_url",
    "audience", "accessibility", "contact", "capacity", "waiting_limit",
    "completes_after", "completes_share", "completion_note", "prerequisite_note",
)  # fmt: skip
#: What the form of a format does not ask, because no sample of it has it.
NOT_ASKED = {name: FITTING[name] for name in SAME if name in FITTING}
#: What no two events have in common.
ITS_OWN = {"id", "event_id", "session_id", "slug", "sent"}
#: What a page says of its event alone; other events stand in a list below.
WITHOUT_OTHERS = """() => {
  document.querySelector("[aria-labelledby=related]")?.remove();
  return document.querySelector("main").innerText;
}"""


@pytest.fixture
def seeded(session: Session) -> Session:
    """The sample program, as it is loaded on a first start at noon."""
    with writing(session):
        seeds.load(session, password_hash=CHEAP.hash(PASSWORD), now=NOON)
    return session


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_a_sample_event_typed_by_staff_is_the_one_the_seed_has_made(
    page: Page, seeded: Session, at: At, sample: SampleEvent
) -> None:
    at(sample.announced_at or NOON)
    _sign_in(page)
    _publish(page, sample)

    at(NOON)
    original = events.get_by_slug(seeded, sample.slug)
    newest = seeded.scalar(select(func.max(Event.id))) or 0
    rebuilt = events.get(seeded, newest)
    assert _all_of(rebuilt) == _all_of(original)
    assert _shown(page, rebuilt.slug) == _shown(page, original.slug)
    assert rebuilt.slug != original.slug


def test_a_conference_and_a_program_built_by_staff_are_those_the_seed_has_made(
    page: Page, session: Session
) -> None:
    """With the forums of the schedule, in whatever order they are written."""
    with writing(session):
        library.import_cases(session, library.built_in_document())
    make_account(session, email=STAFF, role=Role.SCHEDULER)
    forums = [sample for sample in rules.upcoming(TODAY) if sample.conference]
    (conference,) = {each.conference for each in forums if each.conference}
    _sign_in(page)
    _keep_program(page, rules.PROGRAM)
    _keep_conference(page, conference.draft)
    for sample in reversed(forums):
        _publish(page, sample)
    page.context.clear_cookies()
    built = _belongings(session, conference.slug)
    schedule = _text(page, f"/conferences/{conference.slug}")

    session.rollback()
    with writing(session):
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        seeds.load(session, password_hash=CHEAP.hash(PASSWORD), now=NOON)
    session.expunge_all()
    assert _belongings(session, conference.slug) == built
    assert _text(page, f"/conferences/{conference.slug}") == schedule
    assert all(each.draft.title in schedule for each in forums)


def _keep_conference(page: Page, draft: ConferenceDraft) -> None:
    page.goto("/staff/conferences/new")
    words = {
        name: _words(getattr(draft, name))
        for name in ("name", "summary", "place", "booth", "website")
    }
    days = _day("first_on", draft.first_on) | _day("last_on", draft.last_on)
    for name, typed in (words | days).items():
        page.locator(f"main [name='{name}']").fill(typed)
    page.locator("[name=zone]").select_option(draft.zone)
    _tick(page, "published", "y")
    _fill_partners(page, draft.partners)
    _save(page)


def _keep_program(page: Page, draft: ProgramDraft) -> None:
    page.goto("/staff/programs/new")
    for name in ("name", "summary", "description"):
        page.locator(f"main [name='{name}']").fill(getattr(draft, name))
    for number, case in enumerate(draft.reading):
        if number:
            page.locator("button[name=more][value=reading]").click()
        page.locator(f"[name=reading-{number}]").select_option(case)
    _unfold(page)
    for area in draft.areas:
        _tick(page, "areas", area)
    _fill_partners(page, draft.partners)
    _save(page)


def _fill_partners(page: Page, partners: Sequence[Contributor]) -> None:
    for number, partner in enumerate(partners):
        if number:
            page.locator("button[name=more][value=partners]").click()
            _unfold(page)
        page.locator(f"[name=partners-{number}-name]").fill(partner.name)
        role = page.locator(f"[name=partners-{number}-role]")
        role.select_option(partner.role.value)


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def _belongings(session: Session, slug: str) -> list[dict[str, Any]]:
    """Return every value of the conference and the program, and who is behind them."""
    session.rollback()
    conference = session.scalars(select(Conference.id).where(Conference.slug == slug))
    rows = (
        events.get_conference(session, conference.one()),
        events.get_program_by_slug(session, rules.PROGRAM_SLUG),
    )
    return [_values(row) | {"slug": row.slug} for row in rows] + [
        {"role": each.role, "name": each.partner.name}
        for row in rows
        for each in row.partners
    ]


def _text(page: Page, path: str) -> str:
    page.goto(path)
    words: str = page.locator("main").inner_text()
    return words


def _sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(STAFF)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)


def _publish(page: Page, sample: SampleEvent) -> None:
    """Write an event on the form from the first field to the button below the last."""
    draft = sample.draft
    page.goto("/staff/events/new")
    page.get_by_role("link", name=str(FORMAT_WORDS[draft.format][0])).click()
    page.locator("details.more > summary").click()
    _make_room(page, sample)
    typed = _typed(draft)
    for index, slug in enumerate(sample.requires):
        typed[f"prerequisites-{index}"] = f"/events/{slug}"
    for name, words in typed.items():
        page.locator(f"main [name='{name}']").fill(words)
    for name, value in _chosen(draft).items():
        page.locator(f"select[name='{name}']").select_option(value)
    for name, value in _ticked(draft):
        _tick(page, name, value)
    if draft.requires_conference:
        _tick(page, "requires_conference", "y")
    page.locator("[name=program_id]").select_option(label=rules.PROGRAM.name)
    if sample.conference:
        name = sample.conference.draft.name
        page.locator("[name=conference_id]").select_option(label=name)
    page.get_by_role("button", name="Save and publish").click()
    # The whole sentence, and on the page that follows: the form may name other events
    # that are published, and leaving before it came would show it on the next page.
    page.wait_for_url(re.compile(r"/staff/events/\d+$"))
    expect(page.get_by_role("status")).to_contain_text("Published: everybody can see")


def _make_room(page: Page, sample: SampleEvent) -> None:
    """Press the buttons that give a list of the form another row."""
    draft = sample.draft
    wanted = {
        "offers": len(draft.offers),
        "presenters": len(_people(draft)),
        "partners": len(_partners(draft)),
        "sessions": len(draft.sessions),
        "prerequisites": len(sample.requires),
        "reading": len(draft.reading),
        "questions": len(draft.questions),
    }
    for name, number in wanted.items():
        for row in range(1, number):
            page.locator(f"button[name=more][value={name}]").click()
            added = page.locator(f"[name={name}-{row}], [name^={name}-{row}-]")
            expect(added.last).to_be_visible()


def _typed(draft: EventDraft) -> dict[str, str]:
    """Return the words for each box of the form."""
    words = {
        name: _words(getattr(draft, name))
        for name in SAME
        if draft.format in NOT_ASKED.get(name, set(Format))
    }
    several = draft.format is Format.TRAINING
    for index, sitting in enumerate(draft.sessions):
        words |= _sitting(f"sessions-{index}-" if several else "", sitting)
    for index, offer in enumerate(draft.offers):
        words |= _offer(f"offers-{index}-", offer)
    for index, person in enumerate(_people(draft)):
        who = {"title": person.title, "organization": person.organization}
        words |= {f"presenters-{index}-{k}": v for k, v in who.items()}
        words[f"presenters-{index}-name"] = person.name
    for index, partner in enumerate(_partners(draft)):
        words[f"partners-{index}-name"] = partner.name
    for index, question in enumerate(draft.questions):
        words[f"questions-{index}-label"] = question.label
        words[f"questions-{index}-help"] = question.help
        words[f"questions-{index}-choices"] = "\n".join(question.choices)
    return words


def _sitting(row: str, sitting: SessionDraft) -> dict[str, str]:
    ends = sitting.wall_end
    words = _day(f"{row}starts_on", sitting.wall_start.date())
    words[f"{row}start_time"] = _clock(sitting.wall_start)
    words[f"{row}end_time"] = _clock(ends) if ends else ""
    if row:
        words |= {f"{row}title": sitting.title, f"{row}place": sitting.place}
        words[f"{row}platform_url"] = _words(sitting.platform_url)
    return words


def _offer(row: str, offer: OfferDraft) -> dict[str, str]:
    return {
        f"{row}price": f"{offer.price_cents / 100:.2f}",
        f"{row}quota": _words(offer.quota),
        **_day(f"{row}opens_on", offer.opens_on),
        **_day(f"{row}closes_on", offer.closes_on),
    }


def _chosen(draft: EventDraft) -> dict[str, str]:
    """Return what is picked from each list to choose one from."""
    picked = {"zone": draft.zone, "arrangement": draft.form or ""}
    picked["main_area"] = next(iter(draft.areas), "")
    lists: Mapping[str, Sequence[str]] = {
        "offers-{}-audience": [offer.audience for offer in draft.offers],
        "presenters-{}-role": [person.role for person in _people(draft)],
        "presenters-{}-sitting": _numbers(draft),
        "partners-{}-role": [partner.role for partner in _partners(draft)],
        "reading-{}": draft.reading,
        "questions-{}-kind": [question.kind for question in draft.questions],
    }
    for name, values in lists.items():
        picked |= {name.format(i): str(value) for i, value in enumerate(values)}
    return picked


def _ticked(draft: EventDraft) -> Iterator[tuple[str, str]]:
    yield "afterwards", draft.afterwards
    for area in draft.areas[1:]:
        yield "areas", area


def _tick(page: Page, name: str, value: str) -> None:
    """Press the words beside a box, which is drawn by the styles."""
    box = page.locator(f"input[name='{name}'][value='{value}']")
    page.locator(f"label[for='{box.get_attribute('id')}']").click()
    expect(box).to_be_checked()


def _people(draft: EventDraft) -> list[Contributor]:
    """List who is on stage, those of one session after those of the whole event."""
    of_one = [each for sitting in draft.sessions for each in sitting.contributors]
    whole = [each for each in draft.contributors if not each.is_partner]
    return [*whole, *of_one]


def _numbers(draft: EventDraft) -> list[str]:
    """Return the number of each one's session, where the form asks for it."""
    if draft.format is not Format.TRAINING:
        return []
    whole = [each for each in draft.contributors if not each.is_partner]
    sittings = enumerate(draft.sessions, start=1)
    of_one = [str(n) for n, sitting in sittings for _each in sitting.contributors]
    return [*("" for _each in whole), *of_one]


def _partners(draft: EventDraft) -> list[Contributor]:
    return [each for each in draft.contributors if each.is_partner]


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _day(name: str, day: date | None) -> dict[str, str]:
    parts = ("month", "day", "year")
    return {f"{name}-{part}": _words(day and getattr(day, part)) for part in parts}


def _clock(wall: datetime) -> str:
    return wall.strftime("%I:%M %p")


def _all_of(event: Event) -> dict[str, Any]:
    """Return every value of an event and of what belongs to it."""
    belongings: Mapping[str, Sequence[Base]] = {
        "sessions": event.sessions,
        "offers": event.offers,
        "areas": event.areas,
        "contributions": event.contributions,
        "prerequisites": event.prerequisites,
        "questions": event.questions,
    }
    rows = {name: [_values(row) for row in of] for name, of in belongings.items()}
    # Which session somebody presents: the number tells, the id does not.
    order = [None, *(each.id for each in event.sessions)]
    places = [order.index(each.session_id) for each in event.contributions]
    return _values(event) | rows | {"presented": places}


def _values(row: Base) -> dict[str, Any]:
    names = [column.key for column in inspect(row).mapper.column_attrs]
    return {name: getattr(row, name) for name in names if name not in ITS_OWN}


def _shown(page: Page, slug: str) -> str:
    page.goto(f"/events/{slug}")
    words: str = page.evaluate(WITHOUT_OTHERS)
    return words
