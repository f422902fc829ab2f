"""A QR code as a picture in a page: what a phone's camera reads an address from."""

import segno
from markupsafe import Markup, escape

#: Light modules around it, without which cameras do not find it.
BORDER = 4


def qr_svg(address: str, words: str) -> Markup:
    """Draw an address; the words are for who does not see the picture.

    It has no size of its own: the page's styles say how large it is.
    """
    drawn = segno.make(address, error="m").svg_inline(
        border=BORDER, omitsize=True, light="#fff", svgclass="qr", lineclass=None
    )
    named = drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(words)}" ', 1)
    return Markup(named)  # noqa: S704 - drawn here, and the words are escaped
