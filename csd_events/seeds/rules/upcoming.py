"""The events to come, dated from the day the program is first started."""

from datetime import date, time

from csd_events.events.rules import (
    Audience,
    Contributor,
    EventDraft,
    Kind,
    OfferDraft,
    QuestionDraft,
    QuestionKind,
    Role,
)
from csd_events.seeds.rules.conference import forums
from csd_events.seeds.rules.film import film
from csd_events.seeds.rules.samples import (
    CONTACT,
    DAY,
    EASTERN,
    MODERATOR,
    WEEK,
    SampleEvent,
    next_day,
    sitting,
)

WEDNESDAY = 2
FREE_THROUGH, WEBINAR_AFTER = 5 * DAY, 10 * DAY
TRAINING_AFTER = 3 * WEEK

LAWYER = Contributor(
    role=Role.PRESENTER,
    name="Pat Sample",
    title="County attorney",
    organization="Sample County",
)
AGREEMENT = 2  # the session about it, counted from 0


def upcoming(first_start: date) -> tuple[SampleEvent, ...]:
    """List the events to come, as they are on the day of the first start."""
    return (
        _webinar(first_start),
        film(first_start),
        _training(first_start),
        *forums(first_start),
    )


def _webinar(today: date) -> SampleEvent:
    last_free, day = today + FREE_THROUGH, today + WEBINAR_AFTER
    paid_from = last_free + DAY
    return SampleEvent(
        slug="sharing-dispatch",
        draft=EventDraft(
            title="Sharing 911 Dispatch Without Losing Sleep",
            kind=Kind.WEBINAR,
            zone=EASTERN,
            summary=(
                "Three ways in which neighbors answer each other's 911 calls, what "
                "each one costs, and what to settle before the first shared night."
            ),
            description=(
                "Few services are watched as closely as the one that answers at three "
                "in the morning, and few are as costly to run alone.\n\n"
                "### What you will be able to do\n\n"
                "- Tell apart a shared center, a hosted service, and two centers that "
                "stand in for each other, and say which one fits your call volume.\n"
                "- Put your own cost per call beside a partner's.\n"
                "- Name what the agreement must say about staff, standards, and "
                "leaving again.\n\n"
                "### How the hour goes\n\n"
                "1. Where shared centers save money, and where not (20 minutes)\n"
                "2. One merger told from both sides (20 minutes)\n"
                "3. Your questions (20 minutes)\n\n"
                "There is nothing to pay online: where a price applies, we send an "
                "invoice."
            ),
            sessions=(sitting(day, time(14), minutes=60, zone=EASTERN),),
            offers=(
                OfferDraft(closes_on=last_free),
                OfferDraft(
                    audience=Audience.MEMBERS, price_cents=2500, opens_on=paid_from
                ),
                OfferDraft(
                    audience=Audience.OTHERS, price_cents=4900, opens_on=paid_from
                ),
            ),
            contributors=(
                Contributor(
                    role=Role.PRESENTER,
                    name="Dana Sample",
                    title="Director of emergency communications",
                    organization="Sample County",
                ),
                Contributor(
                    role=Role.PRESENTER,
                    name="Luis Sample",
                    title="Assistant city manager",
                    organization="City of Sampleton",
                ),
                MODERATOR,
            ),
            areas=("dispatch_911",),
            form="consolidation_regionalization",
            reading=("dakota-911", "concord-dispatch"),
            platform_url="https://meet.example.org/sharing-dispatch",
            audience="Managers, police and fire chiefs, and whoever runs dispatch.",
            accessibility=(
                "Live captions; slides are sent beforehand. Tell us by mail what else "
                "you need."
            ),
            contact=CONTACT,
            capacity=500,
        ),
    )


def _training(today: date) -> SampleEvent:
    first = next_day(WEDNESDAY, today + TRAINING_AFTER)
    topics = (
        "Finding a partner, and finding out what you both want",
        "Counting costs so that both sides believe them",
        "Writing the agreement, the way out included",
        "Running it: staff, standards, and the second year",
    )
    last_day = first - WEEK
    return SampleEvent(
        slug="managing-shared-services",
        requires=("first-conversation",),
        draft=EventDraft(
            title="Managing Shared Services",
            kind=Kind.TRAINING,
            zone=EASTERN,
            summary=(
                "Four afternoons, from the first talk with a neighbor to the second "
                "year of a service you run together."
            ),
            description=(
                "A small group, the same people each week, and a service of your own "
                "to work on in between.\n\n"
                "You bring one service that you might share. You leave with its costs "
                "in a form a partner could set beside their own, a first draft of an "
                "agreement, and a list of who has to be asked.\n\n"
                "Each afternoon has a short talk, a case, and work in groups of three. "
                "Plan on an hour of your own between sessions. There is nothing to "
                "pay online: we send an invoice."
            ),
            sessions=tuple(
                sitting(
                    first + number * WEEK,
                    time(13),
                    minutes=120,
                    zone=EASTERN,
                    title=topic,
                    contributors=(LAWYER,) if number == AGREEMENT else (),
                )
                for number, topic in enumerate(topics)
            ),
            completes_after=3,
            completion_note="Hand in the first draft of your agreement.",
            prerequisite_note="Bring one service that you might share.",
            questions=(
                QuestionDraft(
                    kind=QuestionKind.ONE,
                    label="How far along are you with the service you bring?",
                    help="So that groups of three have something to tell each other.",
                    choices=(
                        "It is an idea",
                        "We talk with a neighbor",
                        "We share it already",
                    ),
                ),
                QuestionDraft(
                    kind=QuestionKind.LONG,
                    label="What do you want to be able to do afterwards?",
                    help="A sentence is enough; the presenters read it beforehand.",
                ),
            ),
            offers=(
                OfferDraft(
                    audience=Audience.MEMBERS, price_cents=12000, closes_on=last_day
                ),
                OfferDraft(
                    audience=Audience.OTHERS, price_cents=18000, closes_on=last_day
                ),
            ),
            contributors=(
                Contributor(
                    role=Role.PRESENTER,
                    name="Ines Sample",
                    title="Director of shared services",
                    organization="Sample Valley Council of Governments",
                ),
                MODERATOR,
            ),
            areas=("public_works", "fleet_equipment", "information_technology"),
            form="public_public_horizontal",
            reading=("dickinson-highway", "logis"),
            platform_url="https://meet.example.org/managing-shared-services",
            audience="Department heads and the people who will run the arrangement.",
            accessibility=(
                "Live captions in every session; materials as tagged documents. Tell "
                "us by mail what else you need."
            ),
            contact=CONTACT,
            capacity=30,
        ),
    )
