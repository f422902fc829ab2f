"""Which names the words of mails may hold."""

#: Of every mail about a registration.
VALUES = frozenset(
    {
        "association",
        "cancel_link",
        "event",
        "event_link",
        "greeting",
        "name",
        "place",
        "presenters",
        "price",
        "reference",
        "registered_by",
        "registration_link",
        "support",
        "when",
        "worksheet_link",
    }
)
BLOCKS = frozenset({"button", "conference", "details", "sessions"})

#: The page of a registration, and the way to end it: what each mail must lead to.
OWN_PAGE = ("button", "registration_link")
WAY_BACK = ("way_back", "cancel_link")
