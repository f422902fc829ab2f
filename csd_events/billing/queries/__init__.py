"""Reading invoices, their payments, and what is owed."""

from csd_events.billing.queries.listing import (
    PER_PAGE,
    Filters,
    Sums,
    count,
    each,
    page,
    sums,
)
from csd_events.billing.queries.reading import (
    Account,
    Document,
    Paid,
    balance_of,
    find_credit,
    find_open,
    get_account,
    get_document,
    is_open,
    list_accounts,
    list_payments,
)

__all__ = [
    "PER_PAGE",
    "Account",
    "Document",
    "Filters",
    "Paid",
    "Sums",
    "balance_of",
    "count",
    "each",
    "find_credit",
    "find_open",
    "get_account",
    "get_document",
    "is_open",
    "list_accounts",
    "list_payments",
    "page",
    "sums",
]
