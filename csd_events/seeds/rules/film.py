"""The sample that is watched whenever it suits, of which there is nothing to play."""

from datetime import date, timedelta

from csd_events.events.rules import EventDraft, Kind, OfferDraft
from csd_events.seeds.rules.samples import CONTACT, EASTERN, MODERATOR, SampleEvent

FREE_TO_WATCH = timedelta(days=60)


def film(today: date) -> SampleEvent:
    """Make a webinar to watch on demand, free for sixty days."""
    return SampleEvent(
        slug="first-conversation",
        draft=EventDraft(
            title="The First Conversation With a Neighbor",
            kind=Kind.WEBINAR,
            on_demand=True,
            zone=EASTERN,
            summary=(
                "Half an hour, whenever it suits you, on whom to call first, what to "
                "ask, and what to leave for the second talk."
            ),
            description=(
                "Most shared services begin with a telephone call between two people "
                "who know each other a little. This talk is about that call.\n\n"
                "### What you will be able to do\n\n"
                "- Choose a first service that neither side is afraid of.\n"
                "- Ask five questions that show whether a second talk is worth it.\n"
                "- Write down afterwards what was said, so that both councils can read "
                "it.\n\n"
                "In this sample there is nothing to play: the page you get to says so."
            ),
            offers=(OfferDraft(closes_on=today + FREE_TO_WATCH),),
            contributors=(MODERATOR,),
            areas=("public_works",),
            form="public_public_horizontal",
            recording_url="/events/first-conversation/recording",
            audience="Whoever will make the call.",
            accessibility="A transcript stands beside the talk.",
            contact=CONTACT,
        ),
    )
