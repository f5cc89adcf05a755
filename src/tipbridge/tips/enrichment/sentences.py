"""What favours somebody, as sentences of a closed list; pure.

A referral signs the sentence, so its facts are read back from it: a page can say it in the
reader's language, whoever sent it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

COMPROMISED = "The provider says that this account may have been taken over by somebody else."
PROXY = "The provider says that this address may be a proxy: the user may be elsewhere."
HOSTING = "This network is of the kind hosting: the user may be elsewhere."
VPN = "This network is of the kind vpn: the user may be elsewhere."
SHARED = "Many customers may share this address, and no port was given to tell them apart."
IP_DATA = "Country and network are from {file} (SHA-256 {sha256}), {days} days old."
IP_DATA_UNNAMED = "Country and network are from a file that is {days} days old."
NOT_VIEWED = "The provider did not view the entire file."
VIEWED_UNKNOWN = "The provider does not say that it viewed the entire file."
EXACT = "Exact match by digest with: {lists}."
EXACT_UNNAMED = "Exact match by digest with a list whose name may not be passed on."
NEAR = "Alike, not the same: something on {lists}; at the nearest {bits} of 256 bits differ."
NEAR_UNNAMED = (
    "Alike, not the same, as something on a list whose name may not be passed on; at the nearest"
    " {bits} of 256 bits differ."
)
NO_MATCH = "No exact match with a hash list of this node."

SENTENCES = (
    COMPROMISED,
    PROXY,
    HOSTING,
    VPN,
    SHARED,
    IP_DATA,
    IP_DATA_UNNAMED,
    NOT_VIEWED,
    VIEWED_UNKNOWN,
    EXACT,
    EXACT_UNNAMED,
    NEAR,
    NEAR_UNNAMED,
    NO_MATCH,
)

_UNNAMED = {EXACT: EXACT_UNNAMED, NEAR: NEAR_UNNAMED, IP_DATA: IP_DATA_UNNAMED}
_AS_IT_IS = "{text}"
_NUMBER = re.compile("[0-9]{1,6}")
_FACT = re.compile(r"\\\{([a-z0-9]+)\\\}")
_FACT_OF = re.compile(r"\{([a-z0-9]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A form of the list and the facts that fill it: `form.format(**facts)` is the sentence."""

    form: str
    facts: Mapping[str, str]


def read_back(text: str) -> Sentence:
    """The sentence that a text is; one not of the list, such as a later sender's, as it is."""
    for form, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return Sentence(form=form, facts=found.groupdict())
    return Sentence(form=_AS_IT_IS, facts={"text": text})


def without_names(text: str) -> str | None:
    """The same sentence in words of the list and numbers alone; None of what is none of them."""
    said = read_back(text)
    if said.form not in SENTENCES:
        return None
    form = _UNNAMED.get(said.form, said.form)
    facts = {name: said.facts[name] for name in _FACT_OF.findall(form)}
    numbers = all(_NUMBER.fullmatch(each) for each in facts.values())
    return form.format(**facts) if numbers else None


_PATTERNS = tuple(
    (form, re.compile(_FACT.sub(r"(?P<\1>.+)", re.escape(form)), re.DOTALL)) for form in SENTENCES
)
