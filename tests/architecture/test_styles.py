"""Styles: what the checks of every page take for granted."""

import re

from tests.architecture.files import ROOT

CSS = ROOT / "static" / "css" / "site.css"
OF_A_WIDTH = re.compile(r"@media[^{]*(?:min|max)-width[^{]*\{((?:[^{}]*\{[^{}]*\})*)")
COLOR = re.compile(r"[{;\s](?:color|background(?:-color|-image)?|opacity)\s*:[^;}]*")


def test_colors_are_those_of_every_width() -> None:
    """So that contrast need be looked at in one width only."""
    styles = OF_A_WIDTH.findall(CSS.read_text(encoding="utf-8"))
    assert styles
    assert [found[0] for rule in styles for found in COLOR.finditer(rule)] == []
