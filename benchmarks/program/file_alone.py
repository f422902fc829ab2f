"""A file of very many people the plain way, in the driver's own words: the baseline.

    python -m benchmarks.program.file_alone EVENT_ID

One statement, its rows written as they come, and nothing kept: no columns to choose, no
clock of a place, no cell made inert. Prints the seconds it took.
"""

import csv
import io
import sys
import time

from csd_events.core.db import db
from wsgi import app

PIECE = 2_000
ASKED = """
SELECT r.reference, r.full_name, r.organization, r.us_state, p.email, r.state,
       r.service_area, r.offer_id, r.price_cents, r.currency, r.registered_at, r.via
FROM registrations r JOIN people p ON p.id = r.person_id
WHERE r.event_id = {event_id} ORDER BY r.id
"""


def main(event_id: int) -> None:
    with app.app_context():
        connection = db.engine.raw_connection()
    cursor = connection.cursor()
    began = time.perf_counter()
    cursor.execute(ASKED.format(event_id=event_id))
    while rows := cursor.fetchmany(PIECE):
        piece = io.StringIO()
        csv.writer(piece).writerows(rows)
        piece.getvalue().encode()
    print(f"{time.perf_counter() - began:.3f}")
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
