"""Advice and law said in words, in English and Korean; pure."""

from collections.abc import Mapping

from tipbridge.knowledge.law.model import (
    Advice,
    Applied,
    Duty,
    Forbidden,
    Limitation,
    Mark,
    Permitted,
    Running,
    Source,
    Words,
)
from tipbridge.knowledge.law.terms import said, said_place, shipped_terms

PHRASES: Mapping[str, Words] = {
    "law": Words(en="Law", ko="적용 법"),
    "act-and-decision": Words(
        en="of the act {act}, of the decision {decision}, data edition {edition}",
        ko="행위 시 {act}, 결정 시 {decision}, 자료 {edition}판",
    ),
    "text": Words(en="Offence", ko="죄"),
    "no-offence": Words(en="no offence under the law that applies", ko="적용 법상 범죄가 아님"),
    "by-version": Words(en="text of {law}", ko="{law} 조문"),
    "limitation": Words(
        en="prosecution ends {years} years after its clock begins", ko="공소시효 {years}년"
    ),
    "limitation-of": Words(en="Limitation", ko="공소시효"),
    "still-runs": Words(en="still runs", ko="진행 중"),
    "run-out": Words(en="has run out", ko="완성됨"),
    "not-known": Words(en="it is not known whether it still runs", ko="진행 여부 미상"),
    "never-ends": Words(en="there is none: prosecution never ends", ko="공소시효 적용 배제"),
    "ends-on": Words(en="runs out on {day}", ko="{day} 완성"),
    "ends-between": Words(
        en="runs out from {first} to {last}", ko="{first}부터 {last} 사이에 완성"
    ),
    "ends-from": Words(en="runs out on {day} at the earliest", ko="이르면 {day} 완성"),
    "not-stopped": Words(
        en="what stops the clock, such as flight abroad, is not counted",
        ko="국외 도피 등 시효 정지 사유는 반영하지 않음",
    ),
    "missing": Words(en="not known: {what}", ko="미상: {what}"),
    "permitted": Words(en="Permitted, first choice first", ko="허용되는 처분(우선순위 순)"),
    "forbidden": Words(en="Not allowed", ko="허용되지 않는 처분"),
    "forums": Words(en="Goes before", ko="관할"),
    "duties": Words(en="Duties", ko="의무"),
    "unknowns": Words(en="Not known", ko="미상"),
    "drivers": Words(en="Decided by", ko="판단을 좌우한 사실"),
    "inputs": Words(en="Drawn from", ko="판단 근거"),
    "cautions": Words(en="Not loaded", ko="반영하지 않은 개정"),
    "decides": Words(en="decides: {who}", ko="결정권자: {who}"),
    "on-condition": Words(en="on condition of: {what}", ko="조건: {what}"),
    "kept": Words(en="records kept {days} days", ko="기록 보존 {days}일"),
    "by-day": Words(en="by {day}, {who}", ko="{day}까지, {who}"),
    "no-difference": Words(en="no difference", ko="차이 없음"),
    "none": Words(en="nothing", ko="없음"),
    "unresolved": Words(
        en="The age that decides is not settled: find out before any booking.",
        ko="판단의 기준이 되는 연령이 확정되지 않았습니다. 입건 전에 확인하십시오.",
    ),
    "advice-only": Words(
        en="Advice, not a verdict: a named member of staff decides.",
        ko="조언일 뿐입니다. 담당자가 이름을 걸고 결정합니다.",
    ),
}


def phrase(key: str, language: str, **values: object) -> str:
    """One of the phrases, filled in."""
    found = PHRASES[key]
    return (found.ko if language == "ko" else found.en).format(**values)


def cited(source: Source, words: Mapping[str, Words], language: str) -> str:
    """Where a rule stands, with its mark unless it is confirmed."""
    citation = source.citation_ko if language == "ko" else source.citation
    mark = "" if source.mark is Mark.CONFIRMED else f" [{said(words, source.mark, language)}]"
    return f"{citation} ({source.rule}){mark}"


def cited_plainly(source: Source) -> str:
    """The same in the words of refusals, whose pages quote it in their reader's language."""
    return cited(source, shipped_terms(), "en")


def input_words(text: str, words: Mapping[str, Words], language: str) -> str:
    """An input such as `age-at-act=13-13` in words."""
    name, _, value = text.partition("=")
    low, _, high = value.partition("-")
    if name.startswith("age-at") and low == high:
        value = low
    value = {"true": "yes", "false": "no"}.get(value, value)
    shown = ", ".join(said(words, each, language) for each in value.split(","))
    return f"{said(words, name, language)}: {shown}"


def explain(
    advice: Advice, words: Mapping[str, Words], language: str
) -> list[tuple[str, list[str]]]:
    """The whole advice as headed lists of lines."""
    head = phrase(
        "act-and-decision",
        language,
        act=advice.law_of_act,
        decision=advice.law_of_decision,
        edition=advice.edition,
    )
    law = [head]
    if not advice.age_resolved:
        law.append(phrase("unresolved", language))
    law += [cited(each, words, language) for each in advice.began]
    law.append(phrase("advice-only", language))
    lists = {
        "law": law,
        "text": [] if advice.applied is None else _applied(advice.applied, words, language),
        "limitation-of": limitation_words(advice.limitation, words, language),
        "permitted": [_permitted(each, words, language) for each in advice.permitted],
        "forbidden": [_forbidden(each, words, language) for each in advice.forbidden],
        "forums": [said_place(words, each, language) for each in advice.forums],
        "duties": [_duty(each, words, language) for each in advice.duties],
        "unknowns": [said(words, each, language) for each in advice.unknowns],
        "drivers": [said(words, each, language) for each in advice.drivers],
        "inputs": [input_words(each, words, language) for each in advice.inputs],
        "cautions": [cited(each, words, language) for each in advice.cautions],
    }
    return [
        (phrase(key, language), lines or [phrase("none", language)]) for key, lines in lists.items()
    ]


def _applied(applied: Applied, words: Mapping[str, Words], language: str) -> list[str]:
    principle = cited(applied.principle, words, language)
    if applied.text is None or applied.law is None:
        return [f"{phrase('no-offence', language)}; {cited(applied.source, words, language)}"]
    text = applied.text.ko if language == "ko" else applied.text.en
    version = phrase("by-version", language, law=applied.law)
    lines = [f"{text}; {version}; {cited(applied.source, words, language)}", principle]
    if applied.limitation is not None:
        years = phrase("limitation", language, years=applied.limitation_years)
        lines.append(f"{years}; {cited(applied.limitation, words, language)}")
    return lines


def limitation_words(
    found: Limitation | None, words: Mapping[str, Words], language: str
) -> list[str]:
    """How it stands with the limitation, when it runs out, by which rules, and what is missing."""
    if found is None:
        return []
    lines = [phrase(found.standing, language)]
    if found.earliest is not None and found.latest is None:
        lines.append(phrase("ends-from", language, day=found.earliest))
    elif found.earliest is not None and found.earliest == found.latest:
        lines.append(phrase("ends-on", language, day=found.earliest))
    elif found.earliest is not None:
        days = {"first": found.earliest, "last": found.latest}
        lines.append(phrase("ends-between", language, **days))
    if found.unknowns:
        what = ", ".join(said(words, code, language) for code in found.unknowns)
        lines.append(phrase("missing", language, what=what))
    if found.standing is not Running.NEVER:
        lines.append(phrase("not-stopped", language))
    return [*lines, *(cited(each, words, language) for each in found.sources)]


def _permitted(each: Permitted, words: Mapping[str, Words], language: str) -> str:
    parts = [said(words, each.outcome, language), cited(each.source, words, language)]
    parts.append(phrase("decides", language, who=said(words, each.decides, language)))
    if each.conditions:
        what = ", ".join(said(words, code, language) for code in each.conditions)
        parts.append(phrase("on-condition", language, what=what))
    if each.kept is not None:
        kept = phrase("kept", language, days=each.kept_days)
        parts.append(f"{kept}, {cited(each.kept, words, language)}")
    return "; ".join(parts)


def _forbidden(each: Forbidden, words: Mapping[str, Words], language: str) -> str:
    return f"{said(words, each.outcome, language)}; {cited(each.source, words, language)}"


def _duty(each: Duty, words: Mapping[str, Words], language: str) -> str:
    when = phrase("by-day", language, day=each.due_on, who=said(words, each.who, language))
    return f"{said(words, each.code, language)}; {when}; {cited(each.source, words, language)}"
