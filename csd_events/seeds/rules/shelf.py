"""Publications of the sample program: our own words, plainly samples."""

from dataclasses import dataclass

from csd_events.library.rules.publishing import PublicationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBook:
    """A publication made of the case studies of some services.

    Attributes:
        areas: What its first version is about; the second adds `added`.
        note: What the second version says is new.
    """

    slug: str
    kind: PublicationKind
    title: str
    summary: str
    areas: tuple[str, ...]
    added: tuple[str, ...]
    note: str


E_BOOK = SampleBook(
    slug="sharing-public-safety",
    kind=PublicationKind.E_BOOK,
    title="Sharing public safety: a sample e-book",
    summary=(
        "What governments did together for 911 dispatch, fire and police, as our case "
        "studies tell it. A sample, made by the program itself."
    ),
    areas=("dispatch_911",),
    added=("fire_ems", "police"),
    note="Adds fire and police to 911 dispatch.",
)
RESEARCH_SUMMARY = {
    "slug": "what-the-research-says",
    "title": "What the research says: a sample summary to print",
    "summary": (
        "Fourteen factors that make sharing a service easier or harder, each statement "
        "with its sources. The same as the page of that name, as plain text."
    ),
}
#: The event of the sample program that names the e-book and a work of others.
READ_WITH = "sharing-dispatch"
ALSO_READ = "b31"
