"""The two events of 2014, with what their announcements say and no more.

The webinar was free through October 15; when it was broadcast is not known, so none
is shown. The forum stood in the program of the annual conference for one day and hour.
Neither announcement names who spoke.
"""

from datetime import UTC, date, datetime

from csd_events.events.rules import (
    Afterwards,
    ConferenceDraft,
    EventDraft,
    Kind,
    OfferDraft,
    SessionDraft,
)
from csd_events.seeds.rules.samples import (
    CONTACT,
    EASTERN,
    PARTNERS,
    SampleConference,
    SampleEvent,
)

#: The announcements are of September 2014; the day is not known.
ANNOUNCED_AT = datetime(2014, 9, 2, 13, tzinfo=UTC)
UNDERWRITER = PARTNERS[-1]

WEBINAR = SampleEvent(
    slug="worth-the-effort",
    announced_at=ANNOUNCED_AT,
    draft=EventDraft(
        title="Service Delivery Collaborations: Are They Worth the Effort?",
        kind=Kind.WEBINAR,
        on_demand=True,
        zone=EASTERN,
        summary=(
            "What sharing a service takes, what it gives back, and how to tell "
            "beforehand which of the two will be more."
        ),
        description=(
            "Sharing a service with a neighbor takes meetings, agreements, and "
            "patience. This webinar asks the plain question behind all of it: is it "
            "worth the effort?\n\n"
            "It was co-produced by the Alliance for Innovation and ICMA, and announced "
            "in September 2014 together with a decision tool and other resources. "
            "Registration was free through October 15, 2014.\n\n"
            "In this sample the recording is a page that says so."
        ),
        offers=(OfferDraft(closes_on=date(2014, 10, 15)),),
        contributors=PARTNERS,
        recording_url="/events/worth-the-effort/recording",
        afterwards=Afterwards.RECORDING,
        audience="Announced for ICMA members to view.",
        accessibility="The recording's page is text, and works with a screen reader.",
        contact=CONTACT,
    ),
)

FORUM = SampleEvent(
    slug="right-for-me",
    announced_at=ANNOUNCED_AT,
    conference=SampleConference(
        "icma-annual-conference-2014",
        ConferenceDraft(
            name="ICMA Annual Conference",
            first_on=date(2014, 9, 14),
            last_on=date(2014, 9, 14),
            place="Charlotte / Mecklenburg County, North Carolina",
            zone=EASTERN,
            published=True,
        ),
    ),
    draft=EventDraft(
        title=(
            "Collaborative Service Delivery is All Well and Good, But is it Right "
            "for Me?"
        ),
        kind=Kind.FORUM,
        zone=EASTERN,
        summary=(
            "An ICMA University Forum on deciding whether a shared service suits your "
            "own community."
        ),
        description=(
            "Accounts of shared services tend to be about somebody else. This forum "
            "turned the question around: would it suit *your* service, and *your* "
            "community?\n\n"
            "It was an ICMA University Forum for people attending the annual "
            "conference in Charlotte / Mecklenburg County. The presenters came from "
            "ICMA, Arizona State University, and the Alliance for Innovation."
        ),
        sessions=(
            SessionDraft(wall_start=datetime(2014, 9, 14, 12, 45), zone=EASTERN),  # noqa: DTZ001 - a clock on the wall
        ),
        offers=(OfferDraft(),),
        contributors=(UNDERWRITER,),
        place="Charlotte / Mecklenburg County, North Carolina",
        audience="People attending the conference.",
        accessibility="Questions about access go to the address below.",
        contact=CONTACT,
    ),
)

FOUNDING = (WEBINAR, FORUM)
