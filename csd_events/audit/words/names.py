"""What the trail calls actions, kinds of things, and fields."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel.speaklater import LazyString

from csd_events.core.words import lazy_gettext

PROGRAM = lazy_gettext("The program")
_VISITOR = lazy_gettext("A visitor")


class Action(NamedTuple):
    """What an action is called, and who did it where nobody signed in did."""

    words: LazyString
    unsigned: LazyString = PROGRAM


#: Every action there is; a test keeps it complete.
ACTIONS: Mapping[str, Action] = {
    "account.closed": Action(lazy_gettext("Account closed")),
    "account.program_role": Action(lazy_gettext("Role in a program changed")),
    "account.role_granted": Action(lazy_gettext("Role changed")),
    "affiliation.dropped": Action(lazy_gettext("Place held twice dropped")),
    "affiliation.handed_over": Action(
        lazy_gettext("Place in an organization handed over")
    ),
    "affiliation.recorded": Action(lazy_gettext("Person added to an organization")),
    "affiliation.removed": Action(lazy_gettext("Person taken out of an organization")),
    "affiliation.saved": Action(lazy_gettext("Place in an organization changed")),
    "announcement.called_back": Action(lazy_gettext("Announcement called back")),
    "announcement.paused": Action(lazy_gettext("Announcement paused")),
    "announcement.resumed": Action(lazy_gettext("Announcement goes on")),
    "announcement.saved": Action(lazy_gettext("Announcement changed")),
    "announcement.sent_off": Action(lazy_gettext("Announcement sent off")),
    "announcement.stopped": Action(lazy_gettext("Announcement stopped for good")),
    "announcement.written": Action(lazy_gettext("Announcement written")),
    "association.saved": Action(lazy_gettext("Association changed")),
    "case_note.answered": Action(lazy_gettext("Note of a reader answered")),
    "case_study.added": Action(lazy_gettext("Case study written")),
    "case_study.brought_back": Action(lazy_gettext("Case study brought back")),
    "case_study.checked": Action(lazy_gettext("Case study checked, nothing changed")),
    "case_study.retired": Action(lazy_gettext("Case study retired")),
    "case_study.saved": Action(lazy_gettext("Case study changed")),
    "citation.added": Action(lazy_gettext("Work added to the bibliography")),
    "citation.brought_back": Action(lazy_gettext("Work brought back")),
    "citation.retired": Action(lazy_gettext("Work retired")),
    "citation.saved": Action(lazy_gettext("Work of the bibliography changed")),
    "conference.addresses_saved": Action(lazy_gettext("Registered addresses changed")),
    "conference.created": Action(lazy_gettext("Conference written")),
    "conference.saved": Action(lazy_gettext("Conference changed")),
    "event.archived": Action(lazy_gettext("Event put into the archive")),
    "event.brought_back": Action(lazy_gettext("Event brought back into the lists")),
    "event.cancelled": Action(lazy_gettext("Event cancelled")),
    "event.change_undone": Action(
        lazy_gettext("Change undone before anybody was told")
    ),
    "event.clash_left": Action(lazy_gettext("Clash known, and left as it is")),
    "event.clash_shown": Action(lazy_gettext("Clash counted again")),
    "event.created": Action(lazy_gettext("Event written")),
    "event.needs_read": Action(lazy_gettext("Accessibility needs read")),
    "event.not_published": Action(
        lazy_gettext("Event not published by itself: something was missing")
    ),
    "event.postponed": Action(lazy_gettext("Event postponed")),
    "event.publishing_called_off": Action(
        lazy_gettext("Publishing by itself called off")
    ),
    "event.publishing_planned": Action(lazy_gettext("Publishing by itself planned")),
    "event.published": Action(lazy_gettext("Event published")),
    "event.redated": Action(lazy_gettext("Event given a date again")),
    "event.reinstated": Action(
        lazy_gettext("Undone before anybody was told: it stands as before")
    ),
    "event.repeated": Action(lazy_gettext("Event repeated")),
    "event.saved": Action(lazy_gettext("Event changed")),
    "event.words_reset": Action(lazy_gettext("Words of a mail of its own given up")),
    "event.words_saved": Action(lazy_gettext("Words of a mail of its own written")),
    "event.words_tried": Action(lazy_gettext("Mail of its own sent as a test")),
    "import_run.done": Action(lazy_gettext("File taken in")),
    "import_run.not_undone": Action(lazy_gettext("Import not undone")),
    "import_run.undone": Action(lazy_gettext("Import undone")),
    "invoice.paid": Action(lazy_gettext("Payment recorded")),
    "invoice.paid_back": Action(lazy_gettext("Money paid back")),
    "library_import.done": Action(lazy_gettext("File taken into the library")),
    "mail.held": Action(lazy_gettext("Mail held back")),
    "mail.let_go": Action(lazy_gettext("Mail let go again")),
    "mail.metered": Action(lazy_gettext("Mails a minute changed")),
    "mail.sent_again": Action(lazy_gettext("Mail sent again")),
    "mail_words.reset": Action(lazy_gettext("Words of a mail given up")),
    "mail_words.saved": Action(lazy_gettext("Words of a mail written")),
    "mail_words.tried": Action(lazy_gettext("Mail sent as a test")),
    "membership.handed_over": Action(lazy_gettext("Membership handed over")),
    "membership.recorded": Action(lazy_gettext("Membership recorded")),
    "membership.removed": Action(lazy_gettext("Membership taken back")),
    "membership.saved": Action(lazy_gettext("Membership changed")),
    "membership_type.created": Action(lazy_gettext("Kind of membership written")),
    "membership_type.saved": Action(lazy_gettext("Kind of membership changed")),
    "organization.created": Action(lazy_gettext("Organization recorded")),
    "organization.removed": Action(lazy_gettext("Organization taken back")),
    "organization.saved": Action(lazy_gettext("Organization changed")),
    "partner.merged": Action(lazy_gettext("Two partners made one")),
    "partner.saved": Action(lazy_gettext("Partner changed")),
    "person.readdressed": Action(lazy_gettext("Address changed")),
    "person.subscribed_again": Action(
        lazy_gettext("Wants announcements again"), _VISITOR
    ),
    "person.unsubscribed": Action(
        lazy_gettext("Unsubscribed from announcements"), _VISITOR
    ),
    "list_import.done": Action(lazy_gettext("File of people imported")),
    "list_import.undone": Action(lazy_gettext("Import of people undone")),
    "presenter.added": Action(lazy_gettext("Presenter added")),
    "presenter.corrected": Action(
        lazy_gettext("Changed by the presenter"), lazy_gettext("The presenter")
    ),
    "presenter.link_ended": Action(lazy_gettext("Link of a presenter's page ended")),
    "presenter.link_sent": Action(lazy_gettext("Link of a presenter's page sent")),
    "presenter.looked_at": Action(lazy_gettext("Looked at what a presenter changed")),
    "presenter.merged": Action(lazy_gettext("Two presenters made one")),
    "presenter.picture_removed": Action(lazy_gettext("Picture removed")),
    "presenter.picture_saved": Action(lazy_gettext("Picture saved")),
    "presenter.removed": Action(lazy_gettext("Presenter removed")),
    "presenter.put_back": Action(lazy_gettext("What a presenter changed put back")),
    "presenter.saved": Action(lazy_gettext("Presenter changed")),
    "program.created": Action(lazy_gettext("Program written")),
    "program.saved": Action(lazy_gettext("Program changed")),
    "publication.added": Action(lazy_gettext("Publication written")),
    "publication.brought_back": Action(lazy_gettext("Publication brought back")),
    "publication.retired": Action(lazy_gettext("Publication retired")),
    "publication.saved": Action(lazy_gettext("Publication changed")),
    "publication.version_added": Action(lazy_gettext("Version added to a publication")),
    "registration.approved": Action(lazy_gettext("Request approved")),
    "registration.cancelled": Action(lazy_gettext("Registration cancelled"), _VISITOR),
    "registration.taken": Action(lazy_gettext("Held place taken")),
    "registration.declined": Action(lazy_gettext("Request declined")),
    "registration.details_sent": Action(lazy_gettext("Details sent again")),
    "registration.lapsed": Action(lazy_gettext("Held place lapsed")),
    "registration.let_in": Action(lazy_gettext("On the conference's list by now")),
    "registration.made": Action(lazy_gettext("Registered"), _VISITOR),
    "registration.moved_over": Action(lazy_gettext("Moved to another event")),
    "registration.placed": Action(lazy_gettext("Given a place by staff")),
    "registration.promoted": Action(
        lazy_gettext("Given a place from the waiting list")
    ),
    "registration.readdressed": Action(lazy_gettext("Address corrected"), _VISITOR),
    "registration.replaced": Action(
        lazy_gettext("Place given to somebody else"), _VISITOR
    ),
    "registration.returned": Action(
        lazy_gettext("Place gone back to who had it"), _VISITOR
    ),
    "registration.taken_back": Action(
        lazy_gettext("Second place of one person taken back"), _VISITOR
    ),
    "registration.vouched_for": Action(
        lazy_gettext("Registered by somebody whose address is proven now")
    ),
    "selection.cancelled": Action(lazy_gettext("Several registrations cancelled")),
    "selection.moved": Action(lazy_gettext("Several registrations moved")),
}
#: The kinds of things, each the first word of its actions.
KINDS: Mapping[str, LazyString] = {
    "account": lazy_gettext("Account"),
    "affiliation": lazy_gettext("Place in an organization"),
    "announcement": lazy_gettext("Announcement"),
    "association": lazy_gettext("Association"),
    "case_note": lazy_gettext("Note of a reader"),
    "case_study": lazy_gettext("Case study"),
    "citation": lazy_gettext("Work of the bibliography"),
    "conference": lazy_gettext("Conference"),
    "event": lazy_gettext("Event"),
    "import_run": lazy_gettext("Import"),
    "invoice": lazy_gettext("Invoice"),
    "library_import": lazy_gettext("Import of the library"),
    "list_import": lazy_gettext("Import of people"),
    "mail": lazy_gettext("Mail"),
    "mail_words": lazy_gettext("What mails say"),
    "membership": lazy_gettext("Membership"),
    "membership_type": lazy_gettext("Kind of membership"),
    "organization": lazy_gettext("Organization"),
    "partner": lazy_gettext("Partner"),
    "person": lazy_gettext("Person"),
    "presenter": lazy_gettext("Presenter"),
    "program": lazy_gettext("Program"),
    "publication": lazy_gettext("Publication"),
    "registration": lazy_gettext("Registration"),
    "selection": lazy_gettext("Several registrations"),
}
#: Fields whose names say less than they should; the others are read as they are.
FIELDS: Mapping[str, LazyString] = {
    "starts": lazy_gettext("Comes again on"),
    "postpone_note": lazy_gettext("Why it is postponed"),
    "publish_at": lazy_gettext("To be published"),
    "lacks": lazy_gettext("What it lacks"),
    "afterwards": lazy_gettext("After the last offer"),
    "areas": lazy_gettext("Service areas"),
    "cancel_note": lazy_gettext("Reason"),
    "clashes_with": lazy_gettext("Clashes with"),
    "checked_on": lazy_gettext("Last checked"),
    "completes_after": lazy_gettext("Sessions to attend"),
    "completes_share": lazy_gettext("Share of the time to attend, in percent"),
    "conference_id": lazy_gettext("Conference"),
    "contributors": lazy_gettext("Presenters and partners"),
    "ends_at": lazy_gettext("Ends"),
    "event_id": lazy_gettext("Event"),
    "from_on": lazy_gettext("From"),
    "look_again_on": lazy_gettext("Look at it again on"),
    "organization_id": lazy_gettext("Organization"),
    "paid_cents": lazy_gettext("Paid of it"),
    "paid_on": lazy_gettext("Day"),
    "parent_id": lazy_gettext("Parent organization"),
    "person_id": lazy_gettext("Person"),
    "platform_url": lazy_gettext("Link to join"),
    "prerequisites": lazy_gettext("Events to attend first"),
    "price_cents": lazy_gettext("Price"),
    "program_id": lazy_gettext("Program"),
    "recording_url": lazy_gettext("Recording"),
    "replace_on": lazy_gettext("Last day to let a colleague come instead"),
    "starts_at": lazy_gettext("Starts"),
    "type_id": lazy_gettext("Kind of membership"),
    "until_on": lazy_gettext("Through"),
}
