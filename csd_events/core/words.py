"""Words in the reader's language."""

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, get_locale, get_translations


def init_words(app: Flask) -> None:
    """Set up translations, found once for a page and not for each of its words."""
    Babel(app)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n brings it
        gettext=lambda words: _known().ugettext(words),
        ngettext=lambda one, many, number: _known().ungettext(one, many, number),
        newstyle=True,
    )


def _known() -> NullTranslations:
    locale = get_locale()
    kept = g.get("translations")
    if kept is None or kept[0] is not locale:
        kept = g.translations = locale, get_translations()
    found: NullTranslations = kept[1]
    return found
