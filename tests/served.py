"""The application as ``tests.servers`` serves it: the tests' settings, real time."""

import os

import config
from csd_events.app import create_app

app = create_app(config.Testing(os.environ["SERVED_DATABASE_URL"]))
