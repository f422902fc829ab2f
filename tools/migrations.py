"""`make migrations`: build, compare with the models, take down, build again.

On a fresh SQLite file and a fresh PostgreSQL. A database on which nothing happened
but migrations must be what the models say (`flask db check`), and go back to nothing.
"""

import os
import sys
import tempfile
from pathlib import Path

from flask_migrate import check, downgrade, upgrade

import config
from csd_events.app import create_app
from tools import postgres


def main() -> int:
    """Return 0 when both engines agree. flask-migrate ends the process if not."""
    with tempfile.TemporaryDirectory(prefix="csd-migrations-") as folder:
        _up_and_down("SQLite", f"sqlite:///{Path(folder, 'fresh.db')}")
    server = postgres.find()
    if server is None:
        print("Left out: migrations on PostgreSQL; apt install postgresql")
        return 1 if os.environ.get("CSD_REQUIRE_ALL") else 0
    with postgres.running(server) as url:
        _up_and_down(f"PostgreSQL {server.version}", url)
    return 0


def _up_and_down(engine: str, url: str) -> None:
    with create_app(config.Testing(url)).app_context():
        upgrade()
        check()
        downgrade(revision="base")
        upgrade()
    print(f"{engine}: up, compared with the models, down, up again")


if __name__ == "__main__":
    sys.exit(main())
