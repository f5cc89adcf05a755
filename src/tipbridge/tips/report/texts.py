"""Whether a text is of a kind of the schema, and what is allowed, in words."""

import re
from calendar import monthrange

from tipbridge.tips.report.schema import Value, our_schema

_BLANK = " \t\n\r"
_RUN = re.compile(f"[{_BLANK}]+")
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DAY = r"-?(?:[1-9]\d{4,8}|\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_HOUR = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_FORMS = {
    "xs:boolean": re.compile(r"true|false|1|0"),
    "xs:int": re.compile(r"[+-]?\d{1,100}", re.ASCII),
    "xs:long": re.compile(r"[+-]?\d{1,100}", re.ASCII),
    "xs:double": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN", re.ASCII),
    "xs:date": re.compile(_DAY + _ZONE, re.ASCII),
    "xs:dateTime": re.compile(f"{_DAY}T{_HOUR}{_ZONE}", re.ASCII),
}
_DATE = re.compile(r"(-?)(\d+)-(\d\d)-(\d\d)", re.ASCII)
_RANGES = {"xs:int": (-(2**31), 2**31 - 1), "xs:long": (-(2**63), 2**63 - 1)}
_WORDS = {
    "xs:string": "any text",
    "xs:token": "text in one line",
    "xs:boolean": "true, false, 1 or 0",
    "xs:double": "a number such as 37.5",
    "xs:date": "a date such as 2026-01-05",
    "xs:dateTime": "a date and time such as 2026-01-05T10:20:30+01:00",
}


def fits(kind: str, text: str) -> bool:
    """Whether a text is of this kind."""
    value = our_schema().value(kind)
    if value.either:
        return any(fits(each, text) for each in value.either)
    if value.base not in ("xs:string", *_FORMS, "xs:token"):
        return fits(value.base, text) and _narrowed(value, text)
    if value.base != "xs:string":
        text = _RUN.sub(" ", text).strip(_BLANK)
    return _based(value.base, text) and _narrowed(value, text)


def _based(base: str, text: str) -> bool:
    form = _FORMS.get(base)
    if form is None:
        return True
    if not form.fullmatch(text):
        return False
    if base in _RANGES:
        least, most = _RANGES[base]
        return least <= int(text) <= most
    return not base.startswith("xs:date") or _is_day(text)


def _is_day(text: str) -> bool:
    found = _DATE.match(text)
    if found is None or not int(found[2]):
        return False
    leap_alike = 2000 + int(found[2]) % 400
    return int(found[4]) <= monthrange(leap_alike, int(found[3]))[1] or bool(found[1])


def _narrowed(value: Value, text: str) -> bool:
    if value.listed and text not in value.listed:
        return False
    if value.longest is not None and len(text) > value.longest:
        return False
    if value.pattern is not None:
        pattern = value.pattern.replace(r"\S", f"[^{_BLANK}]")
        return re.fullmatch(pattern, text) is not None
    if value.least is not None and int(text) < value.least:
        return False
    return value.most is None or int(text) <= value.most


def allowed(kind: str) -> str:
    """What a text of this kind may be, in words: the list, the length, the range or the form."""
    value = our_schema().value(kind)
    if value.either:
        return " or ".join(allowed(each) for each in value.either)
    if value.listed:
        return f"one of '[{', '.join(value.listed)}]'"
    if value.base in ("xs:int", "xs:long"):
        least, most = _RANGES[value.base]
        least = least if value.least is None else value.least
        return f"a whole number from {least} to {most if value.most is None else value.most}"
    words = _WORDS.get(value.base) or allowed(value.base)
    if value.pattern is not None:
        words = f"text of the form {value.pattern}"
    return words if value.longest is None else f"{words}, at most {value.longest} characters"
