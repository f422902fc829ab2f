"""Addresses, tries and passwords."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.accounts import rules
from csd_events.accounts.rules import (
    FAILURES_A_NETWORK,
    FAILURES_AN_ADDRESS,
    LinkKind,
    LinkState,
    PasswordFlaw,
    email_key,
    is_locked_out,
    local_path,
    network_of,
    password_flaw,
    session_parts,
)
from csd_events.core.tokens import Purpose

EMAIL = "ada@example.org"
NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada+forum@example.org", "ada+forum@example.org"),
        ("a.d.a@example.org", "a.d.a@example.org"),
        ("ADA@MÜNCHEN.example", "ada@xn--mnchen-3ya.example"),
        ("ada@mu\N{COMBINING DIAERESIS}nchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"),
        ("STRASSE@example.org", "strasse@example.org"),
        ("Straße@example.org", "strasse@example.org"),
        ("ada@\N{SNOWMAN}\u200b..example", "ada@\N{SNOWMAN}\u200b..example"),
        ("ada", "ada"),
        ("", ""),
    ],
)
def test_an_address_has_one_key_however_it_is_written(address: str, key: str) -> None:
    assert email_key(address) == key


@given(st.emails())
def test_the_key_of_a_key_is_itself(address: str) -> None:
    key = email_key(address)
    assert email_key(key) == key


@given(st.emails(), st.text(" \t\n", max_size=3))
def test_neither_case_nor_space_around_an_address_matters(
    address: str, space: str
) -> None:
    local, _, domain = address.rpartition("@")
    shouted = f"{space}{local.upper()}@{domain.upper()}{space}"
    assert email_key(shouted) == email_key(address)


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert email_key(text).count("@") >= min(text.count("@"), 1)


@given(st.integers(0, 40), st.integers(0, 40))
def test_five_for_an_address_or_twenty_from_a_network_are_too_many(
    address: int, network: int
) -> None:
    locked = is_locked_out(address_failures=address, network_failures=network)
    assert locked == (address >= 5 or network >= 20)
    assert (FAILURES_AN_ADDRESS, FAILURES_A_NETWORK) == (5, 20)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
        ("2001:db8:0:7:ffff::9", "2001:db8:0:7::/64"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_one_network_is_counted_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("eleven char", PasswordFlaw.TOO_SHORT),
        ("twelve chars", None),
        ("x" * 201, PasswordFlaw.TOO_LONG),
        ("abababababab", PasswordFlaw.TOO_PLAIN),
        ("ADA@example.org", PasswordFlaw.IS_THE_ADDRESS),
        ("four plain english words", None),
    ],
)
def test_a_password_is_long_and_not_the_address(
    password: str, flaw: PasswordFlaw | None
) -> None:
    assert password_flaw(password, email=EMAIL) is flaw


def test_a_path_longer_than_any_of_ours_leads_nowhere() -> None:
    assert local_path("/" + "a" * 499) == "/" + "a" * 499
    assert local_path("/" + "a" * 500) == ""


@pytest.mark.parametrize(
    "target",
    ["/me", "/", "/events?area=fire&q=a%20b", "/events/right-for-me#form"],
)
def test_a_path_of_ours_is_gone_on_to(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "me",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "/a\\b",
        "/a\nb",
        "https://example.org/me",
        "javascript:alert(1)",
        "/m é",
    ],
)
def test_nothing_else_is_gone_on_to(target: str) -> None:
    assert local_path(target) == ""


@given(st.text())
def test_where_we_go_on_to_never_leaves_the_site(target: str) -> None:
    path = local_path(target)
    assert path == "" or (path[0] == "/" and path[1:2] not in {"/", "\\"})


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**9 - 1))
def test_a_session_names_an_account_and_a_version(account: int, version: int) -> None:
    assert session_parts(f"{account}.{version}") == (account, version)


@pytest.mark.parametrize(
    "garbage",
    ["", "1", "1.", ".1", "1.2.3", "-1.1", "1.1 ", "\u0663.\u0661", "9" * 19 + ".1"],
)
def test_garbage_names_nobody(garbage: str) -> None:
    assert session_parts(garbage) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
    ],
)
def test_requests_are_counted_by_network_but_not_those_of_this_machine(
    address: str, network: str | None
) -> None:
    assert rules.counted_network(address) == network


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_holds_until_its_end_is_used_once_and_may_be_replaced(
    kind: LinkKind,
) -> None:
    lasts = rules.LASTS[kind]
    second = timedelta(seconds=1)

    def state(
        now: datetime, ends_at: datetime, used_at: datetime | None = None
    ) -> LinkState:
        return rules.link_state(
            kind, created_at=NOON, ends_at=ends_at, used_at=used_at, now=now
        )

    end = NOON + lasts
    assert [state(at, end) for at in (NOON, end - second, end)] == [
        LinkState.OPEN,
        LinkState.OPEN,
        LinkState.ENDED,
    ]
    assert state(NOON, end, used_at=NOON) is LinkState.USED
    assert state(end, end, used_at=NOON) is LinkState.USED
    assert state(NOON + second, NOON + second) is LinkState.REPLACED


def test_every_kind_of_link_has_a_purpose_of_its_own_in_its_mac() -> None:
    purposes = [Purpose(kind.value) for kind in LinkKind]
    assert len(set(purposes)) == len(LinkKind)


def test_preferred_areas_keep_their_order_and_close_their_gaps() -> None:
    chosen = [None, "police", "", "police", "transit", "legal", "fleet_equipment"]
    assert rules.preferred_areas(chosen) == ("police", "transit", "legal")
    assert rules.preferred_areas([]) == ()
