"""Those on stage, and who stands behind an event, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events.models import Contribution, Presenter
from csd_events.events.queries import LinkSent
from csd_events.events.rules import Role
from csd_events.outbox.rules import State as MailState

#: Of several names, so many are said; the page of the event says all.
MOST_NAMED = 6
#: What a presenter may change, as staff call it.
_CORRECTED = {
    "title": lazy_gettext("Job title"),
    "organization": lazy_gettext("Organization"),
    "about": lazy_gettext("About"),
}
_SENT = {
    MailState.SENT: lazy_gettext("Sent %(when)s to %(email)s"),
    MailState.FAILED: lazy_gettext("Could not be delivered, %(when)s, to %(email)s"),
    MailState.RETURNED: lazy_gettext("Came back, %(when)s, from %(email)s"),
    MailState.SKIPPED: lazy_gettext("Was not sent, %(when)s, to %(email)s"),
}


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """What a presenter changed: as it was, and as it is."""

    label: str
    before: str
    now: str


def sent_words(sent: LinkSent | None, zone: str) -> str:
    """Say when the link of somebody's page went, and to whom; empty if it never did."""
    if sent is None:
        return ""
    words = _SENT.get(sent.state)
    if words is None:
        return _("On its way to %(email)s", email=sent.to_address)
    when = short_time(sent.at, zone)
    return str(words) % {"when": when, "email": sent.to_address}


def correction_lines(presenter: Presenter) -> list[CorrectionLine]:
    """List what a presenter changed since staff looked; none where they did not."""
    former = presenter.former or {}
    lines = [
        CorrectionLine(str(label), former[name], getattr(presenter, name))
        for name, label in _CORRECTED.items()
        if name in former
    ]
    return [line for line in lines if line.before != line.now]


def stage_words(contributions: Sequence[Contribution]) -> str:
    """Name who presents and who moderates, in a sentence; empty for nobody."""
    named = {
        each.presenter.full_name: each.role for each in contributions if each.presenter
    }
    on_stage = [
        _("%(name)s (moderator)", name=name) if role is Role.MODERATOR else name
        for name, role in named.items()
    ]
    return _("With %(names)s.", names=together(on_stage)) if on_stage else ""


def support_words(contributions: Sequence[Contribution]) -> str:
    """Say in a line who makes an event with us, and who pays for it."""
    named: dict[Role, dict[str, None]] = {Role.CO_PRODUCER: {}, Role.UNDERWRITER: {}}
    for each in contributions:
        if each.partner:
            named[each.role][each.partner.name] = None
    words = []
    if makers := list(named[Role.CO_PRODUCER]):
        words.append(_("Produced together with %(names)s.", names=together(makers)))
    if payers := list(named[Role.UNDERWRITER]):
        words.append(_("With support from %(names)s.", names=together(payers)))
    return " ".join(words)


def together(names: Sequence[str]) -> str:
    """Join names as a sentence has them; of many, the first, and how many more."""
    shown = list(names[:MOST_NAMED])
    if more := len(names) - len(shown):
        shown.append(_("%(number)s others", number=more))
    if len(shown) == 1:
        return shown[0]
    last = shown.pop()
    between = _(" and ") if len(shown) == 1 else _(", and ")
    return f"{', '.join(shown)}{between}{last}"
