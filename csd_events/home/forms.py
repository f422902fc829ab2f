"""What part of the audit trail somebody wants to read."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField

from csd_events.core.fields import OptionalSelectField
from csd_events.core.inputs import DateBoxes, say
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext


class TrailForm(Form):
    """Who did it, to what kind of thing, from which day through which.

    Args:
        people: Names by id.
        kinds: Words by kind.
    """

    by = OptionalSelectField(
        lazy_gettext("Done by"), choices=dict, blank=lazy_gettext("Anybody")
    )
    kind = OptionalSelectField(
        lazy_gettext("About"), choices=dict, blank=lazy_gettext("Anything")
    )
    since = FormField(DateBoxes, lazy_gettext("From"))
    through = FormField(DateBoxes, lazy_gettext("Through"))

    def __init__(
        self,
        formdata: MultiDict[str, str],
        *,
        people: Mapping[str, str],
        kinds: Mapping[str, str],
    ) -> None:
        super().__init__(formdata)
        self.by.offer(people)
        self.kind.offer(kinds)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        since, through = self.since.form.on, self.through.form.on
        if good and since and through and through < since:
            say(self.through.form.month, _("The last day comes before the first"))
            return False
        return good
