"""What a member does with the public NCMEC client, unchanged; prints what it learnt as JSON.

Runs by itself, with only the client's own packages: ADDRESS USERNAME PASSWORD GUID.
"""

import json
import sys
import time
from types import SimpleNamespace

from threatexchange.exchanges.clients.ncmec.hash_api import (  # pyright: ignore[reportMissingImports] - its own folder
    FeedbackType,
    FingerprintType,
    NCMECHashAPI,
)


def entry(update) -> dict[str, object]:
    return {
        "id": update.id,
        "member": update.member_id,
        "type": update.entry_type.value,
        "deleted": update.deleted,
        "classification": update.classification,
        "fingerprints": update.fingerprints,
        "feedback": {
            kind: [(each.feedback_type.value, each.member.esp_name, each.reason) for each in given]
            for kind, given in update.feedback.items()
        },
    }


def main(address: str, username: str, password: str, guid: str) -> None:
    client = NCMECHashAPI(username, password, SimpleNamespace(value=address))
    me = client.status()
    found = {"me": [me.esp_id, me.esp_name]}
    found["members"] = [[member.esp_id, member.esp_name] for member in client.members()]
    until = int(time.time())
    pages = list(client.get_entries_iter(start_timestamp=0, end_timestamp=until))
    found["pages"] = [len(page.updates) for page in pages]
    found["estimated"] = pages[0].estimated_entries_in_range
    resumed = client.get_entries(
        start_timestamp=0, end_timestamp=until, next_=pages[0].next
    )  # as a client does that kept the link of an unfinished range
    found["resumed"] = [update.id for update in resumed.updates]
    found["entries"] = [entry(update) for page in pages for update in page.updates]
    first = pages[0].updates[0]
    client.submit_upvote(first.member_id, first.id, FingerprintType.md5)
    client.submit_feedback(
        first.member_id, first.id, FingerprintType.pdq, FeedbackType.downvote, guid
    )
    later = client.get_entries(start_timestamp=until, end_timestamp=int(time.time()) + 30)
    found["later"] = [entry(update) for update in later.updates]
    print(json.dumps(found))


main(*sys.argv[1:])
