"""What may leave, written by hand: agreement × tip, then every time and purpose around it.

Each letter is one field; a cell says which letters leave. Nothing here asks the product's rules.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tests.knowledge.agreements.builders import ALLOW, EVERYTHING, a_part, an_agreement, some_facts
from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Emergency,
    Extent,
    Minors,
    Mode,
    Subject,
)
from tipbridge.knowledge.agreements.decisions import AgeRange, ReleaseFacts
from tipbridge.knowledge.agreements.model import (
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    Part,
    Purpose,
    Suspension,
    Verdict,
)

WITHHOLD = FieldRule(verdict=Verdict.WITHHOLD)
HASH = FieldRule(verdict=Verdict.HASH)
ON_REQUEST = FieldRule(verdict=Verdict.ON_REQUEST)


def coarse(form: Form) -> FieldRule:
    """A rule that lets a form or coarser through."""
    return FieldRule(verdict=Verdict.GENERALISE, form=form)


_IP, _AGE = "people/0/ips/0", "people/0/age"
FIELDS: Mapping[str, Part] = {
    "i": a_part("incident/type", DataClass.INCIDENT),
    "a": a_part("people/0/accounts/0", DataClass.ACCOUNT),
    "e": a_part("people/0/emails/0", DataClass.CONTACT),
    "d": a_part("people/0/devices/0", DataClass.DEVICE),
    "p": a_part(_IP, DataClass.IP),
    "q": a_part(f"{_IP}~prefix", DataClass.IP, Form.PREFIX),
    "w": a_part(f"{_IP}~network", DataClass.IP, Form.NETWORK),
    "c": a_part(f"{_IP}~country", DataClass.IP, Form.COUNTRY),
    "k": a_part(f"{_IP}~keyed", DataClass.IP, Form.KEYED),
    "n": a_part("people/0/name", DataClass.NAME),
    "g": a_part(_AGE, DataClass.AGE),
    "b": a_part(f"{_AGE}~band", DataClass.AGE, Form.BAND),
    "h": a_part("files/0/sha256", DataClass.CONTENT_HASH),
    "f": a_part("files/0/content", DataClass.CONTENT),
    "v": a_part("favours/0", DataClass.FAVOURS),
}
ALL = "iaedpqwckngbhfv"
_OF_AGE = {"people/0": AgeRange(low=30, high=30)}
TIPS: Mapping[str, tuple[str, ReleaseFacts]] = {
    "adult": (ALL, some_facts(ages=_OF_AGE)),
    "child": (ALL, some_facts(ages={"people/0": AgeRange(low=12, high=12)})),
    "unknown": (ALL, some_facts(ages={})),
    "victim": (ALL, some_facts(ages=_OF_AGE, victims=frozenset({"people/0"}))),
    "selfmade": (ALL, some_facts(ages=_OF_AGE, possible_self_production=True)),
    "bare": ("iv", some_facts(ages={})),
}


def _rules(**changes: FieldRule) -> dict[DataClass, FieldRule]:
    return EVERYTHING | {DataClass(name.replace("_", "-")): rule for name, rule in changes.items()}


def _only(**rules: FieldRule) -> dict[DataClass, FieldRule]:
    return {DataClass(name): rule for name, rule in rules.items()}


AGREEMENTS: Mapping[str, Agreement] = {
    "everything": an_agreement(),
    "nothing": an_agreement(rules={}),
    "incident": an_agreement(rules=_only(incident=ALLOW)),
    "ip-prefix": an_agreement(rules=_only(incident=ALLOW, ip=coarse(Form.PREFIX))),
    "ip-network": an_agreement(rules=_only(incident=ALLOW, ip=coarse(Form.NETWORK))),
    "ip-country": an_agreement(rules=_only(incident=ALLOW, ip=coarse(Form.COUNTRY))),
    "ip-hash": an_agreement(rules=_only(incident=ALLOW, ip=HASH)),
    "no-accounts": an_agreement(clauses=Clauses(paths={"people/*/accounts/*": WITHHOLD})),
    "coarse-path": an_agreement(clauses=Clauses(paths={"people/*/ips/*": coarse(Form.NETWORK)})),
    "odd-path": an_agreement(clauses=Clauses(paths={"people/0/emails/0": coarse(Form.BAND)})),
    "metadata": an_agreement(clauses=Clauses(mode=Mode(extent=Extent.METADATA_FIRST))),
    "ask-content": an_agreement(rules=_rules(content=ON_REQUEST)),
    "hit-no-hit": an_agreement(clauses=Clauses(mode=Mode(extent=Extent.HIT_NO_HIT))),
    "minors": an_agreement(
        clauses=Clauses(
            minors=Minors(
                restrict=frozenset({DataClass.ACCOUNT, DataClass.CONTACT, DataClass.DEVICE})
            )
        )
    ),
    "victims": an_agreement(
        clauses=Clauses(minors=Minors(victims=frozenset({DataClass.IP, DataClass.AGE})))
    ),
    "band": an_agreement(rules=_rules(age=coarse(Form.BAND))),
    "no-names": an_agreement(rules=_rules(name=WITHHOLD)),
    "no-files": an_agreement(rules=_rules(content=WITHHOLD, content_hash=WITHHOLD)),
    "excluded": an_agreement(
        clauses=Clauses(subject=Subject(excluded=frozenset({CoveredOffence.MATERIAL})))
    ),
    "dual": an_agreement(clauses=Clauses(subject=Subject(dual_criminality=True))),
    "penalty": an_agreement(clauses=Clauses(subject=Subject(minimum_penalty_months=12))),
    "emergency": an_agreement(
        rules=_only(incident=ALLOW),
        clauses=Clauses(emergency=Emergency(widens=frozenset({DataClass.IP, DataClass.ACCOUNT}))),
    ),
}

# Columns: adult, child, unknown, victim, selfmade, bare. A dot is nothing.
_TABLE = """
everything  iaedpqwckngbhfv iaedpqwckgbhfv iaedpqwckgbhfv iaedpqwckgbhfv iaedpqwckgbhfv iv
nothing     .               .              .              .              .              .
incident    iv              iv             iv             iv             iv             iv
ip-prefix   iqwcv           iqwcv          iqwcv          iqwcv          iqwcv          iv
ip-network  iwcv            iwcv           iwcv           iwcv           iwcv           iv
ip-country  icv             icv            icv            icv            icv            iv
ip-hash     ikv             ikv            ikv            ikv            ikv            iv
no-accounts iedpqwckngbhfv  iedpqwckgbhfv  iedpqwckgbhfv  iedpqwckgbhfv  iedpqwckgbhfv  iv
coarse-path iaedwcngbhfv    iaedwcgbhfv    iaedwcgbhfv    iaedwcgbhfv    iaedwcgbhfv    iv
odd-path    iadpqwckngbhfv  iadpqwckgbhfv  iadpqwckgbhfv  iadpqwckgbhfv  iadpqwckgbhfv  iv
metadata    iaedpqwckngbhv  iaedpqwckgbhv  iaedpqwckgbhv  iaedpqwckgbhv  iaedpqwckgbhv  iv
ask-content iaedpqwckngbhv  iaedpqwckgbhv  iaedpqwckgbhv  iaedpqwckgbhv  iaedpqwckgbhv  iv
hit-no-hit  .               .              .              .              .              .
minors      iaedpqwckngbhfv ipqwckgbhfv    ipqwckgbhfv    ipqwckgbhfv    ipqwckgbhfv    iv
victims     iaedpqwckngbhfv iaedpqwckgbhfv iaedpqwckgbhfv iaedhfv        iaedpqwckgbhfv iv
band        iaedpqwcknbhfv  iaedpqwckbhfv  iaedpqwckbhfv  iaedpqwckbhfv  iaedpqwckbhfv  iv
no-names    iaedpqwckgbhfv  iaedpqwckgbhfv iaedpqwckgbhfv iaedpqwckgbhfv iaedpqwckgbhfv iv
no-files    iaedpqwckngbv   iaedpqwckgbv   iaedpqwckgbv   iaedpqwckgbv   iaedpqwckgbv   iv
excluded    .               .              .              .              .              .
dual        .               .              .              .              .              .
penalty     .               .              .              .              .              .
emergency   iv              iv             iv             iv             iv             iv
"""
SUSPENDED = Suspension(
    starts_at=datetime(2014, 3, 1, tzinfo=UTC),
    ends_at=datetime(2014, 4, 1, tzinfo=UTC),
    by="administrator",
    reason="review",
)
# Whether the agreement holds then; each is suspended in March 2014.
TIMES: Mapping[datetime, bool] = {
    datetime(2013, 12, 31, 23, 59, 59, tzinfo=UTC): False,
    datetime(2014, 1, 1, tzinfo=UTC): True,
    datetime(2014, 3, 1, tzinfo=UTC): False,
    datetime(2014, 3, 31, 23, 59, 59, tzinfo=UTC): False,
    datetime(2014, 4, 1, tzinfo=UTC): True,
    datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC): True,
    datetime(2015, 1, 1, tzinfo=UTC): False,
}
PURPOSES: Mapping[Purpose, bool] = {Purpose.INVESTIGATION: True, Purpose.REMOVAL: False}
VALID_TO = date(2014, 12, 31)


def cells() -> dict[tuple[str, str], frozenset[str]]:
    """The fields that leave under each agreement of each tip while it holds."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for line in _TABLE.strip().splitlines():
        name, *columns = line.split()
        for tip, letters in zip(TIPS, columns, strict=True):
            found[name, tip] = frozenset(letters) - {"."}
    return found
