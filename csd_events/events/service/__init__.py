"""What staff do with events. Telling their people is `registrations.service`'s."""

from csd_events.events.service.archiving import archive, bring_back
from csd_events.events.service.calling_off import (
    mark_cancelled,
    mark_postponed,
    mark_redated,
    put_standing_back,
    standing_before,
)
from csd_events.events.service.clashing import (
    leave_clash,
    show_clash_again,
)
from csd_events.events.service.conferences import (
    create_conference,
    remove_address,
    save_addresses,
    update_conference,
)
from csd_events.events.service.contributing import add_presenter, remove_presenter
from csd_events.events.service.making import create_once
from csd_events.events.service.pictures import Portrait, remove_picture, save_picture
from csd_events.events.service.planning import plan_publishing, publish_due
from csd_events.events.service.presenters import merge_contributors, update_contributor
from csd_events.events.service.presenting import (
    NotSent,
    correct,
    renew_link,
    send_link,
    settle,
)
from csd_events.events.service.programs import create_program, update_program
from csd_events.events.service.publishing import missing, publish
from csd_events.events.service.recordings import keep_recordings, recordings
from csd_events.events.service.repeating import (
    Copy,
    Repeat,
    copy_event,
    days_of_series,
    repeat,
)
from csd_events.events.service.resources import tie_resources
from csd_events.events.service.roles import give_program_role, take_program_role
from csd_events.events.service.saving import create, touch_calendar, update
from csd_events.events.service.sessions import clock_problem
from csd_events.events.service.undoing import put_back

__all__ = [
    "Copy",
    "NotSent",
    "Portrait",
    "Repeat",
    "add_presenter",
    "archive",
    "bring_back",
    "clock_problem",
    "copy_event",
    "correct",
    "create",
    "create_conference",
    "create_once",
    "create_program",
    "days_of_series",
    "give_program_role",
    "keep_recordings",
    "leave_clash",
    "mark_cancelled",
    "mark_postponed",
    "mark_redated",
    "merge_contributors",
    "missing",
    "plan_publishing",
    "publish",
    "publish_due",
    "put_back",
    "put_standing_back",
    "recordings",
    "remove_address",
    "remove_picture",
    "remove_presenter",
    "renew_link",
    "repeat",
    "save_addresses",
    "save_picture",
    "send_link",
    "settle",
    "show_clash_again",
    "standing_before",
    "take_program_role",
    "tie_resources",
    "touch_calendar",
    "update",
    "update_conference",
    "update_contributor",
    "update_program",
]
