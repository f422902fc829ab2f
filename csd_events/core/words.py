"""Words in the reader's language."""

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def init_words(app: Flask) -> None:
    """Set up translations, found once for a page and not for each of its words."""
    Babel(app)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n brings it
        gettext=lambda words: _known().ugettext(words),
        ngettext=lambda one, many, number: _known().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _translate


@pass_eval_context
def _translate(context: EvalContext, words: str, /, **values: object) -> str:
    """Translate words of a template and fill in values, which are escaped in HTML.

    What `jinja2.ext.i18n` does for `_`, in one step and not in four: a page has a
    hundred of them.
    """
    known: str = _known().ugettext(words)
    found = Markup(known) if context.autoescape else known  # noqa: S704 - ours
    return found % values if "%" in known else found


def _known() -> NullTranslations:
    locale = get_locale()
    kept = g.get("translations")
    if kept is None or kept[0] is not locale:
        kept = g.translations = locale, get_translations()
    found: NullTranslations = kept[1]
    return found
