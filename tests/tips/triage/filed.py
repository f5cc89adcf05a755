"""Files a report through the actions of intake, without the door."""

from collections.abc import Iterable

from tests.nodes import CONSOLE
from tipbridge.foundation.access import store
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.enrichment.actions import enrich_tip
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import providers
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.triage.actions import triage_tip

PERSON = """<personOrUserReported><personOrUserReportedPerson><age>30</age></personOrUserReportedPerson>
<espIdentifier>user-1</espIdentifier><espService>Example Social</espService>
<ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Login</eventName>
<dateTime>2014-02-20T01:00:00Z</dateTime></ipCaptureEvent></personOrUserReported>"""


def report_xml(*people: str, summary: str = "") -> bytes:
    material = "Child Pornography (possession, manufacture, and distribution)"
    return f"""<?xml version="1.0" encoding="UTF-8"?><report>
<incidentSummary><incidentType>{material}</incidentType>{summary}
<incidentDateTime>2014-02-20T01:00:00Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><email>desk@esp.example</email></reportingPerson></reporter>
{"".join(people or (PERSON,))}</report>""".encode()


def file_report(
    node,
    document: bytes | None = None,
    *,
    files: Iterable[bytes] = (b"synthetic",),
    details: Iterable[bytes] | None = None,
    provider: str = "esp-one",
) -> str:
    """A finished report, not yet enriched; `details` may hold {report} and {fileN}."""
    with open_work(node, CONSOLE) as work:
        if store.credential_of(work.db, provider) is None:
            providers.add_provider(work, name=provider, username=provider, password="long-enough-1")
        credential = store.credential_of(work.db, provider)
        assert credential is not None
    login = credential.login
    actor = Actor(kind=ActorKind.PROVIDER, id=login.provider_id, name=provider)
    with open_work(node, actor) as work:
        number = intake.submit(work, document or report_xml(), credential_id=login.credential_id)
        ids = [
            intake.upload(work, number, ReceivedFile(digests=digest_bytes(data), data=data))[0]
            for data in files
        ]
        for body in details or ():
            text = body.decode().replace("{report}", str(number))
            for index, file_id in enumerate(ids):
                text = text.replace(f"{{file{index}}}", file_id)
            intake.file_info(work, text.encode())
        intake.finish(work, number)
    return str(number)


def process(node, report_id: str) -> None:
    """What the pipeline does after a report is finished."""
    with open_work(node, WORKER) as work:
        enrich_tip(work, report_id=report_id)
    with open_work(node, WORKER) as work:
        triage_tip(work, report_id=report_id)


def file_tip(node, document: bytes | None = None, **chosen: object) -> str:
    """A finished report, enriched and placed in the queue."""
    report_id = file_report(node, document, **chosen)
    process(node, report_id)
    return report_id
