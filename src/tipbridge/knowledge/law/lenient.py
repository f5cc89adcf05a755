"""Which text of an offence applies when the law changed after the act; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipbridge.knowledge.law.model import Applied, Offence, Source
from tipbridge.knowledge.law.shape import LawVersion, Lenient, OffenceText

_NO_END = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An offence's text with the version it is of; no text: no offence there."""

    law: LawVersion
    text: OffenceText | None


def severity(text: OffenceText | None) -> tuple[int, ...]:
    """How heavy a text is: life, the longest and the shortest sentence, whether a fine will do.

    Shape: compared in that order; no offence at all is lightest.
    """
    if text is None:
        return (-1,)
    longest = _NO_END if text.max_months is None else text.max_months
    return (int(text.life), longest, text.min_months, int(not text.fine_possible))


def applied_text(offence: Offence, versions: Sequence[LawVersion]) -> Text:
    """The text that applies to an act.

    Shape: `versions` are those from the day of the act to the day of the decision, in order;
    the last one's principle chooses. What was no offence at the act never becomes one: no text is the lightest.
    """
    texts = [Text(law=law, text=law.text_of(offence)) for law in versions]
    first, last = texts[0], texts[-1]
    match last.law.lenient:
        case Lenient.ACT:
            return first
        case Lenient.LATER_IF_LIGHTER:
            return last if severity(last.text) < severity(first.text) else first
        case Lenient.MILDEST:
            return min(texts, key=lambda each: severity(each.text))


def possible_texts(
    offence: Offence, versions: Sequence[LawVersion], *, act_known: bool
) -> tuple[Text, ...]:
    """The texts that may apply: one when the day of the act is known, else one for each day."""
    starts = range(1 if act_known else len(versions))
    found = [applied_text(offence, versions[start:]) for start in starts]
    return tuple({each.law.id: each for each in found}.values())


def as_applied(text: Text, decided: LawVersion, no_offence: Source) -> Applied:
    """What advice says of the text that applies, or why it is no offence."""
    found = text.text
    return Applied(
        law=None if found is None else text.law.id,
        text=None if found is None else found.text,
        source=no_offence if found is None else found.source,
        principle=decided.principle,
        limitation_years=None if found is None else found.limitation_years,
        limitation=None if found is None else found.limitation,
    )
