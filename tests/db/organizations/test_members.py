"""Members as one question, and as the rule has them."""

from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.organizations.queries import members_on, standings
from tests.factories import make_person

FIRST = date(2030, 1, 1)


def some_days(drawn: Random) -> tuple[date, date]:
    start = FIRST + timedelta(days=drawn.randrange(40))
    return start, start + timedelta(days=drawn.randrange(40))


def test_who_is_a_member_is_found_as_the_rule_has_it(session: Session) -> None:
    """The statement and the rule were written apart; on random stays they agree."""
    drawn = Random(42)  # noqa: S311 - the same each time
    people = [make_person(session).id for _ in range(30)]
    towns = [Organization(name=n, key=n, name_key=n) for n in ("a", "b", "c")]
    session.add_all(towns)
    session.flush()
    for town in towns:
        start, end = some_days(drawn)
        own = {"organization_id": town.id, "from_on": start, "until_on": end}
        session.add(Membership(**own))
    for person_id in people:
        if drawn.random() < 0.5:
            start, end = some_days(drawn)
            own = {"person_id": person_id, "from_on": start, "until_on": end}
            session.add(Membership(**own))
        start, end = some_days(drawn)
        session.add(
            Affiliation(
                person_id=person_id,
                organization_id=drawn.choice(towns).id,
                from_on=start,
                until_on=drawn.choice([None, end]),
            )
        )
    session.commit()
    sizes = set()
    for day in (FIRST + timedelta(days=n) for n in range(-1, 90)):
        ruled = standings(session, people, day)
        members = {each for each, standing in ruled.items() if standing.is_member}
        assert set(session.scalars(members_on(day))) == members
        sizes.add(len(members))
    assert len(sizes) > 10
