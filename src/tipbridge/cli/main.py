"""The `tipbridge` command: groups the rooms' commands and maps refusals to exit codes."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.bulletin import commands as bulletin
from tipbridge.cli import erasure
from tipbridge.cli.errors import EXIT_CODES, FAULT, exit_code
from tipbridge.foundation.base.errors import Kind, TipbridgeError
from tipbridge.foundation.base.logs import configure_logs
from tipbridge.foundation.node import Profile, load_settings, make_node
from tipbridge.foundation.storage.engine import open_database
from tipbridge.foundation.storage.migrate import migrate
from tipbridge.knowledge.agreements import commands as agreements
from tipbridge.knowledge.hashes import commands as hashes
from tipbridge.knowledge.hashes.files import commands as files
from tipbridge.knowledge.hashsharing import commands as hashsharing
from tipbridge.knowledge.law import commands as law
from tipbridge.office import commands as office
from tipbridge.office.terminal import DataOption, JsonOption, say_synthetic, show
from tipbridge.office.tokens import commands as access_tokens
from tipbridge.police.cases import commands as cases
from tipbridge.police.cases.demands.commands import demands
from tipbridge.police.cases.handing.commands import handovers
from tipbridge.police.deconfliction import commands as deconfliction
from tipbridge.police.disclosure import commands as disclosure
from tipbridge.police.evidence import commands as evidence
from tipbridge.police.outcomes import commands as outcomes
from tipbridge.police.removals import commands as removals
from tipbridge.police.retention import commands as retention
from tipbridge.police.welfare import commands as welfare
from tipbridge.sharing.exchange import commands as exchange
from tipbridge.sharing.exchange.carrying import commands as carrying
from tipbridge.sharing.exchange.trusting import commands as trusting
from tipbridge.sharing.notices import commands as notices
from tipbridge.sharing.referral import commands as referral
from tipbridge.sharing.referral.consent import commands as consent
from tipbridge.sharing.referral.life import commands as life
from tipbridge.sharing.referral.replaying import commands as replaying
from tipbridge.tips.filing import commands as filing
from tipbridge.tips.filing.scan import commands as scan
from tipbridge.tips.intake import commands as intake
from tipbridge.tips.quality import commands as quality
from tipbridge.tips.triage import commands as triage

cli = typer.Typer(
    name="tipbridge",
    help="The open road from a platform's tip to a police outcome.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.add_typer(intake.group, name="providers")
cli.add_typer(filing.group, name="filings")
filing.group.command("scan")(scan.scan_files)
filing.group.command("viewed")(scan.state_viewed)
cli.add_typer(scan.group, name="scanners")
cli.add_typer(intake.receipt, name="receipts")
cli.add_typer(quality.group, name="quality")
cli.add_typer(triage.tips, name="tips")
cli.add_typer(triage.leads, name="leads")
cli.add_typer(exchange.group, name="peers")
cli.add_typer(exchange.packages, name="packages")
exchange.group.command("rotate")(trusting.rotate_keys)
exchange.group.command("follow")(trusting.follow_peer)
exchange.group.command("revoke")(trusting.revoke_key)
exchange.group.command("keys")(trusting.list_keys)
exchange.packages.command("export")(carrying.export_packages)
exchange.packages.command("import")(carrying.import_files)
cli.add_typer(notices.group, name="notices")
cli.add_typer(referral.group, name="referrals")
referral.group.command("stage")(life.say_stage)
referral.group.command("recall")(life.recall_referral)
referral.group.command("correct")(life.correct_referral)
referral.group.command("withdrawn")(life.list_withdrawals)
cli.add_typer(referral.requests, name="requests")
cli.add_typer(consent.group, name="consents")
cli.add_typer(replaying.group, name="decisions")
cli.add_typer(cases.group, name="cases")
cli.add_typer(demands, name="demands")
cli.add_typer(handovers, name="handovers")
cli.add_typer(deconfliction.group, name="deconfliction")
cli.add_typer(welfare.group, name="welfare")
cli.add_typer(outcomes.group, name="outcomes")
cli.add_typer(removals.group, name="removals")
cli.add_typer(removals.host_group, name="hosts")
cli.add_typer(retention.group, name="retention")
cli.add_typer(evidence.group, name="exhibits")
cli.add_typer(disclosure.group, name="disclosures")
cli.add_typer(agreements.group, name="agreements")
cli.add_typer(hashes.group, name="lists")
cli.add_typer(hashsharing.group, name="hashes")
cli.add_typer(law.group, name="law")
cli.add_typer(bulletin.group, name="bulletin")
cli.add_typer(office.staff, name="staff")
cli.add_typer(office.units, name="units")
cli.add_typer(access_tokens.tokens, name="tokens")
cli.add_typer(office.clock, name="clock")
cli.add_typer(office.audit, name="audit")
cli.add_typer(office.box, name="box")
cli.add_typer(erasure.group, name="erasure")

cli.command("hash")(files.hash_files)
cli.command("match")(files.match_files)


@cli.command()
def init(
    data: DataOption,
    profile: Annotated[list[Profile], typer.Option(help="Can be given more than once.")],
    node_id: Annotated[str, typer.Option(help="Such as us.clearing.")],
    name: Annotated[str, typer.Option(help="What people call this node.")],
    *,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="For made-up data only, for ever.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make a node: its keys, its settings, its database."""
    key_file = make_node(
        data, node_id=node_id, name=name, profiles=frozenset(profile), synthetic=synthetic
    )
    server = open_database(data)
    try:
        migrate(server.owner_url)
    finally:
        server.stop()
    say_synthetic(synthetic=synthetic)
    made = {"node": node_id, "data": data, "key_file": key_file, "synthetic": synthetic}
    show(made, as_json=json)


@cli.command()
def up(
    data: DataOption,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8440,
    host: Annotated[str, typer.Option(help="Beyond loopback only with TLS.")] = "127.0.0.1",
    tls_certificate: Annotated[Path | None, typer.Option()] = None,
    tls_key: Annotated[Path | None, typer.Option()] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Run the node: its pages, its interfaces, its workers."""
    from tipbridge import up as running  # noqa: PLC0415 - keeps other commands quick

    configure_logs()
    say_synthetic(synthetic=load_settings(data).synthetic)
    running.up(
        data,
        port,
        host=host,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        told=running.told_as_json if json else running.told_in_words,
    )


_OF_A_PATH = (PermissionError, NotADirectoryError, IsADirectoryError, FileNotFoundError)


def run() -> None:
    """Run a command; warnings and a refusal go to standard error, answers to standard output.

    Shape: a fault of ours leaves with a code that no command answers with.
    """
    configure_logs(least=logging.WARNING)  # a refusal is told in words, once
    try:
        cli()
    except TipbridgeError as error:
        print(f"tipbridge: {error.public}", file=sys.stderr)
        sys.exit(exit_code(error))
    except Exception as error:  # noqa: BLE001 - the program's edge: no answer may look like one
        if isinstance(error, _OF_A_PATH) and error.filename is not None:
            print(f"tipbridge: {error.filename}: {error.strerror}.", file=sys.stderr)
            sys.exit(EXIT_CODES[Kind.INVALID])
        traceback.print_exc()
        sys.exit(FAULT)


if __name__ == "__main__":
    run()
