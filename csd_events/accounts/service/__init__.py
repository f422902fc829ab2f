"""What people do with their accounts.

Every function works in the caller's transaction, and none makes a password's hash:
that takes a while, and nothing should be locked meanwhile.
"""

from csd_events.accounts.service.addresses import (
    Holder,
    find_holder,
    give_address,
    lock_people,
)
from csd_events.accounts.service.asking import (
    Asking,
    ask_for_address,
    ask_to_reset,
    ask_to_sign_in,
    ask_to_sign_up,
    tell_old_address,
)
from csd_events.accounts.service.keeping import (
    close_account,
    create_account,
    end_links,
    end_sessions,
    grant_role,
    hold_account,
    lock_for_role,
    renew_feed,
    set_password,
)
from csd_events.accounts.service.linking import (
    finish_sign_up,
    forget_old_links,
    reset_password,
    sign_in_by_link,
    undo_by_link,
    use_link,
)
from csd_events.accounts.service.people import (
    Met,
    confirm_address,
    find_or_create_person,
    hold_address,
    meet,
    meet_all,
    prefer,
    recognize,
    rename,
    save_preferences,
)
from csd_events.accounts.service.signing_in import (
    Checked,
    admit_attempt,
    check_password,
    complete_sign_in,
    forget_old_failures,
    forgive,
)
from csd_events.accounts.service.typing import (
    forget_old_typed,
    forget_typed,
    keep_typed,
)

__all__ = [
    "Asking",
    "Checked",
    "Holder",
    "Met",
    "admit_attempt",
    "ask_for_address",
    "ask_to_reset",
    "ask_to_sign_in",
    "ask_to_sign_up",
    "check_password",
    "close_account",
    "complete_sign_in",
    "confirm_address",
    "create_account",
    "end_links",
    "end_sessions",
    "find_holder",
    "find_or_create_person",
    "finish_sign_up",
    "forget_old_failures",
    "forget_old_links",
    "forget_old_typed",
    "forget_typed",
    "forgive",
    "give_address",
    "grant_role",
    "hold_account",
    "hold_address",
    "keep_typed",
    "lock_for_role",
    "lock_people",
    "meet",
    "meet_all",
    "prefer",
    "recognize",
    "rename",
    "renew_feed",
    "reset_password",
    "save_preferences",
    "set_password",
    "sign_in_by_link",
    "tell_old_address",
    "undo_by_link",
    "use_link",
]
