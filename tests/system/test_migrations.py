"""Migrations, on a database with rows in every table, both ways."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Inspector, inspect, select, text
from sqlalchemy.orm import Session

from csd_events.core.db import Base, db, transaction
from csd_events.core.migrations import FOLDER
from csd_events.core.schema import current_revision, head_revision, is_migrated
from csd_events.core.tokens import Purpose, links
from csd_events.events.rules import Kind
from csd_events.registrations.models import Registration
from tests.factories import (
    make_conference,
    make_event,
    make_registration,
    put_on_list,
)
from tests.system.world import (
    Rows,
    build,
    cut,
    everything,
    fill_every_table,
    leave,
    with_one_more,
)

ADD_COLUMNS = """
ONCE = {"sqlite_autoincrement": True}
NEVER_TWICE = {"event_sessions": ONCE, "people": ONCE}
COPIED = ("case_studies", "event_sessions", "events", "people", "registrations")


def upgrade():
    for table in COPIED:
        kept = NEVER_TWICE.get(table, {})
        with op.batch_alter_table(table, recreate="auto", table_kwargs=kept) as batch:
            batch.add_column(sa.Column("later", sa.String(), server_default="x"))
            batch.alter_column("later", nullable=False)


def downgrade():
    for table in COPIED:
        kept = NEVER_TWICE.get(table, {})
        with op.batch_alter_table(table, table_kwargs=kept) as batch:
            batch.drop_column("later")
"""
RENAME_CONFERENCES = """
def upgrade():
    op.rename_table("conferences", "gatherings")


def downgrade():
    op.rename_table("gatherings", "conferences")
"""
LOSE_PEOPLE = """
def upgrade():
    op.add_column("people", sa.Column("later", sa.String()))
    op.execute("DELETE FROM people")


def downgrade():
    op.drop_column("people", "later")
"""
NOTHING = """
def upgrade():
    pass


def downgrade():
    pass
"""


@pytest.fixture
def app(own_url: str) -> Iterator[Flask]:
    """The application on an empty database, where migrations are to build."""
    app = build(own_url)
    with app.app_context():
        yield app
        leave()


def _later(own_url: str, folder: Path, body: str) -> Flask:
    migrations = with_one_more(folder, name="2099_01_01_later", body=body)
    return build(own_url, migrations=migrations)


def _schema() -> dict[str, Any]:
    inspector: Inspector = inspect(db.engine)
    tables = {
        name: {
            # In no order: a later column stands last, wherever its model has it.
            "columns": sorted(
                (c["name"], repr(c["type"]), c["nullable"], repr(c.get("computed")))
                for c in inspector.get_columns(name)
            ),
            "rest": sorted(
                map(
                    repr,
                    [
                        inspector.get_pk_constraint(name),
                        *inspector.get_foreign_keys(name),
                        *inspector.get_unique_constraints(name),
                        *inspector.get_check_constraints(name),
                        *map(_plain, inspector.get_indexes(name)),
                    ],
                )
            ),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    return {
        "tables": tables,
        "exclusions": _exclusions(),
        "ids": _never_given_twice(),
        "triggers": _triggers(),
    }


def _never_given_twice() -> list[str]:
    """List the tables whose ids SQLite never hands out again; inspecting omits it."""
    if db.engine.dialect.name != "sqlite":
        return []
    kept = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    with db.engine.connect() as connection:
        return sorted(connection.scalars(kept))


def _triggers() -> list[str]:
    """List the triggers, on PostgreSQL with what their functions do, word by word."""
    made = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(pg_trigger.oid) || prosrc "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        found = connection.scalars(text(made[db.engine.dialect.name])).all()
    assert found
    return sorted(" ".join(each.split()) for each in found)


def _plain(index: Mapping[str, Any]) -> dict[str, Any]:
    """Write the condition of a partial index as its words."""
    options = index.get("dialect_options", {})
    words = {name: str(value) for name, value in options.items()}
    return {**index, "dialect_options": words}


def _exclusions() -> list[tuple[str, ...]]:
    if db.engine.dialect.name != "postgresql":
        return []
    kept_apart = text(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'x' ORDER BY conname"
    )
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(kept_apart)]


@pytest.mark.usefixtures("app")
def test_migrations_build_to_the_letter_what_the_models_say() -> None:
    upgrade()
    built = _schema()
    downgrade(revision="base")
    db.create_all()
    assert built == _schema()


@pytest.mark.usefixtures("app")
def test_going_back_to_nothing_leaves_nothing() -> None:
    upgrade()
    fill_every_table()
    leave()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]


@pytest.mark.usefixtures("app")
def test_the_files_say_which_migration_is_the_last() -> None:
    assert not is_migrated(db.session())
    leave()
    upgrade()
    assert current_revision(db.session()) == head_revision()
    assert (FOLDER / "versions" / f"{head_revision()}.py").exists()


@pytest.mark.usefixtures("app")
def test_there_are_rows_in_every_table_to_try_migrations_on() -> None:
    upgrade()
    fill_every_table()
    assert [name for name, rows in everything().items() if not rows] == []
    assert len(everything()) == len(Base.metadata.tables)


def test_upgrade_and_rollback_keep_instants_tokens_and_planned_mails(
    own_url: str, app: Flask, tmp_path: Path
) -> None:
    """Every row of every table, though SQLite copies and drops tables others refer to.

    A schema upgrade leaves stored instants untouched.
    """
    upgrade()
    fill_every_table()
    before, links_before = everything(), _links()
    leave()
    with _later(own_url, tmp_path, ADD_COLUMNS).app_context():
        upgrade()
        assert current_revision(db.session()) == "2099_01_01_later"
        assert (everything(), _links()) == (before, links_before)
        leave()
        downgrade()
        assert (everything(), _links()) == (before, links_before)
        assert current_revision(db.session()) == head_revision()
        leave()


def _but_recordings(rows: Rows) -> Rows:
    entries = rows.get("library_entries", [])
    found = {row["id"] for row in entries if row["kind"] == "recording"}
    left = {
        name: [row for row in rows[name] if row[key] not in found]
        for name, key in (
            ("library_entries", "id"),
            ("library_entry_areas", "entry_id"),
        )
        if name in rows
    }
    return {**rows, **left}


@pytest.mark.usefixtures("app")
def test_each_migration_keeps_instants_tokens_and_planned_mails_both_ways() -> None:
    """But for the first, before which there is nothing to keep.

    What a way down drops is gone, but for what the way up can find out again. What the
    search finds of recordings is no way down's to keep: `flask start-up` finds it anew.
    """
    upgrade()
    fill_every_table()
    before, links_before = _but_recordings(everything()), _links()
    leave()
    steps = len(list((FOLDER / "versions").glob("*.py"))) - 1
    for _step in range(steps):
        downgrade(revision="-1")
        now = _but_recordings(everything())
        assert (now, _links()) == (cut(before, like=now), links_before)
        leave()
    first = now
    for _step in range(steps):
        upgrade(revision="+1")
        assert (cut(everything(), like=first), _links()) == (first, links_before)
        leave()
    for name in ("outbox_messages", "presenters"):
        assert everything()[name] == before[name]
    assert is_migrated(db.session())


def test_after_a_migration_rows_still_refer_to_their_own_and_are_kept_to_it(
    own_url: str, app: Flask, tmp_path: Path
) -> None:
    upgrade()
    fill_every_table()
    leave()
    built = _schema()
    with _later(own_url, tmp_path, ADD_COLUMNS).app_context():
        upgrade()
        downgrade()
        assert _schema() == built
        leave()


def test_a_table_that_is_named_anew_is_still_what_rows_refer_to(
    own_url: str, app: Flask, tmp_path: Path
) -> None:
    upgrade()
    fill_every_table()
    leave()
    built = _schema()
    with _later(own_url, tmp_path, RENAME_CONFERENCES).app_context():
        upgrade()
        references = inspect(db.engine).get_foreign_keys("conference_addresses")
        assert [each["referred_table"] for each in references] == ["gatherings"]
        leave()
        downgrade()
        assert _schema() == built
        leave()


@pytest.mark.usefixtures("app")
def test_who_was_not_on_a_conferences_list_before_is_said_to_be_missing() -> None:
    upgrade()
    said = text("SELECT event_id, email_key FROM registrations WHERE is_unlisted")
    with Session(db.engine) as session:
        required = make_conference(session)
        forum = make_event(
            session, kind=Kind.FORUM, conference_id=required, requires_conference=True
        )
        for event in (forum, make_event(session)):
            for name in ("ada", "bo"):
                make_registration(session, event, email=f"{name}@example.org")
        put_on_list(session, required, "ada@example.org")
        missing = [(forum.id, "bo@example.org")]
        session.rollback()
        downgrade(revision="2027_01_04_who_is_missing")
        upgrade()
        assert session.execute(said).all() == missing
        put_on_list(session, required)
        assert len(session.execute(said).all()) == 2
    leave()


@pytest.mark.sqlite_only  # PostgreSQL enforces its references throughout
def test_a_migration_that_leaves_rows_without_their_people_is_undone(
    own_url: str,
    app: Flask,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    upgrade()
    fill_every_table()
    before, revision = everything(), current_revision(db.session())
    leave()
    with _later(own_url, tmp_path, LOSE_PEOPLE).app_context():
        with pytest.raises(SystemExit) as ended:
            upgrade()
        assert everything() == before
        assert current_revision(db.session()) == revision
        leave()
    assert ended.value.code == 1
    assert caplog.messages[-1] == (
        "Error: Nothing was changed: rows would refer to nothing "
        "(accounts, affiliations, announcement_recipients, announcements, "
        "audit_entries, handovers, list_columns, mail_trials, mail_words, "
        "mailed_links, person_areas, registration_groups, registrations, "
        "seen_clashes, subscriptions, typed_forms, worksheet_groups, worksheets)."
    )


@pytest.mark.sqlite_only
def test_references_are_enforced_again_after_a_migration(app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        enforced = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    assert enforced == 1


@pytest.mark.sqlite_only  # PostgreSQL never gave an id twice
def test_ids_that_only_the_trail_still_names_are_not_given_again(app: Flask) -> None:
    upgrade(revision="2026_11_27_organization_version")
    kept = "INSERT INTO presenters VALUES (3, 'ada', 'Ada', 'ada', '', '', '', 1)"
    named = (
        "INSERT INTO audit_entries (at, action, subject_kind, subject_id, changes)"
        " VALUES ('2030-01-01', 'presenter.saved', 'presenter', 9, '{}')"
    )
    added = (
        "INSERT INTO presenters (slug, full_name, name_key, title, organization,"
        " about, version, email, telephone, link_version, calendar_sequence,"
        " picture_alt) VALUES ('bea', 'Bea', 'bea', '', '', '', 1, '', '', 1, 0, '')"
        " RETURNING id"
    )
    with transaction() as session:
        session.execute(text(kept))
        session.execute(text(named))
    leave()
    upgrade()
    with transaction() as session:
        assert session.scalar(text(added)) == 10
    leave()


@pytest.mark.sqlite_only  # PostgreSQL counts apart from the table
@pytest.mark.parametrize("way", [upgrade, downgrade])
def test_a_table_that_is_written_anew_goes_on_counting_where_it_was(
    app: Flask, way: Callable[..., None]
) -> None:
    before, after = "2026_12_28_list_imports", "2026_12_29_stage"
    upgrade(revision=before if way is upgrade else after)
    with transaction() as session:
        session.execute(
            text("INSERT INTO sqlite_sequence VALUES ('event_questions', 7)")
        )
    leave()
    way(revision=after if way is upgrade else before)
    with transaction() as session:
        number = "SELECT seq FROM sqlite_sequence WHERE name = 'event_questions'"
        assert session.scalars(text(number)).all() == [7]
    leave()


def test_a_database_of_a_later_version_is_left_alone(
    own_url: str, app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with _later(own_url, tmp_path, NOTHING).app_context():
        upgrade()
        leave()
    with pytest.raises(SystemExit) as ended:
        upgrade()
    assert ended.value.code == 1
    assert caplog.messages[-1] == (
        "Error: The database is at 2099_01_01_later, which this version of the "
        "program does not know. Use the version that wrote it, or go back to a copy "
        "in backups/."
    )


def _links() -> list[str]:
    """Make the links of every registration, as the mails that went out hold them."""
    with transaction() as session:
        rows = session.execute(select(Registration.id, Registration.link_version))
        return [
            links().token(purpose, row.id, row.link_version)
            for row in rows
            for purpose in (Purpose.REGISTRATION, Purpose.JOIN)
        ]
