"""The Celery application of the workers and of beat, where these deliver the mail."""

import sys

import config
from csd_events.app import create_app
from csd_events.core.settings import SettingError
from csd_events.outbox.tasks import give_work, make_celery

try:
    settings = config.from_environment()
except SettingError as error:
    sys.exit(str(error))
if settings.CELERY_BROKER_URL is None:
    sys.exit("Set CELERY_BROKER_URL, by which workers are rung for")

celery = make_celery(settings.CELERY_BROKER_URL)
give_work(celery, create_app(settings))
