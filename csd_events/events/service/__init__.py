"""What staff do with events. Telling their people is `registrations.service`'s."""

from csd_events.events.service.conferences import (
    create_conference,
    remove_address,
    save_addresses,
    update_conference,
)
from csd_events.events.service.pictures import Portrait, remove_picture, save_picture
from csd_events.events.service.presenters import merge_contributors, update_contributor
from csd_events.events.service.presenting import (
    NotSent,
    correct,
    renew_link,
    send_link,
    settle,
)
from csd_events.events.service.programs import create_program, update_program
from csd_events.events.service.publishing import mark_cancelled, missing, publish
from csd_events.events.service.recordings import keep_recordings, recordings
from csd_events.events.service.resources import tie_resources
from csd_events.events.service.roles import give_program_role, take_program_role
from csd_events.events.service.saving import create, touch_calendar, update
from csd_events.events.service.undoing import put_back, reinstate

__all__ = [
    "NotSent",
    "Portrait",
    "correct",
    "create",
    "create_conference",
    "create_program",
    "give_program_role",
    "keep_recordings",
    "mark_cancelled",
    "merge_contributors",
    "missing",
    "publish",
    "put_back",
    "recordings",
    "reinstate",
    "remove_address",
    "remove_picture",
    "renew_link",
    "save_addresses",
    "save_picture",
    "send_link",
    "settle",
    "take_program_role",
    "tie_resources",
    "touch_calendar",
    "update",
    "update_conference",
    "update_contributor",
    "update_program",
]
