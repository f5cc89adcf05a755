"""Refusals that are carried back as files, signed by who did not let a carried package in."""

import contextlib
import json
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements.actions import resume_agreement, suspend_agreement
from tipbridge.sharing.exchange.carrying import commands, fetching, handing
from tipbridge.sharing.exchange.carrying.files import PACKAGE_ENDING
from tipbridge.sharing.exchange.carrying.messages import FETCH_TYPE
from tipbridge.sharing.exchange.carrying.refusals import (
    REFUSAL_TYPE,
    CarriedRefused,
    import_refusal,
)
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.parking import actions as parking


def _import(pair: Pair, path: Path) -> bytes:
    with path.open("rb") as sealed, open_work(pair.receiver, CONSOLE) as work:
        return fetching.import_package(work, sealed)[1]


def _refused(pair: Pair, path: Path) -> bytes:
    with pytest.raises(CarriedRefused) as caught:
        _import(pair, path)
    return caught.value.envelope


def _import_refusal(node: Node, envelope: bytes) -> str:
    with open_work(node, CONSOLE) as work:
        return import_refusal(work, envelope)


def test_a_refusal_is_carried_back_and_its_package_stands_with_what_failed(
    pair: Pair, tmp_path: Path
) -> None:
    package_id, other = pair.queue(), pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        handing.export_packages(work, pair.receiver.id, tmp_path)
    path = tmp_path / f"{package_id}{PACKAGE_ENDING}"
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    envelope = _refused(pair, path)
    assert _import_refusal(pair.receiver, envelope) == "of-another-node"
    assert _import_refusal(pair.sender, envelope) == "refused-there"
    assert _import_refusal(pair.sender, envelope) == "again"
    with open_work(pair.sender, CONSOLE) as work:
        (parked,) = parking.list_parked(work)
    assert (parked.package_id, parked.reason) == (package_id, "refused")
    assert pair.sent(other).state is OutboxState.QUEUED
    with open_work(pair.receiver, CONSOLE) as work:
        net.set_clock(pair.receiver, START + timedelta(hours=1))
        resume_agreement(work, pair.agreement)
    receipt = _import(pair, path)
    with open_work(pair.sender, CONSOLE) as work:
        assert handing.import_receipt(work, receipt) == "settled"
    assert _import_refusal(pair.sender, envelope) == "again"
    assert pair.sent(package_id).state is OutboxState.DELIVERED


def test_a_refusal_that_its_recipient_did_not_sign_refuses_nothing(
    pair: Pair, tmp_path: Path
) -> None:
    package_id = pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        (path,) = handing.export_packages(work, pair.receiver.id, tmp_path)
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    envelope = _refused(pair, path)
    payload = unverified_payload(envelope)
    for changed in (
        payload.replace(package_id.encode(), b"0" * 32),
        payload.replace(pair.receiver.id.encode(), b"us.other"),
        payload.replace(b"tipbridge-refusal/1", b"tipbridge-refusal/2"),
        b"{}",
    ):
        forged = pair.receiver.keys.sign(REFUSAL_TYPE, changed)
        with pytest.raises((IntegrityFailure, NotFound)):
            _import_refusal(pair.sender, forged)
    for key, kind in ((pair.sender.keys, REFUSAL_TYPE), (pair.receiver.keys, FETCH_TYPE)):
        with pytest.raises(IntegrityFailure):
            _import_refusal(pair.sender, key.sign(kind, payload))
    assert pair.sent(package_id).state is OutboxState.QUEUED


def test_the_command_writes_what_goes_back_and_takes_it(
    pair: Pair,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nodes = {Path("here"): pair.sender, Path("there"): pair.receiver}

    @contextlib.contextmanager
    def work_of(data: Path, _as: str | None) -> Generator[Work]:
        with open_work(nodes[data], CONSOLE) as work:
            yield work

    monkeypatch.setattr(commands, "command_work", work_of)

    def imported(where: str, *names: str) -> list[dict[str, str]]:
        capsys.readouterr()
        with contextlib.suppress(typer.Exit):
            commands.import_files(Path(where), [tmp_path / name for name in names], json=True)
        printed = "\n" + capsys.readouterr().out  # the log says why before it
        return json.loads(printed[printed.index("\n[\n") :])

    package_id = pair.queue()
    commands.export_packages(Path("here"), pair.receiver.id, tmp_path)
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    (line,) = imported("there", f"{package_id}.tbpackage")
    assert (line["outcome"], line["carry_back"]) == ("refused", f"{package_id}.tbrefusal")
    lines = imported("here", line["carry_back"], line["carry_back"], "none.tbrefusal")
    assert [each["outcome"] for each in lines] == ["refused-there", "again", "refused"]
    assert pair.sent(package_id).state is OutboxState.REFUSED
