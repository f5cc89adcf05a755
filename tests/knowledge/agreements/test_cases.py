"""The table of cases, those beside it, and that every condition of the rules was both ways."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.knowledge.agreements.builders import an_agreement
from tests.knowledge.agreements.cases import (
    AGREEMENTS,
    ALL,
    ALLOW,
    FIELDS,
    HASH,
    PURPOSES,
    SUSPENDED,
    TIMES,
    TIPS,
    a_part,
    cells,
)
from tests.knowledge.agreements.watching import watched
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements import fields, markings, rules
from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Delivery,
    Desk,
    Extent,
    Leave,
    Minors,
    Mode,
    Occasion,
    Pap,
    Parties,
    SourceGrade,
    Subject,
)
from tipbridge.knowledge.agreements.decisions import AgeRange, Onward, Refusal, ReleaseFacts
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import (
    Agreement,
    CoveredOffence,
    DataClass,
    GrantedRequest,
    HandlingCode,
    Purpose,
    Tlp,
)
from tipbridge.knowledge.agreements.rules import decide_release

AT = datetime(2014, 6, 1, tzinfo=UTC)
LETTER_OF = {part.label: letter for letter, part in FIELDS.items()}
ADULT = TIPS["adult"][1]
Decide = Callable[..., Any]


def _leaves(decide: Decide, agreement: Agreement, letters: str, facts: ReleaseFacts, at: datetime):
    decision = decide(agreement, [FIELDS[letter] for letter in letters], facts, at)
    return frozenset(LETTER_OF[label] for label in decision.released)


def _table(decide: Decide) -> Iterator[tuple[tuple[object, ...], frozenset[str], frozenset[str]]]:
    """Each case of the table with what leaves and what should."""
    for (name, tip), expected in cells().items():
        agreement = replace(AGREEMENTS[name], suspensions=(SUSPENDED,))
        letters, facts = TIPS[tip]
        for at, holds in TIMES.items():
            for purpose, covered in PURPOSES.items():
                asked = replace(facts, purpose=purpose)
                found = _leaves(decide, agreement, letters, asked, at)
                wanted = expected if holds and covered else frozenset[str]()
                yield (name, tip, at, purpose), found, wanted


def test_every_case_of_the_table_comes_out_as_written() -> None:
    seen = 0
    for case, found, wanted in _table(decide_release):
        assert found == wanted, case
        seen += 1
    assert seen >= 300
    assert seen == len(AGREEMENTS) * len(TIPS) * len(TIMES) * len(PURPOSES)
    assert {letter for cell in cells().values() for letter in cell} == set(ALL)


_DESKS = (
    Desk(agency="us.dhs", parent=None, desk="intake", contact="intake@hsi.example"),
    Desk(agency="us.dhs.hsi", parent="us.dhs", desk="seoul", contact="seoul@hsi.example"),
)
_MATERIAL = CoveredOffence.MATERIAL
_DUAL = an_agreement(clauses=Clauses(subject=Subject(dual_criminality=True)))
_PENALTY = an_agreement(clauses=Clauses(subject=Subject(minimum_penalty_months=12)))
_TREE = an_agreement(clauses=Clauses(parties=Parties(sender=_DESKS, receiver=_DESKS)))
_NOBODY = an_agreement(clauses=Clauses(minors=Minors(contact_required=True)))
_SOMEBODY = an_agreement(
    clauses=Clauses(minors=Minors(contact_required=True, welfare_contact="care@knpa.example"))
)
_NARROW = an_agreement(
    clauses=Clauses(
        mode=Mode(delivery=frozenset({Delivery.PUSH}), occasions=frozenset({Occasion.SPONTANEOUS}))
    )
)
_SIGNED = replace(an_agreement(), needs_signatures=True)
_BOTH = frozenset({"us.clearing", "us.hsi"})
_ENDLESS = replace(SUSPENDED, ends_at=None)
_H2, _RED = Marking(handling=frozenset({HandlingCode.H2})), Marking(tlp=Tlp.RED)
_STRICT = Marking(tlp=Tlp.AMBER_STRICT)
_EMERGENCY, _METADATA = AGREEMENTS["emergency"], AGREEMENTS["metadata"]

_OF_NOBODY = "".join(each for each in ALL if not FIELDS[each].label.startswith("people/"))

# agreement, changed facts, refusal, and the letters that leave
BESIDE: list[tuple[Agreement, dict[str, object], Refusal | None, str]] = [
    (_DUAL, {"criminal_in_both": {_MATERIAL: True}}, None, ALL),
    (_DUAL, {"criminal_in_both": {_MATERIAL: False}}, Refusal.NOT_CRIMINAL_IN_BOTH, ""),
    (_DUAL, {}, Refusal.DUAL_CRIMINALITY_UNKNOWN, ""),
    (_PENALTY, {"penalty_months": {_MATERIAL: 12}}, None, ALL),
    (_PENALTY, {"penalty_months": {_MATERIAL: 11}}, Refusal.PENALTY_TOO_LOW, ""),
    (_PENALTY, {}, Refusal.PENALTY_UNKNOWN, ""),
    (AGREEMENTS["excluded"], {}, Refusal.EXCLUDED_CRIME, ""),
    (_TREE, {"sender_desk": "seoul", "receiver_desk": "intake"}, None, ALL),
    (_TREE, {}, None, ALL),
    (an_agreement(), {"receiver_desk": "any"}, None, ALL),
    (_NOBODY, {"victims": frozenset({"people/0"})}, Refusal.NO_WELFARE_CONTACT, ""),
    (_NOBODY, {"ages": {"people/0": AgeRange(low=12, high=40)}}, Refusal.NO_WELFARE_CONTACT, ""),
    (_NOBODY, {"possible_self_production": True}, Refusal.NO_WELFARE_CONTACT, ""),
    (_NOBODY, {}, None, ALL),
    (_NOBODY, {"ages": {}}, None, _OF_NOBODY),
    (_SOMEBODY, {"ages": {"people/0": AgeRange(low=12, high=40)}}, None, ALL.replace("n", "")),
    (_TREE, {"sender_desk": "other"}, Refusal.DESK_NOT_NAMED, ""),
    (_TREE, {"receiver_desk": "other"}, Refusal.DESK_NOT_NAMED, ""),
    (_NARROW, {"delivery": Delivery.PULL}, Refusal.OTHER_DELIVERY, ""),
    (_NARROW, {"occasion": Occasion.BULK}, Refusal.OTHER_OCCASION, ""),
    (_SIGNED, {}, Refusal.NOT_SIGNED, ""),
    (replace(_SIGNED, signed_by=frozenset({"us.clearing"})), {}, Refusal.NOT_SIGNED, ""),
    (replace(_SIGNED, signed_by=_BOTH), {}, None, ALL),
    (replace(an_agreement(), suspensions=(_ENDLESS,)), {}, Refusal.SUSPENDED, ""),
    (an_agreement(replaced_at=AT), {}, Refusal.REPLACED, ""),
    (an_agreement(replaced_at=datetime(2014, 7, 1, tzinfo=UTC)), {}, None, ALL),
    (
        replace(
            an_agreement(),
            suspensions=(replace(SUSPENDED, starts_at=datetime(2014, 7, 1, tzinfo=UTC)),),
        ),
        {},
        None,
        ALL,
    ),
    (AGREEMENTS["hit-no-hit"], {}, Refusal.HIT_OR_NO_HIT_ONLY, ""),
    (_METADATA, {"requested": frozenset({DataClass.CONTENT})}, None, ALL),
    (AGREEMENTS["ask-content"], {"requested": frozenset({DataClass.CONTENT})}, None, ALL),
    (_EMERGENCY, {"emergency_people": 1}, None, "iv"),
    (_EMERGENCY, {"emergency_people": 2}, None, "iapqwckv"),
    (an_agreement(), {"onward": Onward(leave=Leave.GRANTED)}, None, ALL),
    (an_agreement(), {"onward": Onward(leave=Leave.CONSENT)}, Refusal.NO_ONWARD_CONSENT, ""),
    (an_agreement(), {"onward": Onward(leave=Leave.CONSENT, consented=True)}, None, ALL),
    (
        an_agreement(),
        {
            "onward": Onward(
                leave=Leave.CONSENT, consented=True, outside=frozenset({"people/0/name"})
            )
        },
        None,
        ALL.replace("n", ""),
    ),
    (
        an_agreement(),
        {"onward": Onward(leave=Leave.GRANTED, other_purpose=True)},
        Refusal.NO_CONSENT_TO_PURPOSE,
        "",
    ),
    (
        an_agreement(),
        {"onward": Onward(leave=Leave.CONSENT, consented=True, other_purpose=True)},
        None,
        ALL,
    ),
    (an_agreement(), {"corrected": frozenset({"people/0/name"})}, None, ALL.replace("n", "")),
    (
        an_agreement(),
        {"onward": Onward(leave=Leave.NEVER, consented=True)},
        Refusal.NO_ONWARD_CONSENT,
        "",
    ),
    (
        an_agreement(),
        {"onward": Onward(leave=Leave.GRANTED), "inherited": _H2},
        Refusal.NO_ONWARD_CONSENT,
        "",
    ),
    (
        an_agreement(),
        {"onward": Onward(leave=Leave.GRANTED), "inherited": _RED},
        Refusal.NO_ONWARD_CONSENT,
        "",
    ),
    (an_agreement(), {"sender": "us.other"}, Refusal.OTHER_SENDER, ""),
    (an_agreement(), {"receiver": "us.other"}, Refusal.OTHER_RECEIVER, ""),
    (
        an_agreement(),
        {"offences": frozenset({CoveredOffence.TOURISM})},
        Refusal.OFFENCE_NOT_COVERED,
        "",
    ),
    (an_agreement(), {"offences": frozenset()}, Refusal.OFFENCE_UNKNOWN, ""),
    (an_agreement(), {"purpose": Purpose.REMOVAL}, Refusal.OTHER_PURPOSE, ""),
]


def _beside(decide: Decide) -> None:
    for agreement, changes, refusal, letters in BESIDE:
        facts = replace(ADULT, **changes)  # type: ignore[arg-type]
        decision = decide(agreement, list(FIELDS.values()), facts, AT)
        assert decision.refusal is refusal, (changes, decision.refusal)
        assert {LETTER_OF[label] for label in decision.released} == set(letters), changes


def test_the_cases_beside_the_table_come_out_as_written() -> None:
    _beside(decide_release)


def test_an_emergency_is_reviewed_and_needs_its_people() -> None:
    decision = decide_release(
        _EMERGENCY, list(FIELDS.values()), replace(ADULT, emergency_people=2), AT
    )
    assert decision.conditions is not None
    assert (decision.conditions.people, decision.conditions.emergency_review_hours) == (2, 72)
    plain = decide_release(_EMERGENCY, list(FIELDS.values()), ADULT, AT)
    assert plain.conditions is not None
    assert (plain.conditions.people, plain.conditions.emergency_review_hours) == (0, None)


def test_what_is_released_inherits_the_strictest_marking() -> None:
    inherited = Marking(
        tlp=Tlp.AMBER_STRICT,
        pap=Pap.AMBER,
        handling=frozenset({HandlingCode.H1}),
        source=SourceGrade.X,
    )
    decision = decide_release(
        an_agreement(), list(FIELDS.values()), replace(ADULT, inherited=inherited), AT
    )
    assert decision.tlp is Tlp.AMBER_STRICT
    assert decision.handling == (HandlingCode.H0, HandlingCode.H1)
    assert decision.conditions is not None
    assert (decision.conditions.pap, decision.conditions.source) == (Pap.AMBER, SourceGrade.X)


# Every condition of the rules, both ways: more than each branch, for and/or count one by one.


def _markings(space: dict[str, Any]) -> None:
    """Every code × act cell that a marking decides."""
    may_pass_on, may_use = space["may_pass_on"], space["may_use_in_court"]
    plain, h1 = Marking(), Marking(handling=frozenset({HandlingCode.H1}))
    for marking, leave, consented, onward, court in (
        (plain, Leave.GRANTED, False, True, True),
        (plain, Leave.CONSENT, False, False, False),
        (plain, Leave.CONSENT, True, True, True),
        (plain, Leave.NEVER, True, False, False),
        (_H2, Leave.GRANTED, False, False, True),
        (_H2, Leave.GRANTED, True, True, True),
        (_RED, Leave.GRANTED, False, False, True),
        (_STRICT, Leave.GRANTED, False, False, True),
        (_STRICT, Leave.GRANTED, True, True, True),
        (h1, Leave.GRANTED, False, True, False),
        (h1, Leave.GRANTED, True, True, True),
    ):
        assert may_pass_on(marking, leave, consented=consented) is onward
        assert may_use(marking, leave, consented=consented) is court
    acts = {pap: space["may_act_visibly"](Marking(pap=pap)) for pap in (None, *Pap)}
    assert acts == {
        None: True, Pap.RED: False, Pap.AMBER: False, Pap.GREEN: True, Pap.CLEAR: True,
    }  # fmt: skip


def test_every_marking_decides_every_act_as_written() -> None:
    _markings(vars(markings))
    assert markings.lowers(_RED, Marking(tlp=Tlp.GREEN))
    assert markings.lowers(_H2, Marking())
    assert not markings.lowers(Marking(tlp=Tlp.GREEN), _RED)


def _nearest(nearest: Callable[..., Agreement | None]) -> None:
    """What keeps an agreement from holding: the least of it names the refusal, in any order."""
    suspended = replace(an_agreement(), suspensions=(_ENDLESS,))
    drawn_back = replace(_SIGNED, withdrawn_at=AT)
    replaced, ended = an_agreement(replaced_at=AT), datetime(2016, 1, 1, tzinfo=UTC)
    before = datetime(2010, 1, 1, tzinfo=UTC)
    for held, at, found in (
        ([], AT, None),
        ([an_agreement()], AT, None),
        ([drawn_back], AT, None),
        ([replaced, _SIGNED], AT, _SIGNED),
        ([_SIGNED, suspended, replaced], AT, suspended),
        ([an_agreement()], ended, an_agreement()),
        ([an_agreement()], before, an_agreement()),
    ):
        assert nearest(held, at) == nearest(held[::-1], at) == found


def test_the_nearest_of_what_does_not_hold_is_named() -> None:
    _nearest(rules.nearest)


def _hashing(space: dict[str, Any]) -> None:
    """A part goes as a hash where the rule of its class or of a path that speaks of it says so."""
    by_path = an_agreement(clauses=Clauses(paths={"people/*/emails/*": HASH}))
    unruled = an_agreement(rules={DataClass.INCIDENT: ALLOW})
    ip, email = (
        a_part("people/0/ips/0", DataClass.IP),
        a_part("people/0/emails/0", DataClass.CONTACT),
    )
    for agreement, part, wanted in (
        (AGREEMENTS["ip-hash"], ip, True),
        (AGREEMENTS["ip-hash"], email, False),
        (by_path, email, True),
        (by_path, ip, False),
        (unruled, ip, False),
        (an_agreement(), ip, False),
    ):
        assert space["wants_hash"](agreement.terms, part) is wanted


def test_a_rule_of_a_class_or_a_path_asks_for_a_hash() -> None:
    _hashing(vars(fields))


def test_every_condition_of_the_rules_was_true_and_false() -> None:
    seen: dict[tuple[str, int, int], set[bool]] = defaultdict(set)
    marks, parts, whole = (watched(each, seen) for each in (markings, fields, rules))
    whole |= {"reason_for": parts["reason_for"], "strictest": marks["strictest"]}
    whole["may_pass_on"] = marks["may_pass_on"]
    assert all(found == wanted for _, found, wanted in _table(whole["decide_release"]))
    _beside(whole["decide_release"])
    _markings(marks)
    _hashing(parts)
    _other_doors(whole, marks)
    assert len(seen) > 60
    one_way = sorted((place, found) for place, found in seen.items() if len(found) < 2)
    assert not one_way


def _other_doors(whole: dict[str, Any], marks: dict[str, Any]) -> None:
    """What no release under an agreement passes: requests, overlaps, twins, odd labels."""
    everything = AGREEMENTS["everything"]
    decide, granted = whole["decide_request_release"], whole["GrantedRequest"]
    assert granted is GrantedRequest
    request = GrantedRequest(request_id="r", terms=everything.terms)
    labels = list(FIELDS.values())
    assert not decide(None, labels, ADULT, AT).allowed
    assert decide(request, labels, ADULT, AT).allowed
    assert not decide(request, labels, replace(ADULT, sender="us.other"), AT).allowed
    assert not whole["decide_release"](None, labels, ADULT, AT).allowed
    later = replace(ADULT, first_release=False, ages={})
    assert "people/0/name" in decide(request, labels, later, AT).released
    odd = replace(FIELDS["p"], label="incident/ip", form=FIELDS["q"].form)
    assert not _leaves_odd(whole, odd)
    assert whole["in_force"](everything, AT)
    assert not whole["in_force"](everything, datetime(2016, 1, 1, tzinfo=UTC))
    suspended = replace(everything, suspensions=(_ENDLESS,))
    assert not whole["in_force"](suspended, AT)
    for by, holds in ((everything.terms.receiver, False), (everything.terms.sender, True)):
        told = replace(everything, told=(replace(_ENDLESS, by=by),))
        assert whole["in_force"](told, AT) is holds
        assert whole["decide_release"](told, labels, ADULT, AT).allowed is holds
    _nearest(whole["nearest"])
    overlapping = whole["overlapping"]
    assert overlapping(everything, everything)
    assert not overlapping(everything, AGREEMENTS["hit-no-hit"])
    assert not overlapping(everything, an_agreement(receiver="us.other"))
    assert not overlapping(everything, an_agreement(offences=frozenset({CoveredOffence.TOURISM})))
    ended = an_agreement(replaced_at=datetime(2014, 1, 1, tzinfo=UTC))
    assert not overlapping(ended, everything)
    assert not overlapping(everything, ended)
    with pytest.raises(Invalid, match="same label"):
        decide(request, [labels[0], labels[0]], ADULT, AT)
    assert marks["lowers"](marks["Marking"](tlp=Tlp.RED), marks["Marking"]())
    assert not marks["lowers"](marks["Marking"](), marks["Marking"](tlp=Tlp.RED))
    for label in ("people/0", "loose/account"):  # about nobody: nothing to restrict
        loose = replace(FIELDS["a"], label=label)
        assert whole["decide_release"](AGREEMENTS["minors"], [loose], ADULT, AT).allowed


def _leaves_odd(whole: dict[str, Any], odd: object) -> bool:
    return whole["decide_release"](AGREEMENTS["ip-prefix"], [odd], ADULT, AT).allowed


def test_a_metadata_first_agreement_says_content_is_on_request() -> None:
    mode = Mode(extent=Extent.METADATA_FIRST)
    decision = decide_release(an_agreement(clauses=Clauses(mode=mode)), [FIELDS["f"]], ADULT, AT)
    assert decision.parts[0].reason.value == "content-on-request"
