"""Settings: what the environment says, and what is refused at once."""

import stat
from pathlib import Path

import pytest

import config
from csd_events.core.passwords import Passwords
from csd_events.core.settings import SettingError

COMPLETE = {
    "SECRET_KEY": "long, and drawn at random",
    "BASE_URL": "https://events.example.org/csd/",
    "MAIL_SERVER": "relay.example.org",
    "MAIL_DEFAULT_SENDER": "events@example.org",
}


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "VAR", tmp_path / "var")


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_production_names_the_setting_it_misses(name: str) -> None:
    without = {key: value for key, value in COMPLETE.items() if key != name}
    with pytest.raises(SettingError, match=f"^Set {name}$"):
        config.from_environment(without)


def test_nothing_said_means_production_and_all_that_is_missing_is_named_at_once() -> (
    None
):
    with pytest.raises(SettingError) as error:
        config.from_environment({})
    assert str(error.value) == (
        "Set SECRET_KEY, BASE_URL, MAIL_SERVER, MAIL_DEFAULT_SENDER; "
        "or CSD_ENV=development, to try things"
    )


@pytest.mark.parametrize(
    "url",
    [
        "events.db",
        "postgresql://ada:secret@localhost:port/events",
        "mysql://ada:secret@localhost/events",
        "postgresql+psycopg2://ada:secret@localhost/events",
        "postgresql://ada:secret@localhost",
        "sqlite://",
    ],
)
def test_a_database_that_is_none_of_ours_is_refused_in_one_line(url: str) -> None:
    """And its password is not shown."""
    with pytest.raises(SettingError) as error:
        config.from_environment(COMPLETE | {"DATABASE_URL": url})
    assert str(error.value) == (
        "DATABASE_URL must be like sqlite:///csd_events.db "
        "or postgresql://user:password@host/name"
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "x", "must be 16 characters or more, drawn at random"),
        ("MAIL_DEFAULT_SENDER", "events", "must be like events@example.org"),
        ("MAIL_PORT", "99999", "must be a number up to 65535, not '99999'"),
        ("MAIL_PORT", "9" * 5000, "must be a number up to 65535"),
        ("MAIL_USE_TLS", "maybe", "must be 1 or 0, not 'maybe'"),
        ("CSD_PROXIES", "-1", "must be a number up to 10, not '-1'"),
        ("CSD_FILES", "var/files", "must be a whole path such as /srv/csd/files"),
    ],
)
def test_a_setting_that_would_do_harm_stops_the_start(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingError) as error:
        config.from_environment(COMPLETE | {name: value})
    assert str(error.value).startswith(f"{name} {words}")


@pytest.mark.parametrize("yes", ["1", "true", "YES", "on"])
def test_tls_is_on_however_one_says_so(yes: str) -> None:
    made = config.from_environment(COMPLETE | {"MAIL_USE_TLS": yes})
    assert (made.MAIL_USE_TLS, made.MAIL_PORT) == (True, 587)


def test_passwords_are_kept_as_argon2id_with_the_parameters_that_were_chosen() -> None:
    """19 MiB, two passes, one lane: what a small server bears."""
    made = config.from_environment(COMPLETE)
    checker = Passwords(
        memory_kib=made.ARGON2_MEMORY_KIB,
        time_cost=made.ARGON2_TIME,
        lanes=made.ARGON2_LANES,
    )
    assert checker.hash("a password").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_host_scheme_and_prefix_follow_from_the_base_url() -> None:
    made = config.from_environment(COMPLETE)
    assert made.BASE_URL == "https://events.example.org/csd"
    assert made.SERVER_NAME == "events.example.org"
    assert made.PREFERRED_URL_SCHEME == "https"
    assert made.APPLICATION_ROOT == "/csd"
    assert made.TRUSTED_HOSTS == ["events.example.org"]
    assert made.SESSION_COOKIE_SECURE is made.REMEMBER_COOKIE_SECURE is True


@pytest.mark.parametrize(
    "text",
    ["events.example.org", "ftp://events.example.org", "https:///events", "http://["],
)
def test_a_base_url_that_is_no_address_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SettingError) as error:
        config.from_environment(COMPLETE | {"BASE_URL": text})
    assert str(error.value) == (
        f"BASE_URL must be like https://events.example.org, not {text!r}"
    )


def test_the_plain_name_of_postgresql_gets_the_driver_we_have() -> None:
    env = COMPLETE | {"DATABASE_URL": "postgresql://events@127.0.0.1/events"}
    made = config.from_environment(env)
    assert made.SQLALCHEMY_DATABASE_URI == (
        "postgresql+psycopg://events@127.0.0.1/events"
    )


@pytest.mark.parametrize("name", ["CSD_PROXIES", "MAIL_PORT"])
@pytest.mark.parametrize("text", ["many", "-1", "1.5", "²"])
def test_a_number_that_is_none_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"{name} must be a number"):
        config.from_environment(COMPLETE | {name: text})


@pytest.mark.parametrize(
    ("given", "port"),
    [({}, 25), ({"MAIL_USE_TLS": "1"}, 587), ({"MAIL_PORT": "26"}, 26)],
)
def test_the_mail_port_is_the_usual_one_unless_said(
    given: dict[str, str], port: int
) -> None:
    assert port == config.from_environment(COMPLETE | given).MAIL_PORT


def test_development_makes_its_secrets_once_and_for_itself_alone() -> None:
    first = config.from_environment({"CSD_ENV": "development"})
    again = config.from_environment({"CSD_ENV": "development"})
    assert isinstance(first, config.Development)
    assert isinstance(again, config.Development)
    assert first.SECRET_KEY == again.SECRET_KEY
    assert first.SAMPLE_PASSWORD == again.SAMPLE_PASSWORD
    kept = [config.VAR / "secret-key", config.VAR / "sample-password", config.VAR]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in kept]
    assert modes == [0o600, 0o600, 0o700]


def test_the_port_is_part_of_the_links_in_development() -> None:
    made = config.from_environment({"CSD_ENV": "development", "PORT": "8001"})
    assert made.BASE_URL == "http://127.0.0.1:8001"


def test_earlier_keys_are_kept_in_order() -> None:
    env = COMPLETE | {"SECRET_KEY_FALLBACKS": "older,oldest"}
    assert config.from_environment(env).SECRET_KEY_FALLBACKS == ["older", "oldest"]


def test_files_are_kept_where_the_setting_says() -> None:
    unset = config.from_environment(COMPLETE)
    given = config.from_environment(COMPLETE | {"CSD_FILES": "/srv/csd/files"})
    assert unset.FILES_FOLDER.name == "files"
    assert Path("/srv/csd/files") == given.FILES_FOLDER


def test_the_sites_that_may_hold_a_form_are_exact() -> None:
    named = "https://www.example.org, https://example.net:8443"
    made = config.from_environment(COMPLETE | {"CSD_EMBED_ORIGINS": named})
    assert made.EMBED_ORIGINS == ("https://www.example.org", "https://example.net:8443")
    assert config.from_environment(COMPLETE).EMBED_ORIGINS == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.org",
        "http://www.example.org",
        "https://www.example.org/",
        "https://www.example.org/events",
        "https://user@example.org",
        "https://www.example.org; script-src *",
        "www.example.org",
        "'self'",
    ],
)
def test_a_site_that_is_none_stops_the_start_in_one_line(origin: str) -> None:
    with pytest.raises(SettingError) as refused:
        config.from_environment(COMPLETE | {"CSD_EMBED_ORIGINS": origin})
    assert str(refused.value) == (
        "CSD_EMBED_ORIGINS must be like https://www.example.org, several separated by "
        f"commas, not {origin!r}"
    )


ON_POSTGRES = COMPLETE | {"DATABASE_URL": "postgresql://ada:secret@localhost/events"}


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "rediss://:a%20secret@redis.example.org:6380/1",
        "amqp://ada:secret@rabbit.example.org//",
        "amqps://ada:secret@rabbit.example.org/events",
    ],
)
def test_workers_are_rung_for_by_redis_or_rabbitmq(url: str) -> None:
    settings = config.from_environment(ON_POSTGRES | {"CELERY_BROKER_URL": url})
    assert url == settings.CELERY_BROKER_URL
    assert config.from_environment(ON_POSTGRES).CELERY_BROKER_URL is None


@pytest.mark.parametrize(
    "url",
    [
        "redis",
        "redis:///0",
        "sqs://ada:secret@queue.example.org/",
        "redis://:secret@localhost:port/0",
    ],
)
def test_a_broker_that_is_none_of_ours_is_refused_in_one_line(url: str) -> None:
    """And its password is not shown."""
    with pytest.raises(SettingError) as error:
        config.from_environment(ON_POSTGRES | {"CELERY_BROKER_URL": url})
    assert str(error.value) == (
        "CELERY_BROKER_URL must be like redis://host:6379/0 "
        "or amqp://user:password@host:5672//"
    )


@pytest.mark.parametrize("kind", ["production", "development"])
def test_workers_on_sqlite_are_refused_in_one_line(kind: str) -> None:
    told = {"CSD_ENV": kind, "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0"}
    with pytest.raises(SettingError) as error:
        config.from_environment(COMPLETE | told)
    assert str(error.value) == (
        "CELERY_BROKER_URL must be left out on SQLite: workers need PostgreSQL, "
        "see DATABASE_URL"
    )


def test_a_broker_without_celery_is_refused_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(SettingError, match=r"which make scale installs$"):
        config.from_environment(
            ON_POSTGRES | {"CELERY_BROKER_URL": "redis://127.0.0.1:6379/0"}
        )


@pytest.mark.parametrize(
    "url",
    [
        "imaps://events@mail.example.org/INBOX",
        "imaps://events@example.org@mail.example.org:9993",
        "maildir:/srv/mail/events",
    ],
)
def test_what_came_back_is_read_by_imap_or_in_a_maildir(url: str) -> None:
    told = {"CSD_BOUNCES": url, "CSD_BOUNCES_PASSWORD": "sesame"}
    made = config.from_environment(COMPLETE | told)
    assert (url, "sesame") == (made.BOUNCES, made.BOUNCES_PASSWORD)


def test_unless_told_otherwise_no_mailbox_is_read() -> None:
    assert config.from_environment(COMPLETE).BOUNCES is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "imap://events@mail.example.org",
        "imaps://mail.example.org/INBOX",
        "imaps://events:secret@mail.example.org/INBOX",
        "imaps://events@mail.example.org:99999",
        "maildir:mail",
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_in_one_line(url: str) -> None:
    """And a password in it is not shown."""
    with pytest.raises(SettingError) as error:
        config.from_environment(
            COMPLETE | {"CSD_BOUNCES": url, "CSD_BOUNCES_PASSWORD": "sesame"}
        )
    assert str(error.value) == (
        "CSD_BOUNCES must be like imaps://events@mail.example.org/INBOX or "
        "maildir:/srv/mail/events; a password is CSD_BOUNCES_PASSWORD"
    )


def test_an_imap_mailbox_needs_its_password() -> None:
    with pytest.raises(SettingError, match=r"^Set CSD_BOUNCES_PASSWORD, to read"):
        config.from_environment(
            COMPLETE | {"CSD_BOUNCES": "imaps://events@mail.example.org"}
        )
