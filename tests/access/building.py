"""Builds the world: a tip, its lead and all that follows, by the real actions."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.access.world import World, actors_of, forgetful, make_units
from tests.nodes import CONSOLE, build_node, fresh_database
from tests.tips.triage.filed import file_tip, report_xml
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.office import actions as office
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import store as intake_store
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.triage import actions as triage

STRANGE_ID = "f" * 32
STRANGE_NUMBER = "999999999"


@contextlib.contextmanager
def built_world(server: Server, folder: Path) -> Iterator[World]:
    """A node with everything, on a database of its own."""
    with fresh_database(server) as database:
        node = build_node(folder / "node", database)
        units = make_units(node)
        with open_work(node, CONSOLE) as work:
            office.add_staff(
                work,
                username="somebody",
                password="long-enough-1",
                roles=("press",),
                unit="headquarters",
            )
        console = replace(CONSOLE, units=(1, *units.values()))
        ids = _tips(node, console)
        provider, stranger = ids.pop("provider"), ids.pop("other_provider")
        shutil.copytree(node.data / "vault", folder / "vault-copy")
        actors = actors_of(node, units["own"], provider, "us.hsi")
        trying = forgetful(node, database)
        try:
            yield World(
                node=trying,
                database=database,
                units=units,
                actors=actors,
                strange_actors={
                    "provider": Actor(kind=ActorKind.PROVIDER, id=stranger, name="esp-two")
                },
                ids=ids,
                strange={name: _strange(name, value) for name, value in ids.items()},
                vault_copy=folder / "vault-copy",
            )
        finally:
            trying.engine.dispose()


def _strange(name: str, value: str) -> str:
    if name in {"document", "credential"}:
        return value
    return STRANGE_NUMBER if value.isdecimal() else STRANGE_ID


def _tips(node: Node, console: Actor) -> dict[str, str]:
    """A finished tip with its lead, and an open report of the same provider."""
    report = file_tip(node)
    with open_work(node, console) as work:
        triage.assign_tip(work, report, unit="own")
        lead = triage.list_leads(work)[0].id
        other = intake.add_provider(
            work, name="esp-two", username="esp-two", password="long-enough-1"
        )
    with open_work(node, WORKER) as work:
        credential = intake_store.credential_of(work.db, "esp-one")
        assert credential is not None
        login = credential.login
    provider = Actor(kind=ActorKind.PROVIDER, id=login.provider_id, name="esp-one")
    with open_work(node, provider) as work:
        opened = intake.submit(work, report_xml(), credential_id=login.credential_id)
        data = b"not yet finished"
        received = ReceivedFile(digests=digest_bytes(data), data=data)
        file_id = intake.upload(work, opened, received)[0]
    return {
        "provider": login.provider_id,
        "other_provider": other,
        "credential": login.credential_id,
        "document": report_xml().decode(),
        "report": report,
        "lead": lead,
        "open_report": str(opened),
        "open_file": file_id,
    }
