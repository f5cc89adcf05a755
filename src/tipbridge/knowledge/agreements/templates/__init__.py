"""Agreements to start from; an organisation sets its own parties and reviews each clause."""

import re
from importlib import resources

from tipbridge.foundation.base.errors import NotFound

TEMPLATES = (
    "standing-referral",
    "hsi-knpa-2013",
    "police-mou",
    "interpol-push",
    "hotline-exchange",
    "hit-no-hit",
    "provider-feedback",
)


def template_text(name: str, *, sender: str | None = None, receiver: str | None = None) -> str:
    """The TOML of a shipped template, with the parties set.

    Errors: NotFound for a name that is not shipped.
    """
    if name not in TEMPLATES:
        raise NotFound("agreement template", name)
    text = (resources.files(__name__) / f"{name}.toml").read_text("utf-8")
    for key, node_id in (("sender", sender), ("receiver", receiver)):
        if node_id is not None:
            text = re.sub(rf'(?m)^{key} = "[^"]*"$', f'{key} = "{node_id}"', text)
    return text
