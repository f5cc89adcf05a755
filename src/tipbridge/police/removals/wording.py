"""The text of a notice, by its step and in the host's language."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from tipbridge.foundation.base.defanging import defang_text
from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.removals.model import NoticeLanguage, NoticeStep, PlaceForm, Removal

_FORMS: Mapping[NoticeLanguage, Mapping[PlaceForm, str]] = {
    NoticeLanguage.KOREAN: {
        PlaceForm.URL: "웹 주소",
        PlaceForm.ACCOUNT_POST: "계정의 게시물",
        PlaceForm.MESSAGE_GROUP: "대화방",
    },
    NoticeLanguage.ENGLISH: {
        PlaceForm.URL: "web address",
        PlaceForm.ACCOUNT_POST: "post of an account",
        PlaceForm.MESSAGE_GROUP: "message group",
    },
}
SYNTHETIC: Mapping[NoticeLanguage, str] = {
    NoticeLanguage.KOREAN: "[가상 자료] ",
    NoticeLanguage.ENGLISH: "[SYNTHETIC] ",
}
"""Everything a synthetic node sends says so."""

PLACEHOLDERS = ("place", "form", "host", "notice", "agency")
"""What a text may name; a host's own one must name the place and the notice."""
_SUBJECT_MAX, _BODY_MAX = 200, 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Subject and body of a notice, with placeholders or filled in."""

    subject: str
    body: str


@functools.cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("tipbridge.police.removals").joinpath("data/notices.toml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", tomllib.loads(text))


def usual_template(language: NoticeLanguage, step: NoticeStep) -> Template:
    """The text of a step for hosts that have none of their own."""
    found = _texts()[language.value][step.value]
    return Template(subject=found["subject"], body=found["body"].strip())


def read_template(subject: str, body: str) -> Template:
    """A text as staff write it.

    Errors: Invalid, which names the placeholder that is unknown, open or missing.
    """
    text = Template(
        subject=subject.strip(), body="\n".join(body.replace("\r\n", "\n").split("\n")).strip()
    )
    for name, value, most in (
        ("subject", text.subject, _SUBJECT_MAX),
        ("body", text.body, _BODY_MAX),
    ):
        lines = value.split("\n") if name == "body" else [value]
        if not 0 < len(value) <= most or not all(line.isprintable() for line in lines):
            raise Invalid(f"{name} has 1 to {most} printable characters.")
        _check_placeholders(name, value)
    for name, value, needed in (("subject", text.subject, "notice"), ("body", text.body, "place")):
        if f"{{{needed}}}" not in value:
            raise Invalid(f"{name} must hold {{{needed}}}: without it nobody can answer.")
    return text


def _check_placeholders(name: str, value: str) -> None:
    allowed = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
    for piece in value.split("{")[1:]:
        found, closed, _ = piece.partition("}")
        if not closed:
            raise Invalid(f"{name} has an open brace before {found[:20]!r}; it takes: {allowed}.")
        if found not in PLACEHOLDERS:
            raise Invalid(f"{name} has the placeholder {{{found[:20]}}}; it takes: {allowed}.")


def example_of(
    text: Template, language: NoticeLanguage, *, host: str, agency: str, synthetic: bool
) -> tuple[str, str]:
    """Subject and body as a made-up place would give them."""
    values = {
        "place": "hxxps[:]//" + host.replace(".", "[.]") + "/example",
        "form": _FORMS[language][PlaceForm.URL],
        "host": host.replace(".", "[.]"),
        "notice": "0" * 32,
        "agency": agency,
    }
    return _whole(text, language, values, synthetic=synthetic)


def notice_text(
    removal: Removal,
    text: Template,
    language: NoticeLanguage,
    *,
    notice_id: str,
    agency: str,
    synthetic: bool,
) -> tuple[str, str]:
    """Subject and body of a notice."""
    values = {
        "place": removal.address,
        "form": _FORMS[language][removal.form],
        "host": removal.host.replace(".", "[.]"),
        "notice": notice_id,
        "agency": agency,
    }
    return _whole(text, language, values, synthetic=synthetic)


def _whole(
    text: Template, language: NoticeLanguage, values: Mapping[str, str], *, synthetic: bool
) -> tuple[str, str]:
    """Subject and body; whatever a host's own text holds, no web address in them is a link."""
    mark = SYNTHETIC[language] if synthetic else ""
    subject = mark + defang_text(_filled(text.subject, values))
    return subject, mark + defang_text(_filled(text.body, values)) + "\n"


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The template's own fields filled; braces in a value stay what they are."""
    pieces = template.split("{")
    found = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}")
        found.append(values[name] + rest)
    return "".join(found)
