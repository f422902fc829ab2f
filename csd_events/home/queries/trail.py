"""What the things of the audit trail are called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.announcements.models import Announcement
from csd_events.audit.queries import Entry
from csd_events.audit.rules import pointed_at
from csd_events.billing.models import Invoice
from csd_events.core.access import Role
from csd_events.events.models import Conference, Event, Partner, Presenter, Program
from csd_events.library.models import (
    CaseStudy,
    Citation,
    LibraryImport,
    Publication,
)
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.registrations.models import ListImport, Registration, Selection

#: By kind: the id and the name of its things.
_NAMES: Mapping[str, Select[int, str]] = {
    "account": select(Account.id, Person.full_name).join(Account.person),
    "affiliation": select(Affiliation.id, Person.full_name).join(
        Person, Person.id == Affiliation.person_id
    ),
    "announcement": select(Announcement.id, Announcement.subject),
    "case_study": select(CaseStudy.number, CaseStudy.title),
    "citation": select(Citation.id, Citation.title),
    "conference": select(Conference.id, Conference.name),
    "event": select(Event.id, Event.title),
    "import_run": select(ImportRun.id, ImportRun.file_name),
    "invoice": select(Invoice.id, Invoice.number),
    "library_import": select(LibraryImport.id, LibraryImport.file_name),
    "list_import": select(ListImport.id, ListImport.file_name),
    "membership": select(
        Membership.id, func.coalesce(Person.full_name, Organization.name)
    )
    .outerjoin(Person, Person.id == Membership.person_id)
    .outerjoin(Organization, Organization.id == Membership.organization_id),
    "membership_type": select(MembershipType.id, MembershipType.name),
    "organization": select(Organization.id, Organization.name),
    "partner": select(Partner.id, Partner.name),
    "person": select(Person.id, Person.full_name),
    "presenter": select(Presenter.id, Presenter.full_name),
    "program": select(Program.id, Program.name),
    "publication": select(Publication.id, Publication.title),
    "registration": select(Registration.id, Registration.full_name),
    "selection": select(Selection.id, Event.title).join(
        Event, Event.id == Selection.event_id
    ),
}


def name_things(
    session: Session, entries: Iterable[Entry]
) -> dict[tuple[str, int], str]:
    """Return the names of what entries are about and what their changes point at.

    One statement for each kind.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[entry.subject_kind].add(entry.subject_id)
        for kind, pointed in pointed_at(entry.changes):
            ids[kind].add(pointed)
    names = {}
    for kind, wanted in ids.items():
        if kind in _NAMES:
            query = _NAMES[kind]
            some = query.where(query.selected_columns[0].in_(wanted))
            for row_id, name in session.execute(some):
                names[kind, row_id] = name
    return names


def name_of(session: Session, kind: str, subject_id: int) -> str | None:
    """Return the name of one thing; None where there is none, or kinds have none."""
    query = _NAMES.get(kind)
    if query is None:
        return None
    columns = query.selected_columns
    return session.scalar(
        query.with_only_columns(columns[1], maintain_column_froms=True).where(
            columns[0] == subject_id
        )
    )


def list_staff(session: Session) -> Sequence[tuple[int, str]]:
    """List who works at the desk, by name: the person's id and name."""
    staff = (
        select(Person.id, Person.full_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.role != Role.NONE)
        .order_by(Person.name_key, Person.id)
    )
    return [(row.id, row.full_name) for row in session.execute(staff)]
