"""A person's facts brought together with the law versions that speak of them; pure."""

from dataclasses import dataclass, replace
from datetime import date

from tipbridge.knowledge.law.ages import ages_before, ages_on, born_between, plausible
from tipbridge.knowledge.law.lenient import Text, possible_texts, severity
from tipbridge.knowledge.law.model import Ages, PersonFacts, Source
from tipbridge.knowledge.law.own_picture import child_when_depicted, shows_child, texts_of
from tipbridge.knowledge.law.shape import Band, LawVersion
from tipbridge.knowledge.law.versions import (
    is_juvenile,
    law_on,
    laws_between,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the law.

    Shape: `texts` are the texts of the offence that may apply, several only while the day of
    the act is unknown, or it is unknown whether the own picture shows a child (`child_shown`);
    `child_depicted` asks the same of any picture of the person, for what protects them;
    `bands` are those of the ages the person may have had.
    """

    facts: PersonFacts
    act_on: date | None
    decided_on: date
    act_law: LawVersion
    law: LawVersion
    ages: Ages | None
    ages_now: Ages | None
    bands: tuple[Band, ...]
    texts: tuple[Text, ...]
    minor: bool | None
    child_depicted: bool | None
    child_shown: bool | None

    @property
    def resolved(self) -> bool:
        """Whether every age the person may have had is treated alike, when depicted too."""
        return self.of_one_band and not self.picture_open

    @property
    def picture_open(self) -> bool:
        """Whether it turns on an unknown age when depicted that this may be an offence."""
        may_be = any(each.text is not None for each in self.texts)
        return self.child_shown is None and may_be

    @property
    def no_offence(self) -> Source:
        """Why the act is no offence, where it is none."""
        return self.act_law.child.source if self.child_shown is False else self.law.no_offence

    @property
    def of_one_band(self) -> bool:
        """Whether every age the person may have had at the act is treated alike."""
        ways = {(b.punishable, b.permitted, b.forbidden, b.duties) for b in self.bands}
        return len(ways) == 1

    @property
    def of_one_age_at_act(self) -> bool:
        """Whether the bands differ by the age at the decision alone."""
        return len({(band.from_age, band.below_age) for band in self.bands}) == 1

    @property
    def text(self) -> Text | None:
        """The one text that applies, when that is known."""
        return self.texts[0] if len(self.texts) == 1 else None

    @property
    def is_offence(self) -> bool:
        """Whether the act is an offence under every text that may apply."""
        return bool(self.texts) and all(each.text is not None for each in self.texts)

    @property
    def fine_only(self) -> bool:
        """Whether the act carries a fine and no more, under every text that may apply."""
        return self.is_offence and all(severity(each.text)[:2] == (0, 0) for each in self.texts)

    @property
    def no_fine(self) -> bool:
        """Whether the act carries no fine, under any text that may apply."""
        return self.is_offence and not any(
            each.text and each.text.fine_possible for each in self.texts
        )

    @property
    def is_no_offence(self) -> bool:
        """Whether the act is an offence under none of them."""
        return bool(self.texts) and all(each.text is None for each in self.texts)


def ask(
    laws: tuple[LawVersion, ...],
    jurisdiction: str,
    facts: PersonFacts,
    act_on: date | None,
    decided_on: date,
) -> Question:
    """The question for one person.

    Errors: NoLaw.
    """
    law = law_on(laws, jurisdiction, decided_on)
    act_law = law if act_on is None else law_on(laws, jurisdiction, act_on)
    versions = laws_between(laws, jurisdiction, act_on, max(decided_on, act_on or decided_on))
    margin, birth = law.declared_margin_years, facts.birth
    if birth is None:
        ages = now = None
    else:
        now = ages_on(birth, decided_on, margin)
        ages = (
            ages_before(birth, decided_on, margin)
            if act_on is None
            else ages_on(birth, act_on, margin)
        )
    known = act_on is not None
    texts = (
        () if facts.offence is None else possible_texts(facts.offence, versions, act_known=known)
    )
    child_shown = shows_child(act_law, facts, act_on, decided_on)
    return Question(
        facts=facts,
        act_on=act_on,
        decided_on=decided_on,
        act_law=act_law,
        law=law,
        ages=ages,
        ages_now=now,
        bands=tuple(
            band
            for band in act_law.bands
            if birth is None or _may_be_of(band, plausible(birth, margin), act_on, decided_on)
        ),
        texts=texts_of(texts, act_law, child_shown=child_shown),
        minor=is_juvenile(law, birth, decided_on),
        child_depicted=child_when_depicted(act_law, facts, act_on, decided_on),
        child_shown=child_shown,
    )


def aged_as_at_the_act(question: Question) -> Question:
    """The same question, had nobody grown older between the act and the decision."""
    birth, act_on = question.facts.birth, question.act_on
    if birth is None or act_on is None:
        return question
    born = plausible(birth, question.law.declared_margin_years)
    bands = tuple(b for b in question.act_law.bands if _may_be_of(b, born, act_on, act_on))
    return replace(question, ages_now=question.ages, bands=bands)


def _may_be_of(band: Band, born: tuple[date, date], act_on: date | None, decided_on: date) -> bool:
    """Whether one of the days of birth puts a person into a band, at the act and at the decision.

    Shape: while the day of the act is unknown, it may be any up to the decision.
    """
    first, last = born_between(band.from_age, band.below_age, act_on or decided_on)
    decided = born_between(band.decided_from, band.decided_below, decided_on)
    if act_on is None:
        first = date.min
    return max(born[0], first, decided[0]) <= min(born[1], last, decided[1])
