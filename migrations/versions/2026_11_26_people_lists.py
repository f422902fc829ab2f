"""List people by name, and page through the audit trail."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_people_lists"
down_revision = "2026_11_26_organizations"
branch_labels = None
depends_on = None

PEOPLE = sa.table(
    "people",
    sa.column("id", sa.Integer),
    sa.column("full_name", sa.String),
    sa.column("name_key", sa.String),
)
BY_NAME = ["name_key", "id", "email_key"]
TRAIL = "audit_entries"
TRAILS = [["at", "id"], ["actor_id", "at", "id"], ["subject_kind", "at", "id"]]
BATCH = 1000


def upgrade():
    op.add_column("people", sa.Column("name_key", sa.String(), nullable=True))
    fill_in(op.get_bind())
    with op.batch_alter_table("people") as people:
        people.alter_column("name_key", existing_type=sa.String(), nullable=False)
    op.create_index("ix_people_" + "_".join(BY_NAME), "people", BY_NAME)
    for columns in TRAILS:
        op.create_index(f"ix_{TRAIL}_" + "_".join(columns), TRAIL, columns)
    op.drop_index("ix_audit_entries_actor_id", TRAIL)


def downgrade():
    op.create_index("ix_audit_entries_actor_id", TRAIL, ["actor_id"])
    for columns in TRAILS:
        op.drop_index(f"ix_{TRAIL}_" + "_".join(columns), TRAIL)
    op.drop_index("ix_people_" + "_".join(BY_NAME), "people")
    op.drop_column("people", "name_key")


def fill_in(bind):
    """Give everybody there is a key, a batch at a time."""
    write = (
        sa.update(PEOPLE)
        .where(PEOPLE.c.id == sa.bindparam("of_id"))
        .values(name_key=sa.bindparam("key"))
    )
    last = 0
    while True:
        some = sa.select(PEOPLE.c.id, PEOPLE.c.full_name).where(PEOPLE.c.id > last)
        rows = bind.execute(some.order_by(PEOPLE.c.id).limit(BATCH)).all()
        if not rows:
            return
        bind.execute(write, [{"of_id": i, "key": key_of(name)} for i, name in rows])
        last = rows[-1].id


def key_of(name):
    """Fold a name as lists did when this was written: no accents, no case, 80 signs."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub("['’-]", " ", plain.casefold())[:80]
