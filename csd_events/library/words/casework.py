"""A case study as staff write it: the words of what there is to choose."""

from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.library.rules import Confidence
from csd_events.topics.catalogue import POPULATION_CLASSES, PROVINCES, STATES

CONFIDENCE_WORDS = {
    Confidence.HIGH.value: lazy_gettext(
        "High: the facts are on the pages named, which were read"
    ),
    Confidence.MEDIUM.value: lazy_gettext(
        "Medium: one thin, interested or second-hand source"
    ),
}
BASIS_WORDS = {
    "source": lazy_gettext("A source says so"),
    "approximate": lazy_gettext("Roughly, from general knowledge"),
}
SHARED_WORDS = {
    "yes": lazy_gettext("Yes, both"),
    "partly": lazy_gettext("Partly"),
    "no": lazy_gettext("No"),
}


def size_choices() -> dict[str, str]:
    """Return the population classes from small to large."""
    return {key: words for key, (words, _least) in POPULATION_CLASSES.items()}


def place_choices() -> dict[str, dict[str, str]]:
    """Return the states and provinces by country."""
    return {str(_("United States")): STATES, str(_("Canada")): PROVINCES}
