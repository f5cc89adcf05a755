"""The text of a notice, by its step and in the host's language."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import cast

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


@functools.cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("tipbridge.police.removals").joinpath("data/notices.toml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", tomllib.loads(text))


def notice_text(
    removal: Removal,
    step: NoticeStep,
    language: NoticeLanguage,
    *,
    notice_id: str,
    agency: str,
    synthetic: bool,
) -> tuple[str, str]:
    """Subject and body of a notice."""
    template = _texts()[language.value][step.value]
    values = {
        "place": removal.address,
        "form": _FORMS[language][removal.form],
        "host": removal.host.replace(".", "[.]"),
        "notice": notice_id,
        "agency": agency,
    }
    mark = SYNTHETIC[language] if synthetic else ""
    subject = mark + _filled(template["subject"], values)
    return subject, mark + _filled(template["body"].strip(), values) + "\n"


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The template's own fields filled; braces in a value stay what they are."""
    pieces = template.split("{")
    found = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}")
        found.append(values[name] + rest)
    return "".join(found)
