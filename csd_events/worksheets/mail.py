"""The link of a worksheet, or of who leads a group, mailed to who asked for it.

The link is a secret: the words are kept by nobody, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.time import local_date
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, lazy_paragraphs
from csd_events.outbox.mail import Sheet, Value, part, write
from csd_events.outbox.message import Due, Message, Skip, Wording, Words
from csd_events.topics.rules import area_name
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.rules import GROUP_LINK_MAIL, KEPT, LINK_MAIL

WORDINGS = {
    LINK_MAIL: Wording(
        group=lazy_gettext("Decision tool"),
        purpose=lazy_gettext("To who asks for the link of their worksheet."),
        subject=lazy_gettext("Your worksheet: {service}"),
        body=lazy_paragraphs(
            lazy_gettext("# Your worksheet: {service}"),
            lazy_gettext(
                "Here is the way back to your answers, to go on with them or to read "
                "what they come to."
            ),
            "{button}",
            lazy_gettext(
                "Whoever has this link reads the answers and can change them: pass it "
                "on only to who may."
            ),
            "{kept_until}",
        ),
        values=frozenset({"association", "email", "kept_until", "service", "link"}),
        blocks=frozenset({"button"}),
        needed=(("button", "link"),),
        per_event=False,
    ),
    GROUP_LINK_MAIL: Wording(
        group=lazy_gettext("Decision tool"),
        purpose=lazy_gettext("To who asks for the link by which they lead a group."),
        subject=lazy_gettext("Your group: {service}"),
        body=lazy_paragraphs(
            lazy_gettext("# Your group: {service}"),
            lazy_gettext(
                "Here is the way back to the group that you lead: its code, who has "
                "joined, the questions in the order of talk, and what it came to."
            ),
            "{button}",
            lazy_gettext(
                "Whoever has this link leads the group and sees the names: pass it on "
                "only to who leads it with you."
            ),
            "{kept_until}",
        ),
        values=frozenset({"association", "email", "kept_until", "service", "link"}),
        blocks=frozenset({"button"}),
        needed=(("button", "link"),),
        per_event=False,
    ),
}
KIND_WORDS = {
    LINK_MAIL: lazy_gettext("Link of a worksheet"),
    GROUP_LINK_MAIL: lazy_gettext("Link of who leads a group"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetLetter:
    """What the mail is written from.

    Attributes:
        kind: Of a worksheet, or of who leads a group.
        page: Where the link leads.
        goes_at: When it will be removed; None where it stays.
        words: Tried instead of those in force.
    """

    kind: str
    to_address: str
    service_area: str
    page: str
    goes_at: datetime | None
    words: Words | None = None


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    if due.kind == GROUP_LINK_MAIL:
        return _of_group(session, due, now)
    worksheet = session.get(Worksheet, due.subject_id)
    if worksheet is None:
        return Skip("the worksheet was removed before this went")
    token = links().token(Purpose.WORKSHEET, worksheet.id, worksheet.link_version)
    is_nobodys = worksheet.person_id is None
    letter = WorksheetLetter(
        kind=LINK_MAIL,
        to_address=due.to_address,
        service_area=worksheet.service_area,
        page=external_url("worksheets.sheet", token=token),
        goes_at=worksheet.answered_at + KEPT if is_nobodys else None,
    )
    return write_letter(session, letter, now)


def _of_group(session: Session, due: Due, now: datetime) -> Message | Skip:
    group = session.get(WorksheetGroup, due.subject_id)
    if group is None:
        return Skip("the group was removed before this went")
    token = links().token(Purpose.WORKSHEET_GROUP, group.id, group.link_version)
    letter = WorksheetLetter(
        kind=GROUP_LINK_MAIL,
        to_address=due.to_address,
        service_area=group.service_area,
        page=external_url("worksheets.group", token=token),
        goes_at=group.changed_at + KEPT if group.person_id is None else None,
    )
    return write_letter(session, letter, now)


def write_letter(session: Session, letter: WorksheetLetter, now: datetime) -> Message:
    """Write the mail with the link of a worksheet, or of who leads a group."""
    association = speaker(session, now=now)
    kept = ""
    if letter.goes_at is not None:
        day = local_date(letter.goes_at, association.zone)
        kept = _kept_words(letter.kind, day)
    is_group = letter.kind == GROUP_LINK_MAIL
    button = _("Open your group") if is_group else _("Open your worksheet")
    values: dict[str, Value] = {
        "association": association.name,
        "button": lambda: part("button", letter.page, button),
        "email": letter.to_address,
        "kept_until": kept,
        "service": area_name(letter.service_area),
        "link": letter.page,
    }
    sheet = Sheet(
        kind=letter.kind,
        wording=WORDINGS[letter.kind],
        event_id=None,
        to_address=letter.to_address,
        to_name="",
        association=association,
        values=values,
        preheader=association.name,
        why=_why_words(letter),
        words=letter.words,
    )
    return write(session, sheet)


def _kept_words(kind: str, day: str) -> str:
    if kind == GROUP_LINK_MAIL:
        return _(
            "The group is kept until %(day)s, and longer each time something in it "
            "changes.",
            day=day,
        )
    return _("It is kept until %(day)s, and longer each time you answer.", day=day)


def _why_words(letter: WorksheetLetter) -> str:
    if letter.kind == GROUP_LINK_MAIL:
        return _(
            "You get this mail because somebody sent the link of a group with a "
            "worksheet to %(email)s. If that was not you, leave it: nothing follows.",
            email=letter.to_address,
        )
    return _(
        "You get this mail because somebody sent the link of a worksheet to "
        "%(email)s. If that was not you, leave it: nothing follows.",
        email=letter.to_address,
    )
