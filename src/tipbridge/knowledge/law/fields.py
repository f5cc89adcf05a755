"""What the fields of the law's entries are called, and their values in words; pure."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from tipbridge.knowledge.law.model import Mark, Source, Words
from tipbridge.knowledge.law.terms import said, said_place
from tipbridge.knowledge.law.words import cited

FIELDS: Mapping[str, Words | None] = {
    "source": None,
    "text": None,
    "says": None,
    "law": None,
    "law_of_text": Words(en="text of", ko="적용 조문"),
    "place": Words(en="choice no.", ko="우선순위"),
    "min_months": Words(en="shortest sentence", ko="형의 하한"),
    "max_months": Words(en="longest sentence", ko="형의 상한"),
    "life": Words(en="for life", ko="무기"),
    "fine_possible": Words(en="fine possible", ko="벌금형 가능"),
    "serious": Words(en="too serious to divert", ko="선도 불가한 중한 죄"),
    "limitation_years": Words(en="limitation", ko="공소시효"),
    "limitation": Words(en="limitation by", ko="공소시효 근거"),
    "due_days": Words(en="due after", ko="기한"),
    "who": Words(en="who", ko="이행자"),
    "keeps_open": Words(en="keeps the matter open", ko="이행 전 종결 불가"),
    "from_age": Words(en="from age", ko="연령(이상)"),
    "below_age": Words(en="below age", ko="연령(미만)"),
    "decided_from": Words(en="at the decision from age", ko="결정 시 연령(이상)"),
    "decided_below": Words(en="at the decision below age", ko="결정 시 연령(미만)"),
    "punishable": Words(en="punishable", ko="처벌 가능"),
    "forum": Words(en="before", ko="관할"),
    "permitted": Words(en="permitted", ko="허용"),
    "forbidden": Words(en="not allowed", ko="불허"),
    "duties": Words(en="duties", ko="의무"),
    "decides": Words(en="decides", ko="결정권자"),
    "offences": Words(en="offences", ko="죄"),
    "needs_fine": Words(en="only where a fine is possible", ko="벌금형이 가능한 죄에 한함"),
    "needs_self_produced": Words(en="only for one's own picture", ko="본인 촬영물에 한함"),
    "needs_no_exploitation": Words(en="only without exploitation", ko="착취가 없는 경우에 한함"),
    "max_minimum_months": Words(
        en="up to a shortest sentence of", ko="형의 하한이 이 기간 이하인 죄에 한함"
    ),
    "conditions": Words(en="conditions", ko="조건"),
    "pupil_conditions": Words(en="conditions of pupils", ko="재학생의 조건"),
    "since": Words(en="since", ko="시행"),
    "adult_at": Words(en="counts from the age of", ko="기산 연령"),
    "adult_since": Words(
        en="worked out for majority since", ko="성년 도달일이 이날 이후인 경우 산정"
    ),
    "never": Words(en="none at all", ko="적용 배제"),
    "stage": Words(en="stage", ko="단계"),
    "custody": Words(en="custody", ko="신병"),
    "reason": Words(en="reason", ko="사유"),
    "reasons": Words(en="reasons", ko="사유"),
    "on_grounds": Words(en="only on one's own grounds", ko="결정자의 사유 기재 시에만"),
    "kept_days": Words(en="records kept", ko="기록 보존"),
    "kept": Words(en="kept by", ko="보존 근거"),
    "kept_reasons": Words(en="kept so for", ko="이 보존 기간의 사유"),
    "accused": Words(en="accused there", ko="피의자 신분"),
    "ends": Words(en="ends the matter", ko="종결 단계"),
    "by": Words(en="by", ko="주체"),
    "still_below": Words(en="below age on its day", ko="당일 연령(미만)"),
    "on_objection": Words(en="duty on objection", ko="이의신청 시 의무"),
    "within_limitation": Words(en="within the limitation", ko="공소시효 내"),
    "after_duty": Words(en="after the duty", ko="선행 의무"),
    "fine_only": Words(en="a fine and no more", ko="벌금형만 있는 죄"),
    "no_fine": Words(en="no fine possible", ko="벌금형 없는 죄"),
    "days": Words(en="runs", ko="기간"),
    "outcomes": Words(en="outcomes", ko="처분"),
    "topic": Words(en="touches", ko="관련"),
    "below": Words(en="below age", ko="연령(미만)"),
    "count": Words(en="counted by", ko="계산"),
    "time_zone": Words(en="time zone", ko="시간대"),
    "title": Words(en="title", ko="명칭"),
    "valid_from": Words(en="in force from", ko="시행일"),
    "valid_to": Words(en="in force to", ko="시행 종료일"),
    "began": Words(en="began by", ko="시행 근거"),
    "lenient": Words(en="law that changed after the act", ko="행위 후 법이 바뀐 경우"),
    "principle": Words(en="principle", ko="원칙"),
    "declared_margin_years": Words(
        en="declared birth may be wrong by", ko="진술한 생년월일의 오차"
    ),
    "unresolved": Words(en="age not settled", ko="연령 미확정"),
    "no_offence": Words(en="no offence", ko="범죄 불성립"),
    "unresolved_duties": Words(en="of an age not settled", ko="연령 미확정 시"),
    "minor_duties": Words(en="of a minor", ko="미성년자"),
    "self_produced_duties": Words(en="of a child's own material", ko="아동 본인 촬영물"),
    "depicted_duties": Words(en="of a depicted child", ko="촬영된 아동"),
    "age_resolved": Words(en="age settled", ko="연령 확정"),
    "standing": Words(en="it", ko="진행"),
    "earliest": Words(en="at the earliest", ko="이르면"),
    "latest": Words(en="at the latest", ko="늦어도"),
    "sources": Words(en="by", ko="근거"),
    "unknowns": Words(en="not known", ko="미상"),
    "offence": Words(en="offence", ko="죄"),
    "outcome": Words(en="outcome", ko="처분"),
    "leads_to": Words(en="leads to", ko="다음 단계"),
    "code": Words(en="code", ko="부호"),
    "starts": Words(en="starts with", ko="기산"),
}
"""By the name of the field in `shape`; None: the value says what it is by itself."""

_CHOICES: Mapping[str, Mapping[str, Words]] = {
    "lenient": {
        "law-of-the-act": Words(en="the law of the act", ko="행위시법"),
        "later-if-lighter": Words(
            en="the later law where it is lighter", ko="재판시법이 가벼우면 재판시법"
        ),
        "mildest-since-the-act": Words(
            en="the mildest law since the act", ko="행위 시부터 결정 시까지 가장 가벼운 법"
        ),
    },
    "count": {
        "birthday": Words(en="birthday", ko="만 나이"),
        "calendar-year": Words(en="calendar year", ko="연 나이"),
    },
    "topic": {
        "ages": Words(en="ages", ko="연령"),
        "offences": Words(en="offences", ko="죄"),
        "outcomes": Words(en="outcomes", ko="처분"),
    },
}
"""What the choices of these fields are called; elsewhere a code has its words in `terms.toml`."""

_DAYS = Words(en="{value} days", ko="{value}일")
_MONTHS = Words(en="{value} months", ko="{value}개월")
_YEARS = Words(en="{value} years", ko="{value}년")
_UNITS: Mapping[str, Words] = {
    "due_days": _DAYS,
    "kept_days": _DAYS,
    "days": _DAYS,
    "min_months": _MONTHS,
    "max_months": _MONTHS,
    "max_minimum_months": _MONTHS,
    "limitation_years": _YEARS,
    "declared_margin_years": _YEARS,
}


def shown(name: str, value: object, words: Mapping[str, Words], language: str) -> str:
    """A field of an entry with its value, in words."""
    label, text = FIELDS[name], value_words(name, value, words, language)
    return text if label is None else f"{in_language(label, language)} {text}"


def value_words(name: str, value: object, words: Mapping[str, Words], language: str) -> str:
    """The value of a field in words, with its unit; data that was kept as JSON too."""
    if isinstance(value, tuple | list | frozenset):
        items = cast("Iterable[object]", value)
        several = sorted(items, key=str) if isinstance(value, frozenset) else items
        return ", ".join(value_words(name, each, words, language) for each in several) or "-"
    if isinstance(value, str):
        own = _CHOICES.get(name)
        if name in {"forum", "by"}:
            return said_place(words, value, language)
        return said(words, value, language) if own is None else in_language(own[value], language)
    if isinstance(value, dict):
        return _of_json(cast("dict[str, Any]", value), words, language)
    return _single(name, value, words, language)


def _single(name: str, value: object, words: Mapping[str, Words], language: str) -> str:
    match value:
        case bool():
            text = said(words, "yes" if value else "no", language)
        case int():
            unit = _UNITS.get(name)
            text = str(value) if unit is None else in_language(unit, language).format(value=value)
        case Source():
            text = cited(value, words, language)
        case Words():
            text = in_language(value, language)
        case _:
            text = "-" if value is None else str(value)
    return text


def in_language(words: Words, language: str) -> str:
    """Words in one of the two languages."""
    return words.ko if language == "ko" else words.en


def _of_json(value: dict[str, Any], words: Mapping[str, Words], language: str) -> str:
    """A cited rule, or words, as they are kept with a decision."""
    if "rule" not in value:
        return str(value["ko" if language == "ko" else "en"])
    citation = str(value["citation"])
    source = Source(
        rule=value["rule"],
        citation=citation,
        citation_ko=value.get("citation_ko", citation),
        mark=Mark(value["mark"]),
    )
    return cited(source, words, language)
