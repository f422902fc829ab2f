"""A made-up profile to try matching on, and what a group worksheet is opened with."""

from collections.abc import Callable, Iterable

from wtforms import BooleanField, HiddenField

from csd_events.core.fields import Choices, OptionalSelectField
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.inputs import BoxesField
from csd_events.core.words import lazy_gettext as _
from csd_events.matching.rules import Profile
from csd_events.topics.catalogue import (
    FORMS,
    JURISDICTION_TYPES,
    POPULATION_CLASSES,
    STATES,
    TOPICS,
)
from csd_events.topics.rules import areas_by_family, topic_name
from csd_events.worksheets.forms import BeginFields


def _maybe(label: str, choices: Callable[[], Choices]) -> OptionalSelectField:
    return OptionalSelectField(label, choices=choices, blank=_("Not given"))


def _sizes() -> dict[str, str]:
    return {name: words for name, (words, _least) in POPULATION_CLASSES.items()}


def _same(values: Iterable[str]) -> dict[str, str]:
    return {value: value for value in values}


class TrialForm(SecretForm):
    """Sent by GET: it asks and changes nothing."""

    area_1 = _maybe(_("First choice"), areas_by_family)
    area_2 = _maybe(_("Second choice"), areas_by_family)
    area_3 = _maybe(_("Third choice"), areas_by_family)
    form = _maybe(_("Form of arrangement"), lambda: FORMS)
    cls = _maybe(_("Size of community"), _sizes)
    state = _maybe(_("State"), lambda: STATES)
    type = _maybe(_("Kind of government"), lambda: _same(JURISDICTION_TYPES))
    topics = BoxesField(_("Topics"), choices=lambda: {t: topic_name(t) for t in TOPICS})
    was_there = BooleanField(_("They were there, or watched"))
    event = HiddenField()

    def profile(self) -> Profile:
        """Return the profile that was made up."""
        areas = (self.area_1, self.area_2, self.area_3)
        return Profile(
            areas=tuple(area.data for area in areas if area.data),
            form=self.form.data,
            cls=self.cls.data,
            state=self.state.data,
            type=self.type.data,
            topics=self.topics.chosen,
        )


class OpenFields(BeginFields):
    """What a group talks about, and where it meets."""

    event = OptionalSelectField(
        _("Live at an event"), choices={}, blank=_("Not at an event")
    )


class OpenForm(OpenFields, SecretForm):
    """Of a visitor."""


class OwnOpenForm(OpenFields, SessionForm):
    """Of who is signed in."""
