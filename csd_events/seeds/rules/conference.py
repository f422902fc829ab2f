"""A conference to come, with forums on two of its three days."""

from datetime import date, time

from csd_events.events.rules import (
    ConferenceDraft,
    Contributor,
    EventDraft,
    Kind,
    OfferDraft,
    Role,
)
from csd_events.seeds.rules.samples import (
    CONTACT,
    DAY,
    MODERATOR,
    WEEK,
    SampleConference,
    SampleEvent,
    next_day,
    sitting,
)

CENTRAL = "America/Chicago"
MONDAY = 0
CONFERENCE_AFTER = 6 * WEEK
ACCESSIBILITY = (
    "Step-free hall, hearing loop, live captions on the screen. Tell us by mail what "
    "else you need."
)


def forums(today: date) -> tuple[SampleEvent, ...]:
    """List the forums of the conference, in the order of its days."""
    first_day = next_day(MONDAY, today + CONFERENCE_AFTER)
    conference = _conference(first_day)
    return (
        _opening(conference, first_day),
        _fire(conference, first_day),
        _agreements(conference, first_day),
    )


def _conference(first_day: date) -> SampleConference:
    return SampleConference(
        "sample-annual-conference",
        ConferenceDraft(
            name="Sample Annual Conference",
            summary=(
                "Three days among colleagues. The forums on sharing services are on "
                "Monday and Tuesday."
            ),
            first_on=first_day,
            last_on=first_day + 2 * DAY,
            place="Sample Convention Center, Lakeview, Wisconsin",
            zone=CENTRAL,
            booth="You find us at booth 100, beside the registration desk.",
            website="https://conference.example.org/register",
            published=True,
            partners=(
                Contributor(role=Role.CO_PRODUCER, name="Sample League of Cities"),
            ),
        ),
    )


def _opening(conference: SampleConference, first_day: date) -> SampleEvent:
    return SampleEvent(
        slug="opening-the-question",
        conference=conference,
        draft=EventDraft(
            title="Opening the Question, Played Twice",
            kind=Kind.FORUM,
            zone=CENTRAL,
            summary=(
                "How to open the question of sharing a service without promising "
                "anything, and what to bring to the table."
            ),
            description=(
                "Two managers play the talk they had, and the one they wish they had "
                "had. Then you try your own, in pairs.\n\n"
                "There is no fee beyond the conference."
            ),
            sessions=(sitting(first_day, time(14), minutes=60, zone=CENTRAL),),
            offers=(OfferDraft(),),
            contributors=(
                Contributor(
                    role=Role.PRESENTER,
                    name="Luis Sample",
                    title="Assistant city manager",
                    organization="City of Sampleton",
                ),
                MODERATOR,
            ),
            areas=("public_works",),
            form="public_public_horizontal",
            reading=("dickinson-highway",),
            place="Room 2, Sample Convention Center",
            audience="People attending the conference.",
            accessibility=ACCESSIBILITY,
            contact=CONTACT,
            capacity=60,
        ),
    )


def _fire(conference: SampleConference, first_day: date) -> SampleEvent:
    return SampleEvent(
        slug="fire-together",
        conference=conference,
        draft=EventDraft(
            title="Fire Together: Neighbors Who Share a Fire Service",
            kind=Kind.FORUM,
            zone=CENTRAL,
            summary=(
                "Chiefs and managers on sharing stations, crews, and command, and on "
                "one arrangement that came apart."
            ),
            description=(
                "A forum inside the annual conference: short accounts from the stage, "
                "then tables of eight.\n\n"
                "### What you will be able to do\n\n"
                "- Say what changes for a crew when its chief serves two towns.\n"
                "- Choose between a contract, a joint authority, and a merger.\n"
                "- Recognize early the signs that brought one partnership to an end.\n"
                "\nThere is no fee beyond the conference. Please register, so that "
                "everyone has a chair."
            ),
            sessions=(
                sitting(
                    first_day + DAY,
                    time(10, 15),
                    minutes=75,
                    zone=CENTRAL,
                ),
            ),
            offers=(OfferDraft(),),
            contributors=(
                Contributor(
                    role=Role.PRESENTER,
                    name="Terry Sample",
                    title="Fire chief",
                    organization="Sample Valley Fire Authority",
                ),
                Contributor(
                    role=Role.PRESENTER,
                    name="Ana Sample",
                    title="Village administrator",
                    organization="Village of Samplewood",
                ),
                MODERATOR,
            ),
            areas=("fire_ems", "emergency_management"),
            form="consolidation_regionalization",
            reading=("heartland-fire", "poudre-fire", "belmont-san-carlos-fire"),
            place="Lakeview Hall, Sample Convention Center",
            audience="People attending the conference.",
            accessibility=ACCESSIBILITY,
            contact=CONTACT,
            capacity=250,
        ),
    )


def _agreements(conference: SampleConference, first_day: date) -> SampleEvent:
    return SampleEvent(
        slug="agreements-that-hold",
        conference=conference,
        draft=EventDraft(
            title="Agreements That Hold, and Ways Out of Them",
            kind=Kind.FORUM,
            zone=CENTRAL,
            summary=(
                "What a shared service's agreement should say about costs, staff, and "
                "leaving again."
            ),
            description=(
                "Bring an agreement of yours. At each table somebody who has ended one "
                "reads along.\n\n"
                "There is no fee beyond the conference, which you must be registered "
                "for: the tables are inside its hall."
            ),
            sessions=(
                sitting(first_day + DAY, time(14, 30), minutes=90, zone=CENTRAL),
            ),
            offers=(OfferDraft(),),
            contributors=(
                Contributor(
                    role=Role.PRESENTER,
                    name="Ines Sample",
                    title="Director of shared services",
                    organization="Sample Valley Council of Governments",
                ),
            ),
            areas=("fire_ems", "dispatch_911"),
            form="consolidation_regionalization",
            reading=("heartland-fire", "dakota-911"),
            place="Lakeview Hall, Sample Convention Center",
            audience="People registered for the conference.",
            accessibility=ACCESSIBILITY,
            contact=CONTACT,
            capacity=80,
            requires_conference=True,
        ),
    )
