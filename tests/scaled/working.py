"""Workers and beat, as processes on a broker and a database of their own."""

CELERY = ["-m", "celery", "--app", "csd_events.worker"]
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
WORKER = [*CELERY, "worker", *ALONE]
BEAT = [*CELERY, "beat"]
