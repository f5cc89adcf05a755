"""Commands on the law: check the data, explain advice in words, say what differs.

They ask for no node: the law is data of the program, the same for everybody.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.checking import contradictions, gaps
from tipbridge.knowledge.law.differences import law_differences
from tipbridge.knowledge.law.errors import NoLaw, NotALaw
from tipbridge.knowledge.law.jurisdiction import read_jurisdiction
from tipbridge.knowledge.law.loading import load_law, shipped_jurisdictions, shipped_laws
from tipbridge.knowledge.law.model import (
    Birth,
    Certainty,
    Offence,
    Part,
    PersonFacts,
    SchoolLevel,
)
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.knowledge.law.terms import shipped_terms
from tipbridge.knowledge.law.words import cited, explain, phrase
from tipbridge.office.terminal import JsonOption, show
from tipbridge.web.language import Language

group = typer.Typer(help="The law as data: check, explain, compare.", no_args_is_help=True)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
Where = Annotated[str, typer.Argument(help="A jurisdiction, such as KR or GB-EW.")]
SelfProduced = Annotated[bool | None, typer.Option("--self-produced/--not-self-produced")]
Exploitation = Annotated[bool | None, typer.Option("--exploitation/--no-exploitation")]
Coerced = Annotated[
    bool, typer.Option("--coerced", help="Made to do it by others: that is exploitation.")
]
AtRiskOption = Annotated[
    bool, typer.Option("--at-risk", help="Young and likely to offend, as staff wrote down.")
]
DepictedOn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="When what was made of oneself was made."),
]
DepictedBorn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="When the child that is shown was born, if another."),
]
LanguageOption = Annotated[Language, typer.Option(help="In English or Korean.")]


@group.command("check")
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A jurisdiction's file; all that are shipped otherwise.")
    ] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Say where law data contradicts itself, what it leaves open or unsure, and where the rest was read."""
    if file is None:
        found = shipped_jurisdictions()
    else:
        found = (read_jurisdiction(_text(file), file.name),)
    checked: list[dict[str, object]] = [
        {
            "file": each.file,
            "versions": len(each.versions),
            "rules_cited": len(each.rules),
            "contradictions": list(contradictions(each, shipped_terms())),
            "open": list(gaps(each)),
            "read_in": dict(each.read_in),
        }
        for each in found
    ]
    _show_checked(checked, as_json=json)
    wrong = sum(len(cast("list[str]", each["contradictions"])) for each in checked)
    if wrong:
        raise NotALaw(f"{wrong} contradictions; a node does not start with them.")


def _show_checked(checked: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        show(checked, as_json=True)
        return
    for each in checked:
        print(f"{each['file']}: {each['versions']} versions, {each['rules_cited']} rules cited")
        for mark, key in (("WRONG", "contradictions"), ("open ", "open")):
            for line in cast("list[str]", each[key]):
                print(f"  {mark}  {line}")
        for rule, where in cast("dict[str, str]", each["read_in"]).items():
            print(f"  read   {rule} in {where}")


@group.command("explain")
def explain_advice(
    jurisdiction: Where,
    decided_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    act_on: Day = None,
    born: Day = None,
    born_latest: Day = None,
    certainty: Certainty = Certainty.VERIFIED,
    offence: Offence | None = None,
    school: SchoolLevel | None = None,
    part: Annotated[
        list[Part] | None, typer.Option(help="Can be given twice; suspect otherwise.")
    ] = None,
    *,
    self_produced: SelfProduced = None,
    exploitation: Exploitation = None,
    coerced: Coerced = False,
    at_risk: AtRiskOption = False,
    depicted_on: DepictedOn = None,
    depicted_latest: Day = None,
    depicted_born: DepictedBorn = None,
    depicted_born_latest: Day = None,
    sales_site: Annotated[bool, typer.Option("--sales-site")] = False,
    language: LanguageOption = Language.ENGLISH,
    json: JsonOption = False,
) -> None:
    """Say what the law makes of a person's facts; what is left out is not known."""
    facts = PersonFacts(
        birth=_birth(born, born_latest, certainty),
        offence=offence,
        school_level=school,
        prepared_sales_site=sales_site,
        self_produced=self_produced,
        exploitation=True if coerced else exploitation,
        coerced=coerced,
        at_risk=at_risk,
        depicted_on=_depicted(depicted_on, depicted_latest),
        depicted_born=_birth(
            depicted_born, depicted_born_latest, Certainty.VERIFIED, name="depicted-born"
        ),
        parts=frozenset(part or (Part.SUSPECT,)),
    )
    act = None if act_on is None else act_on.date()
    if act is not None and act > decided_on.date():
        raise Invalid("The day of the act must not lie after --decided-on.")
    laws = shipped_laws()
    _known(jurisdiction)
    advice = advise(laws, jurisdiction, facts, act, decided_on.date())
    words = law_on(laws, jurisdiction, decided_on.date()).words
    said = list(explain(advice, words, language))
    if json:
        show([{"head": head, "lines": list(lines)} for head, lines in said], as_json=True)
        return
    for head, lines in said:
        print(f"{head}:")
        for line in lines:
            print(f"  - {line}")


@group.command("diff")
def diff(
    jurisdiction: Where,
    before: Annotated[str, typer.Argument(help="A day (2014-06-02) or a version (KR/2012).")],
    after: Annotated[str, typer.Argument(help="A day or a version.")],
    language: LanguageOption = Language.ENGLISH,
    *,
    file: Annotated[
        Path | None,
        typer.Option(help="Take the second from this file, such as a later edition's."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what the law of one day or version says otherwise than another's."""
    _known(jurisdiction)
    later = shipped_laws() if file is None else load_law(_text(file), file.name)
    old = _version(shipped_laws(), jurisdiction, before)
    new = _version(later, jurisdiction, after)
    said = [each.said(language) for each in law_differences(old, new, language)]
    began = [
        f"{law.id}, {law.valid_from}: {cited(law.began, law.words, language)}" for law in (old, new)
    ]
    if json:
        ends = {"before": old.id, "after": new.id}
        editions = {"edition_before": old.edition, "edition_after": new.edition}
        show({**ends, **editions, "began": began, "differences": said}, as_json=True)
        return
    print(f"{old.id} → {new.id}")
    if file is not None:
        print(f"  data edition {old.edition} → {new.edition}")
    for line in began:
        print(f"  {line}")
    for line in said:
        print(f"  - {line}")
    if not said:
        print(f"  {phrase('no-difference', language)}")


def _known(jurisdiction: str) -> None:
    codes = [each.code for each in shipped_jurisdictions()]
    if jurisdiction not in codes:
        raise Invalid(f"No law of {jurisdiction} is loaded; there are: {', '.join(codes)}.")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file.name} cannot be read as UTF-8 text.") from error


def _version(laws: tuple[LawVersion, ...], jurisdiction: str, named: str) -> LawVersion:
    ids = {law.id: law for law in laws if law.jurisdiction == jurisdiction}
    if not ids:
        there = ", ".join(sorted({law.jurisdiction for law in laws}))
        raise Invalid(f"The file holds the law of {there}, not of {jurisdiction}.")
    if named in ids:
        return ids[named]
    try:
        return law_on(laws, jurisdiction, date.fromisoformat(named))
    except ValueError as error:
        allowed = ", ".join(ids)
        raise Invalid(f"{named} is neither a day like 2014-06-02 nor one of: {allowed}.") from error
    except NoLaw as error:
        first = min(law.valid_from for law in ids.values())
        raise Invalid(f"No law of {jurisdiction} is loaded before {first}.") from error


def _depicted(first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
    if first is None and last is None:
        return None
    latest = last or first
    if first is None or latest is None or latest < first:
        raise Invalid(
            "--depicted-latest needs --depicted-on and must not lie before --depicted-on."
        )
    return first.date(), latest.date()


def _birth(
    born: datetime | None, latest: datetime | None, certainty: Certainty, *, name: str = "born"
) -> Birth | None:
    if born is None and latest is not None:
        raise Invalid(f"--{name}-latest needs --{name}.")
    if born is None:
        return None
    last = latest or born
    if last < born:
        raise Invalid(f"--{name}-latest must not lie before --{name}.")
    known = Certainty.ESTIMATED if last > born else certainty
    return Birth(earliest=born.date(), latest=last.date(), certainty=known)
