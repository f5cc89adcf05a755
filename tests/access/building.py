"""Builds the world: tips, referrals both ways, cases, exhibits, by the real actions."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.access.casework import do_casework, restrict_second_case, what_came_of_it
from tests.access.entries import hash_entry
from tests.access.giving import DATA
from tests.access.material import ADDRESS, planted
from tests.access.world import (
    World,
    actors_of,
    forgetful,
    let_read_children,
    make_units,
    sign_in_all,
)
from tests.databases import fresh_database
from tests.knowledge.hashes.lists import listed, loaded
from tests.nodes import CONSOLE, add_staff, build_node
from tests.sharing.net import listening, pin, set_clock, settle
from tests.tips.enrichment.near import keep_near
from tests.tips.filing.clearing import FILES as FILED
from tests.tips.filing.clearing import accept, filing_node, send
from tests.tips.filing.listed import known_list
from tests.tips.triage.filed import PERSON, file_tip, report_xml
from tipbridge import pipeline
from tipbridge.bulletin.model import Period
from tipbridge.bulletin.published import actions as published
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.model import MinimumAge, Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.knowledge.hashes import guarding
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.probing import ProbingRule
from tipbridge.knowledge.hashsharing import actions as hashsharing
from tipbridge.office import actions as office
from tipbridge.office.tokens.actions import add_token
from tipbridge.police.cases.waiting import store as unfit
from tipbridge.police.cases.waiting.model import UnfitReason
from tipbridge.sharing.notices import actions as notices
from tipbridge.sharing.notices.model import NoticeDocument, NoticeStep, ReplyKind
from tipbridge.sharing.referral import actions as referral
from tipbridge.sharing.referral import requesting
from tipbridge.sharing.referral.consent import actions as consents
from tipbridge.sharing.referral.consent.model import Use
from tipbridge.sharing.referral.emergency import store as emergencies
from tipbridge.sharing.referral.emergency.model import Call, Danger, Review
from tipbridge.sharing.referral.keeping import store as keeping
from tipbridge.sharing.referral.keeping.model import Days
from tipbridge.sharing.referral.life import actions as life
from tipbridge.sharing.referral.life.model import Why, Word
from tipbridge.sharing.referral.model import Direction, SourceKind
from tipbridge.sharing.referral.system.actions import take_over
from tipbridge.tips.filing import drafts
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.filing.scan import actions as scan
from tipbridge.tips.filing.scan import scanners
from tipbridge.tips.filing.scan.model import Sign
from tipbridge.tips.filing.scan.offers import offer_file
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import guessing, providers
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.intake.rules import GUESSES_BEFORE_ALARM
from tipbridge.tips.quality import actions as quality
from tipbridge.tips.triage import actions as triage

AT = datetime(2014, 2, 25, 9, tzinfo=UTC)
HERE, THERE = "kr.police", "us.hsi"
STRANGE_ID = "f" * 32
STRANGE_NUMBER = "999999999"
AS_GIVEN = frozenset(
    {"document", "asking", "credential", "folder", "agreement", "some_file", "owner_url"}
)

FILES = (b"synthetic one", b"synthetic two")
CHILD = """<personOrUserReported><personOrUserReportedPerson><age>12</age>
</personOrUserReportedPerson><espIdentifier>kid-1</espIdentifier>
<espService>Example Social</espService>
<ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Login</eventName>
<dateTime>2014-02-20T01:00:00Z</dateTime><possibleProxy>true</possibleProxy></ipCaptureEvent>
</personOrUserReported>"""
DETAILS = f"""<fileDetails><reportId>{{report}}</reportId><fileId>{{file0}}</fileId>
<locationOfFile>{ADDRESS}</locationOfFile>
<additionalInfo>{planted("Synthetic.")}</additionalInfo></fileDetails>""".encode()


@contextlib.contextmanager
def built_world(server: Server, folder: Path) -> Iterator[World]:
    """A node with everything, on a database of its own."""
    with fresh_database(server) as database, fresh_database(server) as other:
        node = build_node(folder / "node", database, node_id=HERE)
        sender = build_node(folder / "sender", other, node_id=THERE)
        units = make_units(node)
        console = replace(CONSOLE, units=(1, *units.values()))
        set_clock(node, AT)
        set_clock(sender, AT)
        ids = _ground(node) | _tips(node, console) | _filing(node)
        with listening(node) as here, listening(sender) as there:
            pin(node, sender, there)
            pin(sender, node, here)
            ids |= _agree(node, sender)
            ids |= _refer(sender, node, console) | _notice(sender, node)
            _to_court(sender, node, console)
            ids |= _withdraw(node, sender, console)
            ids |= {"some_file": str(folder / "some-file"), "owner_url": database.owner_url}
            Path(ids["some_file"]).write_text("{}", "utf-8")
            ids |= do_casework(node, console, folder / "seized")
            settle([node, sender], follow)
            ids |= what_came_of_it(node, console, ids["case"])
            ids |= _publish(node, console)
        provider, stranger = ids.pop("provider"), ids.pop("other_provider")
        shutil.copytree(node.data / "vault", folder / "vault-copy")
        actors = actors_of(node, units["own"], provider, THERE)
        let_read_children(database, actors.values())
        with open_work(node, console) as work:
            take_over(work, ids["received"], version=1)
        with open_work(node, actors["analyst"]) as work:
            ids["token"] = add_token(work, label="a system").id
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
                sessions=sign_in_all(node, actors),
                ids=ids,
                strange={name: _strange(name, value) for name, value in ids.items()},
                vault_copy=folder / "vault-copy",
            )
        finally:
            trying.engine.dispose()


_AGE = MinimumAge(years=14, jurisdiction="KR", citation="Criminal Act (Korea), article 9")


def follow(node: Node, event: str, ids: dict[str, str]) -> None:
    """What the worker would do."""
    pipeline.follow(node, event, ids)


def _strange(name: str, value: str) -> str:
    if name in AS_GIVEN:
        return value
    return STRANGE_NUMBER if value.isdecimal() else STRANGE_ID


def _ground(node: Node) -> dict[str, str]:
    """Staff who can sign in, and a list that knows the first file."""
    with open_work(node, CONSOLE) as work:
        office.add_staff(
            work,
            username="somebody",
            password="long-enough-1",
            roles=("press",),
            unit="headquarters",
        )
    listed(node, "known", digest_bytes(FILES[0]).sha256)
    loaded(node, add_staff(node, Role.ANALYST), "known", digest_bytes(FILES[1]).sha256)
    return {}


def _publish(node: Node, console: Actor) -> dict[str, str]:
    """A bulletin of two months before anything that is counted."""
    over = Period(from_on=date(2013, 8, 1), to_on=date(2013, 9, 30))
    with open_work(node, console) as work:
        return {"publication": published.publish_bulletin(work, over).id}


def _tips(node: Node, console: Actor) -> dict[str, str]:
    """Finished tips with leads, feedback and a duplicate, and an open report beside them."""
    file_tip(node, files=FILES)
    report = file_tip(node, report_xml(CHILD), files=FILES, details=[DETAILS])
    with open_work(node, console) as work:
        leads = triage.list_leads(work)
        other = providers.add_provider(
            work, name="esp-two", username="esp-two", password="long-enough-1"
        )
        contact = providers.add_contact(
            work, "esp-one", purpose="legal", name="Desk", email="desk@esp.example"
        )
    with open_work(node, WORKER) as work:
        quality.assess_report(work, report_id=report)
        keep_near(work, int(report))
        intake.record_feedback(
            work, report_id=report, feedback_id="feedback-0", sender=THERE, outcome="booked"
        )
        credential = access_store.credential_of(work.db, "esp-one")
        assert credential is not None
        login = credential.login
    provider = Actor(kind=ActorKind.PROVIDER, id=login.provider_id, name="esp-one")
    with open_work(node, provider) as work:
        urgent = report_xml(
            summary=f"<escalateToHighPriority>{planted('Now.')}</escalateToHighPriority>"
        )
        opened = intake.submit(work, urgent, credential_id=login.credential_id)
        data = b"not yet finished"
        received = ReceivedFile(digests=digest_bytes(data), data=data)
        file_id = intake.upload(work, opened, received)[0]
    hash_member = _share_hashes(node, provider)
    with open_work(node, WORKER) as work:
        alarm = guarding.note_probing(
            work, provider_id=provider.id, rule=ProbingRule.RATE, lookups=9
        )
        guessed = [
            guessing.note_guess(work, credential_id=login.credential_id, number=number)
            for number in range(GUESSES_BEFORE_ALARM)
        ][-1]
        assert guessed is not None
    return {
        "hash_member": hash_member,
        "hash_entry": "img-a",
        "alarm": alarm,
        "guessing": guessed,
        "alarmed": provider.id,
        "provider": login.provider_id,
        "other_provider": other,
        "credential": login.credential_id,
        "document": report_xml().decode(),
        "report": report,
        "lead": leads[0].id,
        "open_report": str(opened),
        "open_file": file_id,
        "contact": contact,
    }


def _filing(node: Node) -> dict[str, str]:
    """A report that waits for a clearinghouse that does not answer."""
    silent = filing_node(node, "http://127.0.0.1:9/ispws", retry_base_seconds=3600.0)
    filing_id = accept(silent, files=FILED)
    assert send(silent, filing_id, times=1).line.state == "sending"
    with open_work(node, CONSOLE) as work:
        draft = drafts.save_draft(work, report_xml(), [Enclosure(source=DATA)])
    return {"filing": filing_id, "report_draft": draft, **_scanner(node)}


def _scanner(node: Node) -> dict[str, str]:
    """A service that may ask, whose draft waits, and an alarm about it."""
    with open_work(node, CONSOLE) as work:
        token = scanners.add_scanner(work, name="upload-queue")
    known_list(node, [DATA], name="scanned")
    scanner = scanners.scanner_of(node, f"Bearer {token}")
    with open_work(node, scanners.actor_of(scanner)) as work:
        assert scan.scan(work, [offer_file(DATA)], scanner=scanner).found[0].draft
        scan.notice_probing(work, scanner, Sign.SAME_HIT_AGAIN)
    with open_work(node, CONSOLE) as work:
        alarm = scan.read_scans(work).alarms[0].id
    return {"scanner": scanner.id, "alarm": alarm}


def _share_hashes(node: Node, provider: Actor) -> str:
    """Both providers are members; an entry of the first that only it and the node may see."""
    with open_work(node, CONSOLE) as work:
        member = hashsharing.enrol_member(work, provider="esp-one")
        hashsharing.enrol_member(work, provider="esp-two")
    with open_work(node, provider) as work:
        hashsharing.submit(work, [hash_entry("img-a", visible_to=frozenset({1}))])
    return str(member.id)


def _agree(node: Node, sender: Node) -> dict[str, str]:
    """The same agreement held by both, from there to here; none the other way."""
    document = template_text("hsi-knpa-2013", sender=THERE, receiver=HERE).encode()
    for each in (node, sender):
        with open_work(each, CONSOLE) as work:
            held = agreements.add_agreement(work, document=document)
    return {"agreement": held.sha256}


def _refer(sender: Node, node: Node, console: Actor) -> dict[str, str]:
    """Three referrals received, and one prepared to be sent, for which leave is asked."""
    for number, document in enumerate(map(report_xml, (CHILD, PERSON, PERSON))):
        if number == 2:
            restrict_second_case(node, console)
        report = file_tip(sender, document, files=FILES, details=[DETAILS])
        with open_work(sender, CONSOLE) as work:
            sent = referral.open_referral(work, kind=SourceKind.TIP, source_id=report, peer_id=HERE)
            referral.decide_referral(work, sent)
            referral.release_referral(work, sent)
        settle([node, sender], follow)
    with open_work(node, console) as work:
        received = referral.list_referrals(work)
        assert len(received) == 3
        own_report = triage.list_tips(work)[-1].report_id
        draft = referral.open_referral(
            work, kind=SourceKind.TIP, source_id=own_report, peer_id=THERE
        )
        referral.decide_referral(work, draft)
        request = requesting.open_request(work, draft)
        # Its day of review has come.
        days = Days(review_at=work.now, keep_until=None, proof=False, proof_due_at=None)
        keeping.insert_days(work.db, received[-1].id, "0" * 64, days)
        unfit.note_unfit(work.db, received[-1].id, UnfitReason.UNREADABLE, work.now)
    asked, leave = _ask(sender), _ask(sender, tip=1)
    settle([node, sender], follow)
    with open_work(node, console) as work:
        requesting.answer_request(
            work, leave, granted=True, legal_basis=planted("Synthetic."), minimum_age=_AGE
        )
    return {
        "asked": asked,
        "leave_given": leave,
        "received": received[-1].id,
        "draft": draft,
        "request": request.id,
        "package": received[-1].package_id or "",
    }


def _withdraw(node: Node, sender: Node, console: Actor) -> dict[str, str]:
    """A referral that was sent by the other's leave, and recalled."""
    with open_work(node, console) as work:
        sent = referral.open_referral(
            work,
            kind=SourceKind.TIP,
            source_id=triage.list_tips(work)[0].report_id,
            peer_id=THERE,
            purpose=Purpose.VICTIM_IDENTIFICATION,
        )
        request = requesting.open_request(work, sent)
    settle([node, sender], follow)
    with open_work(sender, CONSOLE) as work:
        requesting.answer_request(
            work, request.id, granted=True, legal_basis=planted("Synthetic."), minimum_age=_AGE
        )
    settle([node, sender], follow)
    with open_work(node, console) as work:
        referral.decide_referral(work, sent)
        referral.release_referral(work, sent)
    settle([node, sender], follow)
    (there,) = _received_of(sender)
    with open_work(sender, CONSOLE) as work:
        (consent,) = consents.ask_consent(work, there, Use.ONWARD, recipient=HERE)
    settle([node, sender], follow)
    with open_work(node, console) as work:
        life.withdraw_referral(work, sent, Word.RECALL, why=Why.SENT_IN_ERROR)
    settle([node, sender], follow)
    with open_work(node, console) as work:
        _urgent(work, sent)
    return {"withdrawn": sent, "consent": consent.ask.id, "urgent": sent}


def _urgent(work: Work, sent: str) -> None:
    """What went out as if in an emergency, and nobody has looked at."""
    caller = access_store.all_staff(work.db)[0].id
    call = Call(
        referral_id=sent,
        person_id=caller,
        staff_id=caller,
        danger=Danger.CHILD_MISSING,
        content_sha256="0" * 64,
        called_at=work.now,
    )
    emergencies.insert_call(work.db, call)
    review = Review(
        referral_id=sent,
        package_id="0" * 32,
        peer_id=THERE,
        people=frozenset({caller}),
        released_at=work.now,
        due_at=work.now + timedelta(hours=72),
    )
    emergencies.insert_review(work.db, review)


def _received_of(node: Node) -> list[str]:
    with open_work(node, CONSOLE) as work:
        return [each.id for each in referral.list_referrals(work, direction=Direction.IN)]


def _to_court(sender: Node, node: Node, console: Actor) -> None:
    """What came by referrals may be used in court: the other node consented."""
    for received in _received_of(node):
        with open_work(node, console) as work:
            consents.ask_consent(work, received, Use.COURT)
    settle([node, sender], follow)
    with open_work(sender, CONSOLE) as work:
        asked = consents.list_consents(work)
    for each in asked:
        with open_work(sender, CONSOLE) as work:
            consents.answer_consent(work, each.ask.id, granted=True)
    settle([node, sender], follow)


def _notice(sender: Node, node: Node) -> dict[str, str]:
    """A removal notice that reached the node as a host's own one."""
    with open_work(sender, CONSOLE) as work:
        told = NoticeDocument(
            notice="synthetic-notice",
            sender=THERE,
            synthetic=True,
            step=NoticeStep.FIRST,
            host="social.example",
            address=ADDRESS,
            made_at=AT,
            subject="[SYNTHETIC] Request",
            text=planted("Synthetic."),
        )
        package_id = notices.send_notice(work, HERE, told)
    settle([node, sender], follow)
    with open_work(node, CONSOLE) as work:
        notices.answer_notice(work, package_id, ReplyKind.ACKNOWLEDGED)
    settle([node, sender], follow)
    return {"host_notice": package_id}


def _ask(sender: Node, tip: int = 0) -> str:
    """A request of the other node for leave to refer for a purpose no agreement names."""
    with open_work(sender, CONSOLE) as work:
        source = triage.list_tips(work)[tip].report_id
        draft = referral.open_referral(
            work,
            kind=SourceKind.TIP,
            source_id=source,
            peer_id=HERE,
            purpose=Purpose.CHILD_WELFARE,
        )
        referral.decide_referral(work, draft)
        return requesting.open_request(work, draft).id
