"""Filling the two sides of a mail, as every feature does it."""

from collections.abc import Mapping
from functools import lru_cache

import css_inline
from flask import current_app


def both_sides(template: str, words: Mapping[str, object]) -> tuple[str, str]:
    """Fill a mail's text and its HTML, with the styles written into the latter.

    Templates get no more than these words: nobody is signed in here.

    Args:
        template: Under ``templates/mail/``, without ending.
        words: What it names.
    """
    text, html = (
        current_app.jinja_env.get_template(f"mail/{template}.{side}").render(words)
        for side in ("txt", "html")
    )
    return text, _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
