"""Organizations of hundreds, written at once."""

from datetime import date

from sqlalchemy import insert
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.accounts.rules import name_key
from csd_events.organizations.models import Affiliation, Organization
from csd_events.organizations.service.recording import keys_of
from tests.factories import NOON


def make_city(session: Session, name: str = "City", parent: int | None = None) -> int:
    values = {"name": name, "parent_id": parent, **keys_of(name, None)}
    made = insert(Organization).values(values).returning(Organization.id)
    found = session.scalars(made).one()
    session.commit()
    return found


def fill(
    session: Session, city: int, names: list[str], *, until: date | None = None
) -> None:
    """Put people on a roster, in no order of theirs."""
    rows = [
        {
            "email": f"{number}-{name_key(name).replace(' ', '.')}@example.org",
            "full_name": name,
            "name_key": name_key(name),
            "created_at": NOON,
        }
        for number, name in enumerate(reversed(names))
    ]
    keyed = [row | {"email_key": row["email"]} for row in rows]
    people = session.scalars(insert(Person).returning(Person.id), keyed).all()
    session.execute(
        insert(Affiliation),
        [
            {
                "person_id": person_id,
                "organization_id": city,
                "from_on": date(2020, 1, 1),
                "until_on": until,
            }
            for person_id in people
        ],
    )
    session.commit()
