"""Databases of their own for tests of migrations, with rows in every table."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import Table, inspect, select
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.orm import Session

import config
from csd_events.accounts.models import (
    Account,
    MailedLink,
    PersonArea,
    SignInFailure,
    TypedForm,
)
from csd_events.accounts.rules import LinkKind
from csd_events.announcements.models import Announcement, Recipient, Subscription
from csd_events.announcements.rules import Audience, LeftOut, Stage
from csd_events.app import create_app
from csd_events.attendance.models import Visit
from csd_events.billing import service as billing
from csd_events.billing.models import Invoice
from csd_events.billing.rules import Line
from csd_events.billing.service import Bill, Received
from csd_events.core.access import Role
from csd_events.core.db import Base, db, transaction
from csd_events.core.files import FileStore
from csd_events.core.migrations import FOLDER, init_migrations
from csd_events.events import queries as events
from csd_events.events.models import (
    Conference,
    ConferenceAddress,
    Event,
    EventChange,
    EventQuestion,
    EventSeries,
    Program,
    ProgramRole,
    SeenClash,
)
from csd_events.imports.rules import RunState
from csd_events.library.models import (
    CaseNote,
    Citation,
    CitationCase,
    LibraryImport,
    LibraryUse,
    SavedItem,
)
from csd_events.library.rules.searching import EntryKind
from csd_events.library.rules.using import Use
from csd_events.library.service import Desk
from csd_events.organizations.models import (
    ImportLine,
    ImportRun,
    ImportThing,
    Organization,
)
from csd_events.outbox.models import (
    Bounce,
    BounceMailbox,
    Chore,
    DeliverySettings,
    MailTrial,
    MailWords,
    OutboxBody,
    OutboxMessage,
)
from csd_events.registrations.models import (
    Answer,
    Handover,
    ListColumns,
    ListImport,
    ListImportLine,
    OpeningWish,
    Registration,
    ReminderRun,
    Selected,
    Selection,
)
from csd_events.registrations.rules import (
    Colleague,
    Deed,
    HandoverKind,
    ImportKind,
    Party,
    Said,
    Wish,
)
from csd_events.registrations.service import register, register_party
from csd_events.seeds.service import load, load_publications
from csd_events.worksheets.models import (
    Worksheet,
    WorksheetAnswer,
    WorksheetGroup,
    WorksheetSettlement,
    WorksheetTask,
)
from csd_events.worksheets.rules import Stage as GroupStage
from tests.factories import CHEAP, NOON

Rows = Mapping[str, list[dict[str, Any]]]


class Trying(config.Testing):
    """The tests' settings as a development machine would have them."""

    DEVELOPMENT = True


def build(url: str, *, migrations: Path = FOLDER) -> Flask:
    app = create_app(Trying(url))
    init_migrations(app, migrations)
    app.config["CLOCK"] = lambda: NOON
    return app


def with_one_more(folder: Path, *, name: str, body: str) -> Path:
    """Copy the migrations, and add one that follows the last of them."""
    migrations = folder / "migrations"
    shutil.copytree(FOLDER, migrations)
    last = max(path.stem for path in (FOLDER / "versions").glob("*.py"))
    head = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{name}"\n'
    text = f'{head}down_revision = "{last}"\n\n\n{body}'
    (migrations / "versions" / f"{name}.py").write_text(text)
    return migrations


def fill_every_table() -> None:
    """Write at least one row of each kind that the program knows."""
    with transaction() as session:
        load(session, password_hash=CHEAP.hash("sample password"), now=NOON)
    with TemporaryDirectory() as folder, transaction() as session:
        desk = Desk(store=FileStore(Path(folder)), now=NOON, today=NOON.date())
        load_publications(session, desk)
    with transaction() as session:
        outcome = register(session, _wish(), now=NOON)
        _add_the_rest(session, outcome.registration_id)
        made = session.get_one(Registration, outcome.registration_id)
        register_party(session, _party(made.person_id), now=NOON)


def everything() -> Rows:
    """Read every row of every table, by the tables and columns that are there."""
    with transaction() as session:
        there = inspect(session.connection())
        names = set(there.get_table_names())
        return {
            table.name: _rows(session, table, there.get_columns(table.name))
            for table in Base.metadata.sorted_tables
            if table.name in names
        }


def _rows(
    session: Session, table: Table, there: Sequence[ReflectedColumn]
) -> list[dict[str, Any]]:
    names = {column["name"] for column in there}
    rows = session.execute(select(*(c for c in table.c if c.name in names)))
    return sorted((row._asdict() for row in rows), key=repr)


def cut(rows: Rows, *, like: Rows) -> Rows:
    """Leave out the columns that other rows of the same tables do not have."""
    return {
        name: sorted(
            ({column: row[column] for column in like[name][0]} for row in rows[name]),
            key=repr,
        )
        for name in like
    }


def leave() -> None:
    """Let go of the database, so that it can be copied or dropped."""
    db.session.remove()
    db.engine.dispose()


def _party(person_id: int) -> Party:
    wish = _wish()
    colleague = Colleague(
        full_name="Bo Sample", email="bo@example.org", organization="Town of Sample"
    )
    return Party(
        slug=wish.slug,
        nonce="of a party",
        opened_at=NOON,
        full_name=wish.full_name,
        email=wish.email,
        organization=wish.organization,
        colleagues=[colleague],
        person_id=person_id,
    )


def _wish() -> Wish:
    return Wish(
        slug="sharing-dispatch",
        full_name="Nguyễn Thị Ánh",
        email="visitor@example.org",
        organization="Town of Ashfield",
        opened_at=NOON,
        nonce="drawn once",
        network_address="192.0.2.7",
        said=Said(needs="live captions"),
    )


def _add_the_rest(session: Session, registration_id: int) -> None:
    """Add rows that only time, or somebody else's doing, would bring."""
    registration = session.get_one(Registration, registration_id)
    event = events.get(session, registration.event_id)
    work = session.scalars(select(Citation).limit(1)).one()
    mail = session.scalars(select(OutboxMessage).limit(1)).one()
    sitting = event.sessions[0]
    session.add(
        ImportRun(
            id=1,
            file_name="members.csv",
            created_at=NOON,
            state=RunState.READY,
            headings=["Organization"],
            columns={"0": "name"},
        )
    )
    session.add(
        Selection(id=1, event_id=event.id, deed=Deed.WRITE, created_at=NOON, known=1)
    )
    session.add(
        ListImport(
            id=1,
            kind=ImportKind.REGISTRATIONS,
            event_id=event.id,
            file_name="people.csv",
            created_at=NOON,
            state=RunState.READY,
            headings=["Name"],
        )
    )
    (first_id, second_id) = session.scalars(
        select(Event.id).order_by(Event.id).limit(2)
    )
    session.add(
        SeenClash(
            key="f" * 64,
            first_id=first_id,
            second_id=second_id,
            seen_at=NOON,
            seen_by=registration.person_id,
        )
    )
    session.flush()
    _add_an_invoice(session, registration)
    session.add_all(
        [
            Answer(
                registration_id=registration_id,
                question_id=session.scalars(select(EventQuestion.id).limit(1)).one(),
                value=["Nguyễn", "a choice"],
            ),
            Chore(name="reminders", done_at=NOON),
            Selected(selection_id=1, registration_id=registration_id),
            ListColumns(person_id=registration.person_id, names=["via"]),
            ListImportLine(run_id=1, number=2, cells=["Nguyễn Thị Ánh"]),
            *_announced(registration.person_id, event.id),
            *_worksheets(session, registration.person_id, event.id),
            DeliverySettings(id=1, held_at=NOON, per_minute=60),
            Handover(
                kind=HandoverKind.REPLACED,
                registration_id=registration_id,
                from_person_id=registration.person_id,
                full_name="李小龍",
                organization="Town of Ashfield",
                state=registration.state,
                life=1,
                version=7,
                made_at=NOON,
                ends_at=NOON + timedelta(hours=24),
            ),
            OpeningWish(
                event_id=event.id,
                email="visitor@example.org",
                email_key="visitor@example.org",
                version=7,
                asked_at=NOON,
            ),
            ConferenceAddress(
                conference_id=session.scalars(select(Conference.id).limit(1)).one(),
                email_key="visitor@example.org",
                added_at=NOON,
            ),
            CaseNote(
                case_id="dakota-911",
                words="It ended.",
                email="",
                written_at=NOON,
                answered_at=NOON,
            ),
            ProgramRole(
                account_id=session.scalars(select(Account.id).limit(1)).one(),
                program_id=session.scalars(select(Program.id).limit(1)).one(),
                role=Role.CHECK_IN,
            ),
            LibraryUse(
                day=NOON.date(),
                use=Use.SEEN,
                subject="police",
                organization_id=session.scalars(select(Organization.id).limit(1)).one(),
            ),
            CitationCase(citation_id=work.id, position=0, case_id="dakota-911"),
            SavedItem(
                account_id=session.scalars(select(Account.id).limit(1)).one(),
                kind=EntryKind.CASE_STUDY,
                key="dakota-911",
                title="Dakota",
                saved_at=NOON,
            ),
            LibraryImport(
                file_name="library.json", made_at=NOON, document={}, report={}
            ),
            ImportLine(run_id=1, number=2, cells=["Town of Ashfield"]),
            ImportThing(run_id=1, step=1, key="o:town", line=2, said={}, is_news=True),
            EventChange(
                event_id=event.id,
                changed_at=NOON,
                before={"place": "here"},
                leaves_at=NOON,
            ),
            MailWords(
                kind="registration.confirmed",
                event_id=event.id,
                subject="{event}: see you there",
                body="Hello 李小龍,",
                version=1,
                saved_at=NOON,
                saved_by=registration.person_id,
            ),
            TypedForm(
                person_id=registration.person_id,
                page="/staff/events/new/webinar",
                fields=[["title", "Nguyễn"]],
                typed_at=NOON,
            ),
            EventSeries(created_at=NOON, made_by=["drawn once"]),
            MailTrial(
                kind="registration.confirmed",
                reader="sample",
                subject="{event}",
                body="Hello {name},",
                person_id=registration.person_id,
                made_at=NOON,
            ),
            Bounce(
                message_id=mail.id,
                address=mail.to_address,
                status="5.1.1",
                taken_at=NOON,
            ),
            BounceMailbox(
                name="maildir:/srv/mail/events", looked_at=NOON, validity=7, last_uid=9
            ),
            OutboxBody(message_id=mail.id, sent_at=NOON, content=b"\x00\xff"),
            ReminderRun(
                session_id=sitting.id,
                starts_at=sitting.starts_at,
                lead="7d",
                ran_at=NOON + timedelta(microseconds=1),
            ),
            PersonArea(
                person_id=registration.person_id, position=0, area="dispatch_911"
            ),
            MailedLink(
                kind=LinkKind.SIGN_UP,
                address="visitor@example.org",
                address_key="visitor@example.org",
                person_id=registration.person_id,
                version=2**63 - 1,
                created_at=NOON,
                ends_at=NOON + timedelta(days=3),
            ),
            SignInFailure(address_key="a", network_key="n", at=NOON),
            Visit(
                registration_id=registration_id, session_id=sitting.id, joined_at=NOON
            ),
        ]
    )


def _worksheets(session: Session, person_id: int, event_id: int) -> list[Base]:
    """A worksheet of somebody's group, and what the group made of it."""
    given = {"worksheet_id": 1, "answered_at": NOON}
    about = {
        "instrument": "2026-1",
        "service_area": "fire_ems",
        "community": "Town of Ashfield",
        "person_id": person_id,
        "begun_at": NOON,
    }
    session.add(
        WorksheetGroup(
            id=1,
            event_id=event_id,
            code="BCDFGH",
            stage=GroupStage.TALKING,
            item="S1",
            changed_at=NOON,
            **about,
        )
    )
    session.flush()
    return [
        Worksheet(
            id=1,
            answered_at=NOON,
            group_id=1,
            joining="once",
            name="Ada",
            handed_in_at=NOON,
            **about,
        ),
        WorksheetAnswer(item="S1", grade=3, **given),
        WorksheetAnswer(item="C2", grade=None, **given),
        WorksheetSettlement(
            group_id=1, item="S1", grade=2, note="A lease", settled_at=NOON
        ),
        WorksheetTask(group_id=1, item="C2", what="Ask", who="Ada", due="June"),
    ]


def _announced(person_id: int, event_id: int) -> list[Base]:
    """Announcements that left and that did not, and somebody who wants no more."""
    given = {"subject": "A map", "body": "Hello {name}", "created_at": NOON}
    sent = {"stage": Stage.GONE, "sent_at": NOON, "leaves_at": NOON, "found_at": NOON}
    return [
        Announcement(id=1, audience=Audience.MEMBERS, areas=["police"], **given),
        Announcement(
            id=2,
            audience=Audience.EVENT,
            event_id=event_id,
            states=["waiting"],
            sent_by=person_id,
            **given,
            **sent,
        ),
        Recipient(
            announcement_id=2, person_id=person_id, left_out=LeftOut.UNSUBSCRIBED
        ),
        Subscription(
            person_id=person_id,
            list_key=f"event-{event_id}",
            email_key="visitor@example.org",
            unsubscribed_at=NOON,
        ),
    ]


def _add_an_invoice(session: Session, registration: Registration) -> None:
    """Charge somebody, let them pay in part, and take the charge back."""
    bill = Bill(
        registration_id=registration.id,
        event_id=registration.event_id,
        life=1,
        full_name="Nguyễn Thị Ánh",
        organization="Town of Ashfield",
        bill_to="Finance\nRoom 2",
        purchase_order="PO 7",
        currency="USD",
        lines=[Line("Sharing dispatch", "May 11, 2030", 4900)],
    )
    billing.issue_all(session, [bill], now=NOON)
    invoice_id = session.scalars(select(Invoice.id)).one()
    received = Received(
        cents=2000, paid_on=NOON.date(), reference="check 7", nonce="drawn once"
    )
    billing.record_payment(session, invoice_id, received, now=NOON, actor_id=None)
    billing.take_back(session, registration.id, now=NOON)
