"""Which room has which words of the command line; a room is imported when its word is typed.

Shape: a command needs its own room and what that builds on. All of them together take
longer to import than most commands to run (ADR 0230).
"""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from operator import attrgetter
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

GROUPS = {
    "providers": "tips.intake.commands:group",
    "filings": "tips.filing.commands:group",
    "scanners": "tips.filing.scan.commands:group",
    "receipts": "tips.intake.commands:receipt",
    "quality": "tips.quality.commands:group",
    "tips": "tips.triage.commands:tips",
    "leads": "tips.triage.commands:leads",
    "peers": "sharing.exchange.commands:group",
    "packages": "sharing.exchange.commands:packages",
    "notices": "sharing.notices.commands:group",
    "referrals": "sharing.referral.commands:group",
    "requests": "sharing.referral.commands:requests",
    "consents": "sharing.referral.consent.commands:group",
    "decisions": "sharing.referral.replaying.commands:group",
    "cases": "police.cases.commands:group",
    "demands": "police.cases.demands.commands:demands",
    "handovers": "police.cases.handing.commands:handovers",
    "deconfliction": "police.deconfliction.commands:group",
    "welfare": "police.welfare.commands:group",
    "outcomes": "police.outcomes.commands:group",
    "removals": "police.removals.commands:group",
    "hosts": "police.removals.commands:host_group",
    "retention": "police.retention.commands:group",
    "exhibits": "police.evidence.commands:group",
    "disclosures": "police.disclosure.commands:group",
    "agreements": "knowledge.agreements.commands:group",
    "lists": "knowledge.hashes.commands:group",
    "hashes": "knowledge.hashsharing.commands:group",
    "law": "knowledge.law.commands:group",
    "bulletin": "bulletin.commands:group",
    "staff": "office.commands:staff",
    "units": "office.commands:units",
    "desks": "office.desks.commands:desks",
    "tokens": "office.tokens.commands:tokens",
    "clock": "office.commands:clock",
    "audit": "office.commands:audit",
    "box": "office.commands:box",
    "erasure": "cli.erasure:group",
}
"""Each first word: the module under `tipbridge` and the group in it."""

LODGERS = {
    "agreements": {
        "compare": "sharing.referral.agreeing.commands:compare_version",
        "exchanged": "sharing.referral.agreeing.commands:count_exchanged",
    },
    "cases": {
        "strike-person": "police.striking.commands:strike_person",
        "restore-person": "police.striking.commands:restore_person",
        "same-person": "police.striking.commands:join_people",
        "separate-acts": "police.striking.commands:separate_acts",
        "detach": "police.striking.commands:detach_referral",
        "reattach": "police.striking.commands:reattach_referral",
    },
    "filings": {
        "scan": "tips.filing.scan.commands:scan_files",
        "viewed": "tips.filing.scan.commands:state_viewed",
    },
    "peers": {
        "rotate": "sharing.exchange.trusting.commands:rotate_keys",
        "follow": "sharing.exchange.trusting.commands:follow_peer",
        "revoke": "sharing.exchange.trusting.commands:revoke_key",
        "keys": "sharing.exchange.trusting.commands:list_keys",
    },
    "packages": {
        "export": "sharing.exchange.carrying.commands:export_packages",
        "import": "sharing.exchange.carrying.commands:import_files",
    },
    "referrals": {
        "drop": "sharing.referral.dropping.commands:drop_referral",
        "stage": "sharing.referral.life.commands:say_stage",
        "recall": "sharing.referral.life.commands:recall_referral",
        "correct": "sharing.referral.life.commands:correct_referral",
        "withdrawn": "sharing.referral.life.commands:list_withdrawals",
        "emergency": "sharing.referral.emergency.commands:call_emergency",
        "emergency-taken-back": "sharing.referral.emergency.commands:take_back_call",
        "emergency-review": "sharing.referral.emergency.commands:review_emergency",
        "emergencies": "sharing.referral.emergency.commands:list_emergencies",
        "kept": "sharing.referral.keeping.commands:list_kept",
        "review": "sharing.referral.keeping.commands:review_kept",
    },
}
"""Words in a group whose code stands in a room within that group's room."""

COMMANDS = {
    "hash": "knowledge.hashes.files.commands:hash_files",
    "match": "knowledge.hashes.files.commands:match_files",
}
"""Commands of one word; the whole program adds the demo, which stands above this wing."""


class Rooms(TyperGroup):
    """The program's first words, each imported when it is asked for."""

    def __init__(self, **attrs: object) -> None:
        super().__init__(**attrs)  # pyright: ignore[reportArgumentType] - as Typer passes them
        self.commands = _Words(self.commands)


class _Words(MutableMapping[str, TyperCommand | TyperGroup]):
    """Commands by their word; going through the values imports every room."""

    def __init__(self, made: MutableMapping[str, TyperCommand | TyperGroup]) -> None:
        self._made = dict(made)
        self._words = dict.fromkeys([*GROUPS, *COMMANDS, *made])

    def __getitem__(self, word: str) -> TyperCommand | TyperGroup:
        if word not in self._made and word in self._words:
            self._made[word] = _made(word)
        return self._made[word]

    def __setitem__(self, word: str, command: TyperCommand | TyperGroup) -> None:
        self._words[word] = None
        self._made[word] = command

    def __delitem__(self, word: str) -> None:
        del self._words[word]
        self._made.pop(word, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def _made(word: str) -> TyperCommand | TyperGroup:
    if word in COMMANDS:
        alone = typer.Typer(add_completion=False)
        alone.command(word)(_named(COMMANDS[word]))
        return cast("TyperCommand", typer.main.get_command(alone))
    group: typer.Typer = _named(GROUPS[word])
    for lodger, where in LODGERS.get(word, {}).items():
        group.command(lodger)(_named(where))
    made = typer.main.get_group(group)
    made.name = word
    return made


def _named(where: str) -> Any:  # noqa: ANN401 - a group or a function, as the table says
    module, name = where.split(":")
    return attrgetter(name)(import_module(f"tipbridge.{module}"))
