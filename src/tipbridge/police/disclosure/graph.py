"""A bundle's content as CASE/UCO JSON-LD, so that other agencies' tools read it.

CASE has no property for a case's number and none that relates numbers of several agencies; they
stand as external references of the investigation, each with its agency.
"""

from collections.abc import Iterator

from tipbridge.police.disclosure.limits import KNOWN_LIMITS
from tipbridge.police.disclosure.model import Content, Json
from tipbridge.sharing.exchange.ontology import Nodes, moment

_TOLD_ANYHOW = frozenset({"imaged", "examined"})
"""Events that an acquisition or an examination tells better, unless the chain has a fault there."""


def graph_of(content: Content) -> Json:
    """The graph: investigation, exhibits, images, tools, people, actions and their records."""
    return _Graph(content).whole()


class _Graph:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._nodes = Nodes(f"urn:tipbridge:disclosure:{content.head['disclosure']}:")
        self._id, self._add = self._nodes.id, self._nodes.add
        self._content_facet = self._nodes.content_facet

    def whole(self) -> Json:
        """Everything, the investigation last as it names the others."""
        for exhibit in self._content.exhibits:
            self._exhibit(exhibit)
        for event in self._content.custody:
            if event["kind"] not in _TOLD_ANYHOW or event["faults"] or event["reason"]:
                self._custody(event)
        for made in self._content.acquisitions:
            self._acquisition(made)
        for done in self._content.examinations:
            self._examination(done)
        for begun in self._content.unfinished:
            self._unfinished(begun)
        self._add(self._investigation())
        return self._nodes.whole()

    def _investigation(self) -> Json:
        head = self._content.head
        return {
            "@id": self._id("investigation", head["case"]["id"]),
            "@type": "case-investigation:Investigation",
            "uco-core:name": head["case"]["number"],
            "uco-core:externalReference": [
                {
                    "@id": self._id("reference", agency, number),
                    "@type": "uco-core:ExternalReference",
                    "uco-core:definingContext": agency,
                    "uco-core:externalIdentifier": number,
                }
                for agency, number in head["case"]["numbers"]
            ],
            "uco-core:object": [{"@id": each} for each in self._nodes.known],
        }

    def _exhibit(self, exhibit: Json) -> None:
        seizure = exhibit["seizure"]
        self._add(
            {
                "@id": self._id("exhibit", exhibit["id"]),
                "@type": "uco-observable:ObservableObject",
                "uco-core:name": exhibit["mark"],
                "uco-core:description": [
                    each for each in (exhibit["description"], exhibit["identifiers"]) if each
                ],
            }
        )
        self._add(
            {
                "@id": self._id("authority", seizure["authority"]),
                "@type": "case-investigation:Authorization",
                "uco-core:name": seizure["authority"],
            }
        )

    def _person(self, name: str) -> Json:
        return self._add(
            {
                "@id": self._id("identity", name),
                "@type": "uco-identity:Identity",
                "uco-core:name": name,
            }
        )

    def _tools(self, text: str, *, ours: bool = True) -> list[Json]:
        """`tipbridge 0.1.0, pytsk3 20260715`: each with its version and known limits.

        Shape: what is not ours is one tool as its user wrote it, the version behind its name.
        """
        found: list[Json] = []
        for each in text.split(", ") if ours else [text]:
            name, _, version = each.partition(" ") if ours else each.rpartition(" ")
            name = name or each
            tool: Json = {
                "@id": self._id("tool", each),
                "@type": "uco-tool:Tool",
                "uco-core:name": name,
                "uco-tool:version": version,
                "uco-tool:toolType": "forensic",
            }
            limits = KNOWN_LIMITS.get(name, ())
            if limits:
                tool["uco-core:description"] = [f"Known limit: {limit}" for limit in limits]
            found.append(self._add(tool))
        return found

    def _record(self, exhibit_id: str, of: list[Json], *names: object) -> Json:
        exhibit = next(each for each in self._content.exhibits if each["id"] == exhibit_id)
        return self._add(
            {
                "@id": self._id("provenance", *names),
                "@type": "case-investigation:ProvenanceRecord",
                "uco-core:description": ["Provenance of " + "/".join(map(str, names))],
                "case-investigation:exhibitNumber": exhibit["mark"],
                "uco-core:object": of,
            }
        )

    def _action(self, name: str, at: str, exhibit_id: str, *names: object) -> Json:
        exhibit = {"@id": self._id("exhibit", exhibit_id)}
        return {
            "@id": self._id("action", *names),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": name,
            "uco-action:startTime": moment(at),
            "uco-action:object": [exhibit],
            "uco-action:result": [self._record(exhibit_id, [exhibit], *names)],
        }

    def _custody(self, event: Json) -> None:
        names = ("custody", event["exhibit_id"], event["position"])
        action = self._action(event["kind"], event["at"], event["exhibit_id"], *names)
        said = [
            f"{side}: {event[side]}"
            for side in ("giver", "taker", "detail", "reason")
            if event.get(side)
        ]
        said += [f"fault: {fault}" for fault in event["faults"]]
        action["uco-core:description"] = said
        performer = event["taker"] if event["kind"] in {"seized", "received"} else event["giver"]
        if performer:
            action["uco-action:performer"] = self._person(performer)
        if event["kind"] == "seized":
            seizure = next(
                each["seizure"]
                for each in self._content.exhibits
                if each["id"] == event["exhibit_id"]
            )
            action["case-investigation:relevantAuthorization"] = [
                {"@id": self._id("authority", seizure["authority"])}
            ]
        self._add(action)

    def _image(self, name: str, size: int, digests: Json) -> Json:
        return self._add(
            {
                "@id": self._id("image", name, digests["sha256"]),
                "@type": "uco-observable:ObservableObject",
                "uco-core:hasFacet": [
                    self._content_facet((name, digests["sha256"]), size, digests)
                ],
            }
        )

    def _acquisition(self, made: Json) -> None:
        names = ("acquisition", made["id"])
        action = self._action("imaged", made["at"], made["exhibit_id"], *names)
        if made["finished_at"] is None:
            action["uco-core:description"] = ["not finished"]
        else:
            action["uco-action:endTime"] = moment(made["finished_at"])
            image = self._image(made["image"], made["size_bytes"], made["digests"])
            action["uco-action:result"] += [image, self._record(made["exhibit_id"], [image], "image", made["id"])]  # fmt: skip
        self._worked(action, made)

    def _examination(self, done: Json) -> None:
        names = ("examination", done["id"])
        action = self._action("examined", done["at"], done["exhibit_id"], *names)
        action["uco-core:description"] = [
            f"{name}: {done[name]}"
            for name in (
                "verdict",
                "total",
                "processed",
                "unprocessed",
                "findings",
                "items",
                "near",
            )
        ]
        action["uco-core:description"] += [
            f"{each['kind']}: {each['detail']}" for each in done.get("doubts", ())
        ]
        action["uco-core:description"] += [
            f"searched: {each['list']}, version {each['version']}, {each['entries']} entries,"
            f" from entry {told['since_entries'] + 1} on"
            for told in done.get("searched", ())
            for each in told["lists"]
        ]
        if done["sha256_before"]:
            medium = done.get("medium") or {"digests": {"sha256": done["sha256_before"]}}
            digests = medium["digests"]
            action["uco-core:description"] += _stored(medium)
            image = self._image(done["source"], done["medium_bytes"], digests)
            action["uco-action:object"].append(image)
        found = [self._finding(done["id"], each) for each in self._content.findings[done["id"]]]
        if found:
            record = self._record(done["exhibit_id"], found, "findings", done["id"])
            action["uco-action:result"] += [*found, record]
        self._worked(action, done)

    def _unfinished(self, begun: Json) -> None:
        """An examination that was begun: how far it came, and whether somebody gave it up and why."""
        action = self._action(
            "examined", begun["at"], begun["exhibit_id"], "examination", begun["id"]
        )
        left = begun["given_up"]
        action["uco-core:description"] = [
            "not finished",
            *(f"{name}: {begun[name]}" for name in ("bytes_read", "entries", "findings")),
            *([f"given up: {left['reason']}"] if left else ()),
        ]
        if left:
            action["uco-action:endTime"] = moment(left["at"])
        if begun["sha256_before"]:
            digests = {"sha256": begun["sha256_before"]}
            image = self._image(begun["source"], begun["medium_bytes"], digests)
            action["uco-action:object"].append(image)
        self._worked(action, begun)

    def _finding(self, examination: str, file: Json) -> Json:
        """A file that stands on a list: where it lay, its digests, and what says so."""
        names = (examination, file["number"])
        said = [f"finding: {file['finding']}", f"state: {file['state']}, place: {file['place']}"]
        said += [
            f"list: {hit['list']}, class: {hit['class']}, votes: {hit['confidence']},"
            f" by: {hit['by']}, bits of 256 that differ: {hit['distance_bits']}"
            for hit in file["hits"]
        ]
        if file["may_be_overwritten"]:
            said.append("may be overwritten")
        return self._add(
            {
                "@id": self._id("finding", *names),
                "@type": "uco-observable:ObservableObject",
                "uco-core:description": said,
                "uco-core:hasFacet": [
                    {
                        "@id": self._id("file-facet", *names),
                        "@type": "uco-observable:FileFacet",
                        "uco-observable:filePath": file["path"],
                    },
                    self._content_facet(names, file["size_bytes"], file),
                ],
            }
        )

    def _worked(self, action: Json, by: Json) -> None:
        action["uco-action:performer"] = self._person(by["examiner"])
        action["uco-action:instrument"] = self._tools(by["tool"], ours="recorded" not in by)
        self._add(action)


def _stored(medium: Json) -> list[str]:
    """What the image's maker wrote down of it."""
    stored = medium.get("stored", {})
    digests = [f"stored {name}: {text}" for name, text in stored.items() if text]
    return [*digests, *medium.get("header", ()), *medium.get("notes", ())]


def actions_without_record(graph: Json) -> Iterator[str]:
    """The actions of a graph none of whose results is a provenance record.

    Errors: KeyError, TypeError for a graph of another shape, as where a result is not among its nodes.
    """
    nodes = {node["@id"]: node for node in graph["@graph"]}
    for name, node in nodes.items():
        if node["@type"] != "case-investigation:InvestigativeAction":
            continue
        results = [nodes[each["@id"]]["@type"] for each in node["uco-action:result"]]
        if "case-investigation:ProvenanceRecord" not in results:
            yield name
