"""Words in the reader's language.

Whose language it is stands in one context variable, which Flask-Babel follows: a page
asks for it hundreds of times, with each of its words and instants.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import NullTranslations
from flask import Flask, has_app_context
from flask_babel import Babel, force_locale, get_translations
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

#: English ships first, as people in the United States write it.
_locale: ContextVar[str] = ContextVar("locale", default="en_US")
#: By the name of a locale.
_catalogs: dict[str, NullTranslations] = {}


def init_words(app: Flask) -> None:
    """Set up translations, for templates and for everything else."""
    Babel(app, locale_selector=locale_name)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n brings it
        gettext=lambda words: _catalog().ugettext(words),
        ngettext=lambda one, many, number: _catalog().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _translate


def locale_name() -> str:
    """Name the reader's locale, such as ``en_US``."""
    return _locale.get()


@contextmanager
def reading_in(locale: str) -> Iterator[None]:
    """Write for somebody who reads another language, as long as the block lasts."""
    token = _locale.set(locale)
    try:
        with force_locale(locale):
            yield
    finally:
        _locale.reset(token)


def gettext(words: str, /, **values: object) -> str:
    """Translate words, and fill in values by name."""
    found: str = _catalog().ugettext(words)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """Translate words that depend on a number, which they know as ``num``."""
    found: str = _catalog().ungettext(one, many, num)
    return found % {"num": num, **values}


def lazy_gettext(words: str, /, **values: object) -> LazyString:
    """Translate words when they are read: for what is written down once."""
    return LazyString(gettext, words, **values)


def lazy_paragraphs(*words: object) -> LazyString:
    """Put paragraphs of Markdown together when they are read."""
    return LazyString(lambda: "\n\n".join(str(each) for each in words))


@pass_eval_context
def _translate(context: EvalContext, words: str, /, **values: object) -> str:
    """Translate words of a template and fill in values, which are escaped in HTML.

    What `jinja2.ext.i18n` does for `_`, in one step and not in four: a page has a
    hundred of them.
    """
    known: str = _catalog().ugettext(words)
    found = Markup(known) if context.autoescape else known  # noqa: S704 - ours
    return found % values if "%" in known else found


def _catalog() -> NullTranslations:
    name = locale_name()
    found = _catalogs.get(name)
    if found is None:
        found = get_translations()
        if has_app_context():  # elsewhere there is none to be had
            _catalogs[name] = found
    return found
