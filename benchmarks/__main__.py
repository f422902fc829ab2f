"""`make bench`: the program beside a bare one, on SQLite and on PostgreSQL.

    python -m benchmarks [sqlite] [postgresql] [--many | --rush]

With --many the program is compared with itself: on an empty database, and beside
10,000 events with 1,000,000 registrations. Filling it takes a quarter of an hour.
With --rush nothing but the rush is measured: 500 people for 200 places.

Prints absolute figures and ratios beside the goals and the last figures kept, and
keeps the new ones in benchmarks/results: commit them or put the old ones back.
"""

import os
import platform
import shutil
import signal
import sys

from benchmarks.program.many import beside_many
from benchmarks.program.measures import everything, rush_alone
from benchmarks.program.report import Row, show
from benchmarks.program.serving import BENCHMARKS, bench, prepare

DATABASES = ("sqlite", "postgresql")
#: What is measured in place of everything, by the option that asks for it.
INSTEAD = {"--many": beside_many, "--rush": rush_alone}


def main(wanted: list[str]) -> int:
    measure, kind = everything, ""
    for option in INSTEAD.keys() & set(wanted):
        wanted = [each for each in wanted if each != option]
        measure, kind = INSTEAD[option], option.removeprefix("-")
    if unknown := set(wanted) - set(DATABASES):
        print(f"Name {' or '.join(DATABASES)}, not {unknown}.", file=sys.stderr)
        return 2
    if shutil.which("wrk") is None:
        print("wrk asks for the pages: apt install wrk", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers end too
    for database in wanted or DATABASES:
        rows: list[Row] = []
        with bench(postgresql=database == "postgresql") as the:
            prepare(the)
            for row in measure(the):
                rows.append(row)
                print(f"{row.what}: {row.program:g} {row.unit}", file=sys.stderr)
        title = (
            f"{database}: {os.cpu_count()} processors, load {os.getloadavg()[1]:.1f}, "
            f"Python {platform.python_version()}"
        )
        show(rows, title, BENCHMARKS / "results" / f"{database}{kind}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
