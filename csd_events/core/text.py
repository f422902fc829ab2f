"""Words as they come in and as they go out."""

import codecs
import re
import unicodedata
from functools import lru_cache

import idna
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

#: What staff may write, and which marks are left of it on a page.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

#: What broken UTF-8 has become by the time we see it.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
KEY_LENGTH = 80
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LINE_BREAKS = re.compile(r"\s+")
#: The space between a number and the word before or behind it.
_BESIDE_A_NUMBER = re.compile(r"(?<=\w) (?=\d)|(?<=\d) (?=[^\W\d])")


def has_control_characters(text: str, *, allow: str = "") -> bool:
    """Tell whether a text holds a character nobody can type, NUL above all."""
    if text.isprintable():  # nearly every one, and quickly seen
        return False
    return any(
        unicodedata.category(character) in {"Cc", "Cs"} and character not in allow
        for character in text
    )


def is_blank(text: str) -> bool:
    """Tell whether there is nothing to see: spaces and marks without a shape."""
    return all(unicodedata.category(c) in {"Cc", "Cf", "Zs", "Zl", "Zp"} for c in text)


def one_line(text: str) -> str:
    """Trim, join lines and bring a name or title to its composed form (NFC)."""
    return _LINE_BREAKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def shown_address(address: str) -> str:
    """Write a mail address as people do; browsers send ``xn--…`` for ``münchen``."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain.lower():
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def domain_key(domain: str) -> str:
    """Bring the domain of a mail address to the form by which domains are compared."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError:
        return unicodedata.normalize("NFC", domain.casefold())


def uri_address(address: str) -> str:
    """Write a mail address as it stands in a URI: its domain in ASCII."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def decode(content: bytes) -> str:
    """Read a file as spreadsheets write it: UTF-8, UTF-16 with its mark, or Latin-1."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def slugify(text: str) -> str:
    """Make a path out of a title: ``Is it worth it?`` becomes ``is-it-worth-it``."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words)[:80].rstrip("-")


def fold(text: str) -> str:
    """Lower a text to what a search compares: no accents, no case."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.casefold()


@lru_cache(maxsize=512)
def markdown(text: str) -> Markup:
    """Turn what staff wrote into safe HTML: no HTML of theirs, no stray links.

    Their headings start at two, under the page's own.
    """
    html = MARKDOWN.render(text)
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    return Markup(  # noqa: S704 - cleaned on the same line
        nh3.clean(html, tags=TAGS, url_schemes={"https", "mailto"})
    )


def with_addresses(words: str) -> Markup:
    """Escape words, and let a mail address among them be written to by a press."""
    link = r'<a href="mailto:\g<0>">\g<0></a>'
    return Markup(_ADDRESS.sub(link, str(escape(words))))  # noqa: S704 - escaped


def unbroken(words: str) -> str:
    """Keep a number on the line of the word beside it: a price, a day, an hour."""
    return _BESIDE_A_NUMBER.sub("\N{NO-BREAK SPACE}", words)


def sort_key(text: str) -> str:
    """Shorten a folded text to what lists are sorted by: indexes take no long ones."""
    return fold(text)[:KEY_LENGTH]


def looks_like_an_advertisement(name: str) -> bool:
    """Tell whether a typed name could carry a link or an address into a mail."""
    return bool(re.search(r"[/@]|www\.|\w\.\w", name, re.IGNORECASE))


def inert(cell: str) -> str:
    """Write a cell of a CSV file so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
