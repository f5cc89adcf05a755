"""What is sent to try each route: form fields, bodies and which ids stand in its path."""

from collections.abc import Callable, Mapping

from tests.access.command_lines import answer_by_mail

Ids = Mapping[str, str]

PATH_IDS = {
    "report_id": "report",
    "filing_id": "filing",
    "lead_id": "lead",
    "detachment_id": "detachment",
    "referral_id": "draft",
    "received_id": "received",
    "urgent_id": "urgent",
    "kept_id": "received",
    "request_id": "asked",
    "consent_id": "consent",
    "sha256": "agreement",
    "case_id": "case",
    "person_id": "person",
    "duty_id": "duty",
    "link_id": "link",
    "task_id": "task",
    "telling_id": "telling",
    "document_id": "paper",
    "relation_id": "relation",
    "demand_id": "demand_sent",
    "authority_id": "authority",
    "fact_id": "fact",
    "move_id": "move",
    "offer_id": "offer",
    "left_id": "left",
    "file_id": "child_file",
    "removal_id": "removal",
    "notice_id": "notice",
    "package_id": "host_notice",
    "welfare_id": "welfare",
    "follow_id": "follow_up",
    "talk_id": "talk",
    "appeal_id": "appeal",
    "exhibit_id": "exhibit",
    "disclosure_id": "disclosure",
    "member_id": "hash_member",
    "entry_id": "hash_entry",
    "alarm_id": "alarm",
    "publication_id": "publication",
}
_HASHES = "https://hashsharing.ncmec.org/hashsharing/v2"
PERIOD = "?from=2013-11-01&to=2014-10-31"
FIXED = {"code": "ko", "username": "somebody", "type": "MD5", "number": "1"}

_TEXT_OF_A_HOST = {"host": "social.example", "language": "ko", "step": "first"}

FORMS: dict[str, Callable[[Ids], dict[str, str]]] = {
    "POST /sign-in": lambda _: {"username": "nobody", "password": "long-enough-1"},
    "POST /staff": lambda _: {
        "username": "new-one",
        "password": "long-enough-1",
        "roles": "press",
        "unit": "headquarters",
    },
    "POST /staff/{username}": lambda _: {"roles": "press", "unit": "headquarters"},
    "POST /units": lambda _: {"code": "new", "name": "New", "parent": "headquarters"},
    "POST /desks": lambda _: {
        "unit": "headquarters",
        "code": "desk-2",
        "name": "Desk",
        "task": "reception",
        "contact": "desk 2",
    },
    "POST /desks/turns": lambda _: {
        "desk": "desk-1",
        "username": "somebody",
        "from_at": "2014-03-01T09:00",
        "until_at": "2014-03-01T17:00",
    },
    "POST /desks/turns/{turn_id}/withdrawal": lambda _: {"because": "Wrong."},
    "POST /providers": lambda _: {
        "name": "esp-new",
        "username": "usr-new",
        "password": "long-enough-1",
    },
    "POST /providers/revoke": lambda _: {"username": "esp-two"},
    "POST /providers/contacts": lambda _: {
        "provider": "esp-one",
        "purpose": "legal",
        "name": "Desk",
        "phone": "1",
    },
    "POST /providers/contacts/removal": lambda ids: {
        "provider": "esp-one",
        "contact": ids["contact"],
    },
    "POST /providers/limits": lambda _: {"provider": "esp-one", "uploads_at_once": "2"},
    "POST /providers/rules": lambda _: {
        "provider": "esp-one",
        "rule": "unknown-element",
        "mode": "lenient",
    },
    "POST /providers/guessing": lambda ids: {"alarm": ids["guessing"]},
    "POST /lists/activation": lambda _: {"name": "known", "revision": "1"},
    "POST /lists/lines": lambda _: {"name": "known", "mode": "add", "lines": "2" * 64},
    "POST /lists/verification": lambda _: {"name": "known"},
    "POST /alarms": lambda ids: {"alarm": ids["alarm"]},
    "POST /hashes": lambda _: {"provider": "esp-two"},
    "POST /hashes/end": lambda ids: {"member": ids["hash_member"]},
    "POST /filings/{filing_id}/decision": lambda _: {
        "decision": "drop",
        "grounds": "A synthetic decision.",
    },
    "POST /filings/{filing_id}/facts": lambda _: {"incident_type": "Child Sex Trafficking"},
    "POST /filings/{filing_id}/files/{number}/viewed": lambda _: {"viewed": "yes"},
    "POST /filings/{filing_id}/resolution": lambda _: {"how": "ask"},
    "POST /scans/alarms/{alarm_id}": lambda _: {"grounds": "A synthetic reason."},
    "POST /tips/{report_id}/unit": lambda _: {"unit": "own"},
    "POST /leads": lambda _: {
        "grounds": "A tip-off.",
        "grade": "B2",
        "service": "Example Social",
        "account": "user-9",
    },
    "POST /exchange/packages/{package_id}/resent": lambda _: {},
    "POST /exchange/packages/{package_id}/retaken": lambda _: {},
    "POST /notices/{package_id}/answers": lambda _: {"kind": "acknowledged"},
    "POST /referrals": lambda ids: {"kind": "tip", "source": ids["report"], "peer": "us.hsi"},
    "POST /referrals/{referral_id}/feedback": lambda _: {"appraisal": "lacked-time"},
    "POST /referrals/{referral_id}/stage": lambda _: {"said": "accepted"},
    "POST /referrals/{referral_id}/withdrawal": lambda _: {"said": "recall:sent-in-error"},
    "POST /referrals/{referral_id}/unit": lambda _: {"unit": "own"},
    "POST /referrals/{referral_id}/approval": lambda _: {"content": "0" * 64},
    "POST /referrals/{referral_id}/emergency": lambda _: {"danger": "child-missing"},
    "POST /referrals/{referral_id}/emergency/taken-back": lambda _: {},
    "POST /referrals/{urgent_id}/emergency/review": lambda _: {"finding": "justified"},
    "POST /agreements/compare": lambda _: {"document": "{}"},
    "POST /referrals/{kept_id}/keeping": lambda _: {"finding": "needed"},
    "POST /referrals/{referral_id}/consent": lambda _: {"aim": "onward:us.hsi"},
    "POST /consents/{consent_id}/answer": lambda _: {"said": "refused:not-needed"},
    "POST /requests/{request_id}/classes": lambda _: {"chosen": "incident"},
    "POST /referrals/{referral_id}/dropping": lambda _: {"reason": "none"},
    "POST /requests/{request_id}/withdrawal": lambda _: {"reason": "none"},
    "POST /requests/{request_id}/answer": lambda _: {"granted": "false", "legal_basis": "none"},
    "POST /cases/{case_id}/feedback": lambda ids: {
        "referral": ids["received"],
        "appraisal": "useful",
    },
    "POST /waiting-referrals/{received_id}": lambda _: {},
    "POST /cases/{case_id}/unit": lambda _: {"unit": "own"},
    "POST /cases/{case_id}/members": lambda _: {"members": ""},
    "POST /cases/{case_id}/numbers": lambda _: {"agency": "hsi", "number": "2"},
    "POST /cases/{case_id}/numbers/taking-back": lambda _: {
        "agency": "hsi",
        "number": "HSI-1",
        "because": "Another case's.",
    },
    "POST /cases/{case_id}/people": lambda _: {"role": "victim"},
    "POST /cases/{case_id}/people/{person_id}": lambda _: {"reference": "person-001"},
    "POST /cases/{case_id}/people/{person_id}/exploitation": lambda _: {"source": "Examination"},
    "POST /cases/{case_id}/people/{person_id}/withdrawal": lambda _: {
        "facts": "place-service",
        "because": "Misread.",
    },
    "POST /cases/{case_id}/people/{person_id}/identifiers": lambda _: {
        "kind": "email",
        "value": "kid@mail.example",
    },
    "POST /cases/{case_id}/people/{person_id}/identifiers/taking-back": lambda _: {
        "kind": "ip",
        "value": "203.0.113.7",
        "because": "Somebody else's.",
    },
    "POST /cases/{case_id}/people/{person_id}/outcome": lambda _: {
        "outcome": "juvenile-division",
        "grounds": "Synthetic.",
    },
    "POST /hand-overs/{offer_id}/refusal": lambda _: {"answer": "No."},
    "POST /cases/{case_id}/deconfliction": lambda _: {"peer": "kr.other", "reason": "Synthetic."},
    "POST /cases/{case_id}/hand-overs": lambda _: {
        "unit": "below",
        "ground": "workload",
        "words": "Please.",
    },
    "POST /left-lists/{left_id}": lambda _: {"grounds": "A synthetic reason."},
    "POST /cases/{case_id}/list": lambda _: {"username": "somebody"},
    "POST /cases/{case_id}/list/dismissal": lambda _: {"username": "somebody"},
    "POST /cases/{case_id}/children": lambda ids: {"person": ids["person"]},
    "POST /cases/{case_id}/children/{file_id}": lambda _: {"needs": "A quiet room."},
    "POST /cases/{case_id}/children/{file_id}/list": lambda _: {"username": "somebody"},
    "POST /cases/{case_id}/children/{file_id}/list/dismissal": lambda _: {"username": "somebody"},
    "POST /search": lambda ids: {"about": ids["case"], "grounds": "Why.", "text": "user-1"},
    "POST /cases": lambda ids: {
        "origin": "another-case",
        "grounds": "A caller.",
        "grade": "X4",
        "from_case": ids["case"],
    },
    "POST /cases/{case_id}/people/{person_id}/favours": lambda _: {"text": "A shared line."},
    "POST /cases/{case_id}/people/{person_id}/defence": lambda _: {"asked": "The file."},
    "POST /cases/{case_id}/people/{person_id}/correction": lambda _: {"grounds": "Another."},
    "POST /cases/{case_id}/people/{person_id}/correction/taking-back": lambda _: {
        "grounds": "The very one."
    },
    "POST /cases/{case_id}/people/{person_id}/receivers": lambda _: {"receiver": "Court"},
    "POST /cases/{case_id}/tellings/{telling_id}": lambda _: {
        "words": "Heard.",
        "said": "acknowledged",
    },
    "POST /cases/{case_id}/defence/{request_id}/answer": lambda _: {"answer": "Here."},
    "POST /cases/{case_id}/askings": lambda _: {"grounds": "Why."},
    "POST /cases/{case_id}/tasks": lambda _: {"title": "To do."},
    "POST /cases/{case_id}/entries/{entry_id}/strike": lambda _: {"because": "Another's."},
    "POST /cases/{case_id}/people/{person_id}/strike": lambda _: {"because": "A namesake."},
    "POST /cases/{case_id}/referrals/{received_id}/detaching": lambda _: {"because": "No."},
    "POST /cases/{case_id}/detachments/{detachment_id}/undo": lambda _: {"because": "Ours."},
    "POST /cases/{case_id}/people/{person_id}/same": lambda ids: {
        "other": ids["mistaken"],
        "because": "One human.",
    },
    "POST /cases/{case_id}/people/{person_id}/separate": lambda _: {
        "acts": "distribution 2014-02-01 suspect",
        "because": "Another way.",
    },
    "POST /cases/{case_id}/people/{person_id}/human": lambda ids: {
        "other": ids["human_elsewhere"],
        "because": "One human.",
    },
    "POST /cases/{case_id}/people/{person_id}/human/parting": lambda _: {"because": "Two humans."},
    "POST /cases/{case_id}/people/{person_id}/restoring": lambda _: {"because": "No namesake."},
    "POST /cases/{case_id}/entries/{entry_id}/restoring": lambda _: {"because": "Its own."},
    "POST /cases/{case_id}/entries/{entry_id}/move": lambda ids: {
        "other": ids["other_case"],
        "because": "Another's.",
    },
    "POST /cases/{case_id}/moves/{move_id}": lambda _: {"because": "Its own."},
    "POST /cases/{case_id}/tasks/{task_id}/day": lambda _: {"because": "No day."},
    "POST /cases/{case_id}/tasks/{task_id}/assignment": lambda _: {"to": ""},
    "POST /cases/{case_id}/documents": lambda _: {"kind": "letter", "title": "A letter"},
    "POST /cases/{case_id}/notes": lambda _: {"note": "Noted."},
    "POST /cases/{case_id}/demands": lambda _: {
        "kind": "subscriber",
        "addressee": "Example Telecom",
        "language": "ko",
        "authority": "A synthetic ground.",
        "account": "user-1",
    },
    "POST /cases/{case_id}/demands/{demand_id}/answer": lambda _: {
        "kind": "other-fact",
        "value": "synthetic",
    },
    "POST /cases/{case_id}/demands/{demand_id}/refusal": lambda _: {"words": "No."},
    "POST /cases/{case_id}/demands/{demand_id}/drop": lambda _: {"because": "No."},
    "POST /cases/{case_id}/facts/{fact_id}": lambda _: {"because": "No."},
    "POST /cases/{case_id}/demands/{demand_id}/again": lambda _: {"because": "No."},
    "POST /cases/{case_id}/demands/{demand_id}/day": lambda _: {
        "done_at": "2030-01-01T09:00",
        "because": "Another day.",
    },
    "POST /cases/{case_id}/relations": lambda ids: {
        "other": ids["other_case"],
        "relation": "merged",
        "grounds": "The same.",
    },
    "POST /cases/{case_id}/split": lambda ids: {"people": ids["person"], "grounds": "Two."},
    "POST /cases/{case_id}/referrals": lambda ids: {"referral": ids["received"]},
    "POST /cases/{case_id}/links/{link_id}": lambda _: {"confirmed": "true"},
    "POST /cases/{case_id}/removals/{removal_id}": lambda _: {"state": "live"},
    "POST /cases/{case_id}/removals": lambda _: {"address": "https://other.example/1"},
    "POST /cases/{case_id}/removals/{removal_id}/mistakes": lambda ids: {
        "entry": ids["removal_entry"],
        "because": "Another place.",
    },
    "POST /cases/{case_id}/removals/{removal_id}/notices": lambda _: {},
    "POST /cases/{case_id}/removals/{removal_id}/replies": lambda _: {"kind": "acknowledged"},
    "POST /cases/{case_id}/removals/{removal_id}/checks": lambda _: {},
    "POST /cases/{case_id}/removals/{removal_id}/looks": lambda _: {},
    "POST /cases/{case_id}/removals/{removal_id}/authorities": lambda _: {
        "words": "A synthetic warrant.",
        "until": "2030-01-01",
    },
    "POST /cases/{case_id}/removals/{removal_id}/authorities/{authority_id}/end": lambda _: {
        "ended_on": "2030-01-01",
        "because": "Lifted.",
    },
    "POST /cases/{case_id}/removals/{removal_id}/comparisons": lambda _: {},
    "POST /cases/{case_id}/removals/{removal_id}/votes": lambda _: {"classification": "baseline"},
    "POST /cases/{case_id}/removals/{removal_id}/words": lambda _: {
        "country": "DE",
        "because": "Its host says so.",
    },
    "POST /cases/{case_id}/notices/{notice_id}/carried": lambda _: {},
    "POST /cases/{case_id}/notices/{notice_id}/day": lambda _: {
        "done_at": "2030-01-01T09:00",
        "because": "Another day.",
    },
    "POST /cases/{case_id}/notices/{notice_id}/retry": lambda _: {},
    "POST /retention/holds": lambda ids: {
        "case": ids["other_case"],
        "ground": "complaint",
        "words": "A synthetic complaint.",
    },
    "POST /retention/holds/lift": lambda ids: {"case": ids["case"], "words": "Settled."},
    "POST /cases/{case_id}/removals/{removal_id}/item": lambda _: {"sha256": "a" * 64},
    "POST /cases/{case_id}/removals/{removal_id}/offers": lambda _: {"list_name": "known"},
    "POST /cases/{case_id}/people/{person_id}/welfare": lambda _: {},
    "POST /hosts/texts": lambda _: {
        **_TEXT_OF_A_HOST,
        "subject": "{notice}",
        "body": "{place}",
    },
    "POST /hosts/texts/drop": lambda _: _TEXT_OF_A_HOST,
    "POST /hosts": lambda _: {"name": "new.example", "channel": "by-hand"},
    "POST /hosts/checks": lambda _: {"name": "social.example", "allowed": "false"},
    "POST /cases/{case_id}/people/{person_id}/stages": lambda _: {
        "stage": "with-juvenile-division"
    },
    "POST /cases/{case_id}/people/{person_id}/stages/taken-back": lambda _: {
        "stage": "not-booked",
        "because": "A synthetic mistake.",
    },
    "POST /cases/{case_id}/people/{person_id}/custody": lambda _: {
        "custody": "detained",
        "held_by": "court",
    },
    "POST /cases/{case_id}/people/{person_id}/appeals": lambda _: {
        "filed_by": "counsel",
        "appeal_grounds": "A synthetic appeal.",
    },
    "POST /cases/{case_id}/appeals/{appeal_id}": lambda _: {
        "state": "rejected",
        "answer": "A synthetic answer.",
    },
    "POST /cases/{case_id}/people/{person_id}/steps": lambda _: {
        "step": "search",
        "grounds": "A synthetic reason.",
    },
    "POST /welfare/{welfare_id}": lambda _: {"contact_made": ""},
    "POST /welfare/{welfare_id}/talks": lambda _: {"talk_with": "child"},
    "POST /welfare/{welfare_id}/follow-ups": lambda _: {
        "kind": "counselling",
        "due_on": "2014-03-01",
    },
    "POST /welfare/{welfare_id}/follow-ups/{follow_id}": lambda _: {},
    "POST /welfare/{welfare_id}/follow-ups/{follow_id}/dropping": lambda _: {
        "because": "A synthetic reason.",
    },
    "POST /welfare/{welfare_id}/talks/{talk_id}/taking-back": lambda _: {
        "because": "A synthetic reason.",
    },
    "POST /welfare/{welfare_id}/access": lambda _: {"members": ""},
    "POST /welfare/{welfare_id}/close": lambda _: {"ending": "not-a-minor"},
    "POST /bulletin/publications": lambda _: {"from_on": "2013-11-01", "to_on": "2014-10-31"},
    "POST /exhibits": lambda ids: {
        "case": ids["case"],
        "mark": "USB-2",
        "kind": "device",
        "description": "stick",
        "place": "home",
        "authority": "warrant",
        "person": "1",
        "grounds": "It was about to be wiped.",
    },
    "POST /exhibits/{exhibit_id}/hand-over": lambda _: {"to": "somebody", "outside": "true"},
    "POST /exhibits/{exhibit_id}/receive": lambda _: {},
    "POST /exhibits/{exhibit_id}/return": lambda _: {"to": "somebody"},
    "POST /exhibits/{exhibit_id}/seal": lambda _: {"seal": "A 001"},
    "POST /exhibits/{exhibit_id}/give-up": lambda ids: {
        "examination": ids["pass"],
        "reason": "other",
    },
    "POST /exhibits/{exhibit_id}/destroy": lambda _: {"witness": "somebody", "how": "shredded"},
    "POST /exhibits/{exhibit_id}/categories": lambda _: {"confirm": "1", "deny": "5", "into": ""},
    "POST /exhibits/{exhibit_id}/photographs": lambda _: {"digests": "a" * 64, "shows": "a stick"},
    "POST /disclosures": lambda ids: {
        "case": ids["case"],
        "recipient": "Example District Court",
        "purpose": "court",
    },
    "POST /disclosures/{disclosure_id}/approve": lambda _: {},
    "POST /disclosures/{disclosure_id}/preview": lambda _: {},
    "POST /disclosures/{disclosure_id}/write": lambda _: {},
    "POST /ispws/finish": lambda ids: {"id": ids["open_report"]},
    "POST /ispws/retract": lambda ids: {"id": ids["open_report"]},
    "POST /ispws/upload": lambda ids: {"id": ids["open_report"]},
}

FILES: dict[str, Callable[[Ids], tuple[str, bytes]]] = {
    "POST /ispws/upload": lambda _: ("a.bin", b"synthetic bytes"),
    "POST /cases/{case_id}/documents": lambda _: ("a.txt", b"synthetic words"),
    "POST /removals/mails": lambda ids: ("a.eml", answer_by_mail(ids["notice"])),
    "POST /exhibits/{exhibit_id}/categories": lambda _: ("a.json", b'{"value": []}'),
}
"""The part `file` of forms that carry one."""

BODIES: dict[str, Callable[[Ids], bytes]] = {
    "POST /ispws/submit": lambda ids: ids["document"].encode(),
    "POST /ispws/fileinfo": lambda ids: (
        f"<fileDetails><reportId>{ids['open_report']}</reportId>"
        f"<fileId>{ids['open_file']}</fileId></fileDetails>"
    ).encode(),
    "POST /api/v1/match": lambda _: b'{"items":[{"md5":"000102030405060708090a0b0c0d0e0f"}]}',
    "POST /api/v1/referrals/{received_id}/taken": lambda _: b'{"version":1}',
    "POST /api/v1/referrals/{received_id}/stage": lambda _: b'{"word":"accepted"}',
    "POST /api/v1/referrals/{received_id}/appraisal": lambda _: b'{"appraisal":"useful"}',
    "POST /exchange/v1/convoys": lambda _: b"no convoy",
    "POST /exchange/v1/packages": lambda _: b"no package",
    "POST /exchange/v1/waiting": lambda _: b"no fetch",
    "POST /scan": lambda _: b"synthetic bytes",
    "POST /hashsharing/v2/entries": lambda _: (
        f'<entrySubmission xmlns="{_HASHES}"><image><id>img-b</id><fingerprints>'
        f"<md5>{'1' * 32}</md5></fingerprints></image></entrySubmission>"
    ).encode(),
    "PUT /hashsharing/v2/entries/{member_id}/{entry_id}/{type}/feedback": lambda _: (
        f'<feedbackSubmission xmlns="{_HASHES}"><affirmative/></feedbackSubmission>'
    ).encode(),
}

MARKS: dict[str, str] = {
    "GET /filings": "filing",
    "GET /providers/loose-ends": "open_report",
    "GET /quality/provider": "report",
    "GET /tips": "report",
    "GET /leads": "lead",
    "GET /notices": "host_notice",
    "GET /referrals": "received",
    "GET /api/v1/referrals": "received",
    "GET /consents": "consent",
    "GET /requests": "request",
    "GET /cases": "case",
    "GET /hand-overs": "offer",
    "GET /tasks": "own_task",
    "GET /removals": "case",
    "GET /retention": "case",
    "GET /welfare": "welfare",
    "GET /outcomes/differences": "case",
    "GET /exhibits": "exhibit",
    "GET /disclosures": "disclosure",
}
"""For pages that list rows: which id shows that the row is among them."""


_BY_ENDING = {
    "/requests/{request_id}/classes": ("{request_id}", "request"),
    "/requests/{request_id}/withdrawal": ("{request_id}", "leave_given"),
    "/links/{link_id}/undo": ("{link_id}", "decided_link"),
}
"""Routes for which a row has to stand in another state than the one that others have."""


def _in_its_state(path: str, ids: Ids) -> str:
    for ending, (place, name) in _BY_ENDING.items():
        if path.endswith(ending):
            path = path.replace(place, ids[name])
    return path


def _of_two_cases(path: str, ids: Ids) -> str:
    """Somebody of two acts, of whom nothing is said elsewhere, or of whom it is."""
    for ending, name in (
        ("{person_id}/separate", "of_two_acts"),
        ("{person_id}/human", "mistaken"),
        ("{person_id}/human/parting", "twofold"),
    ):
        if path.endswith(ending):
            path = path.replace("{person_id}", ids[name])
    return path


def path_of(route: str, ids: Ids) -> str:
    """A route's path with ids in it."""
    path = _in_its_state(route.partition(" ")[2], ids)
    if "/defence/" in path:  # the defence's own request, not one for leave to refer
        path = path.replace("{request_id}", ids["defence"])
    if path.endswith(("/receivers", "/correction/taking-back")):  # of somebody who was put right
        path = path.replace("{person_id}", ids["cleared"])
    if path.startswith("/cases/") and path.endswith("{person_id}/strike"):
        path = path.replace("{person_id}", ids["mistaken"])
    if path.startswith("/cases/") and path.endswith("{person_id}/restoring"):
        path = path.replace("{person_id}", ids["struck_out"])
    path = _of_two_cases(path, ids)
    if path.endswith("/detaching"):  # one that feeds the case
        path = path.replace("{received_id}", ids["fed"])
    if path.endswith(("/day", "/assignment")):  # a task of staff's own that is open
        path = path.replace("{task_id}", ids["own_task"])
    if path.startswith("/cases/") and "/entries/" in path:  # of a diary, not of a hash list
        entry = ids["struck"] if path.endswith("/restoring") else ids["paper"]
        path = path.replace("{entry_id}", entry)
    for name, key in PATH_IDS.items():
        path = path.replace(f"{{{name}}}", ids[key])
    for name, value in FIXED.items():
        path = path.replace(f"{{{name}}}", value)
    return path + {
        "/static": "/site.css",
        "/tasks": "?whose=all",
        "/hosts/texts": f"?of={ids['host_id']}" if route.startswith("GET") else "",
        "/bulletin.json": PERIOD,
        "/quality/provider": "?name=esp-one",
        "/providers/provider": "?name=esp-one",
        "/lists/list": "?name=known",
    }.get(path, "")
