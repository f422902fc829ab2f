"""Reading settings of the environment, and saying in one line what is wrong."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

YES_OR_NO = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("", "0", "false", "no", "off"), False),
}


class SettingError(Exception):
    """A setting is missing, or is not what it should be. Says so in one line."""


def number(env: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    found = int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
    if not 0 <= found <= most:
        raise SettingError(f"{name} must be a number up to {most}, not {text!r}")
    return found


def yes_or_no(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "")
    if text.lower() not in YES_OR_NO:
        raise SettingError(f"{name} must be 1 or 0, not {text!r}")
    return YES_OR_NO[text.lower()]


def folder(env: Mapping[str, str], name: str, otherwise: Path) -> Path:
    text = env.get(name, "")
    found = Path(text) if text else otherwise
    if not found.is_absolute():
        raise SettingError(f"{name} must be a whole path such as /srv/csd/files")
    return found


def several(env: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in env.get(name, "").split(",") if part.strip()]


def kept(path: Path, *, length: int = 32) -> str:
    """Return the secret in a file, made on first use and readable by us alone.

    Args:
        length: Of a new one, in random bytes.
    """
    if not path.exists():
        # Whole or not at all: an empty secret would sign what anybody can forge.
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(length))
        part.replace(path)
    return path.read_text().strip()
