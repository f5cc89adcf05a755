"""No page shows a web address that a program takes for a link, whoever typed it."""

import re

from tipbridge.foundation.base.defanging import defang_text

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)", re.IGNORECASE)
_AS_IT_IS = frozenset({"textarea", "script", "style", "code"})
"""What stands in these is as it was: what a form sends back, and addresses of our own machines."""


def without_links(html: str) -> str:
    """A page in whose text every web address is defanged.

    Shape: `html` is what a template made with autoescape: no tag has a raw `>` in it. Attributes
    stay, so that a form sends what it held.
    """
    if "://" not in html and "www." not in html.lower():
        return html
    pieces: list[str] = []
    inside: str | None = None
    for piece in _TAG.split(html):
        if not piece.startswith("<"):
            pieces.append(piece if inside else defang_text(piece))
            continue
        pieces.append(piece)
        found = _NAME.match(piece)
        name = found[1].lower() if found else ""
        if inside is None and name in _AS_IT_IS and not piece.startswith("</"):
            inside = name
        elif name == inside and piece.startswith("</"):
            inside = None
    return "".join(pieces)
