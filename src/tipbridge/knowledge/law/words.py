"""Advice and law said in words, in English and Korean; pure."""

from collections.abc import Mapping

from tipbridge.knowledge.law.model import (
    Advice,
    Applied,
    Duty,
    Forbidden,
    Mark,
    Permitted,
    Source,
    Words,
)
from tipbridge.knowledge.law.terms import said, shipped_terms

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
    "permitted": Words(en="Permitted, first choice first", ko="허용되는 처분(우선순위 순)"),
    "forbidden": Words(en="Not allowed", ko="허용되지 않는 처분"),
    "duties": Words(en="Duties", ko="의무"),
    "unknowns": Words(en="Not known", ko="미상"),
    "drivers": Words(en="Decided by", ko="판단을 좌우한 사실"),
    "inputs": Words(en="Drawn from", ko="판단 근거"),
    "cautions": Words(en="Not loaded", ko="반영하지 않은 개정"),
    "decides": Words(en="decides: {who}", ko="결정권자: {who}"),
    "on-condition": Words(en="on condition of: {what}", ko="조건: {what}"),
    "kept": Words(en="records kept {days} days", ko="기록 보존 {days}일"),
    "by-day": Words(en="by {day}, {who}", ko="{day}까지, {who}"),
    "none": Words(en="nothing", ko="없음"),
    "unresolved": Words(
        en="The age at the act is not settled: find out before any booking.",
        ko="행위 당시 연령이 확정되지 않았습니다. 입건 전에 확인하십시오.",
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
    """The same in the words of refusals, which pages translate as a whole or not at all."""
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
        "permitted": [_permitted(each, words, language) for each in advice.permitted],
        "forbidden": [_forbidden(each, words, language) for each in advice.forbidden],
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
