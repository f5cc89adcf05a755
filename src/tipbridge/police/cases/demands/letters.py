"""The letters of demands, in Korean and English: plain text, addresses as text only."""

from datetime import UTC
from zoneinfo import ZoneInfo

from tipbridge.police.cases.demands.model import Demand, DemandFacts, DemandKind, LetterLanguage

_KOREA = ZoneInfo("Asia/Seoul")
"""Providers there keep their logs in it: both are said, so that nobody has to reckon."""
_ENGLISH = {
    DemandKind.PRESERVATION: (
        "Request to preserve data",
        (
            "Please preserve all records held on the following, as they are now, and let us know"
            " until when they will be kept. Please do not tell the user."
        ),
    ),
    DemandKind.SUBSCRIBER: (
        "Request for subscriber identification",
        (
            "Please identify the subscriber to whom the following was assigned at the time given."
            " If it was shared by several subscribers at that time, please say so and name none."
        ),
    ),
    DemandKind.LEGAL_PROCESS: (
        "Legal process for records",
        "Under the enclosed order, please produce the records held on the following.",
    ),
}
_KOREAN = {
    DemandKind.PRESERVATION: (
        "자료 보전 요청",
        (
            "아래 대상에 관하여 현재 보유 중인 자료를 그대로 보전하고, 보전 기한을 알려 주시기 바랍니다."
            " 이용자에게는 이 요청을 알리지 마시기 바랍니다."
        ),
    ),
    DemandKind.SUBSCRIBER: (
        "가입자 확인 요청",
        (
            "아래 시각에 해당 주소를 할당받은 가입자를 확인하여 주시기 바랍니다."
            " 같은 시각에 여러 가입자가 함께 쓴 주소라면 그 사실만 알려 주시고 특정하지 마시기 바랍니다."
        ),
    ),
    DemandKind.LEGAL_PROCESS: (
        "영장·허가서에 따른 자료 제출 요청",
        "첨부한 영장 또는 허가서에 따라 아래 대상에 관한 자료를 제출하여 주시기 바랍니다.",
    ),
}
_LABELS = {
    LetterLanguage.ENGLISH: {
        "to": "To",
        "case": "Case number",
        "authority": "Legal basis",
        "ip": "IP address",
        "port": "Port",
        "no port": "not known",
        "seen_at": "Seen at",
        "account": "Account",
        "synthetic": "SYNTHETIC: made for a test, to be sent to nobody.",
    },
    LetterLanguage.KOREAN: {
        "to": "수신",
        "case": "사건번호",
        "authority": "법적 근거",
        "ip": "IP 주소",
        "port": "포트",
        "no port": "확인되지 않음",
        "seen_at": "접속 시각",
        "account": "계정",
        "synthetic": "가상 자료(SYNTHETIC): 시험용이며 누구에게도 보내지 않습니다.",
    },
}


def letter(demand: Demand, number: str, *, synthetic: bool) -> str:
    """The text of a demand's letter."""
    asked = demand.asked
    labels = _LABELS[asked.language]
    texts = _KOREAN if asked.language is LetterLanguage.KOREAN else _ENGLISH
    title, body = texts[asked.kind]
    lines = [title, "", f"{labels['to']}: {asked.addressee}", f"{labels['case']}: {number}"]
    lines += [f"{labels['authority']}: {asked.authority}", "", body, ""]
    lines += _subject(asked, labels)
    if synthetic:
        lines = [labels["synthetic"], "", *lines]
    return "\n".join(lines) + "\n"


def _subject(asked: DemandFacts, labels: dict[str, str]) -> list[str]:
    lines: list[str] = []
    if asked.ip is not None:
        lines += [
            f"{labels['ip']}: {asked.ip}",
            f"{labels['port']}: {labels['no port'] if asked.port is None else asked.port}",
        ]
    if asked.seen_at is not None:
        seen = f"{asked.seen_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        if asked.language is LetterLanguage.KOREAN:
            seen += f" ({asked.seen_at.astimezone(_KOREA):%Y-%m-%d %H:%M:%S} KST)"
        lines.append(f"{labels['seen_at']}: {seen}")
    if asked.account is not None:
        lines.append(f"{labels['account']}: {asked.account}")
    return lines
