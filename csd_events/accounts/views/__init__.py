"""Signing up, in and out, and a person's own account."""

from csd_events.accounts.views import (
    links,
    own,
    passing,
    preferring,
    signing_in,
    signing_up,
)
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.coming_in import (
    is_remembered,
    load_account,
    own_network,
    prove,
    start_session,
)
from csd_events.accounts.views.links import OpenedLink, ended_page, open_link
from csd_events.accounts.views.own import signed_in

__all__ = [
    "OpenedLink",
    "bp",
    "ended_page",
    "is_remembered",
    "links",
    "load_account",
    "open_link",
    "own",
    "own_network",
    "passing",
    "preferring",
    "prove",
    "signed_in",
    "signing_in",
    "signing_up",
    "start_session",
]
