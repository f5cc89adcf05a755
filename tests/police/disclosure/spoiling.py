"""Ways to spoil a bundle, each with everything that a verifier must say of it."""

import json
import random
import re
from collections.abc import Callable

from tests.police.disclosure.bundles import KEYS
from tests.police.disclosure.verdicts import as_signed, resigned
from tipbridge.police.disclosure.bag import STATEMENT

Said = set[tuple[str, str, str]]
"""Path, what is wrong with it, and where a renamed file is now."""
Spoil = Callable[[random.Random, dict[str, bytes]], Said]


def one_byte(draw: random.Random, files: dict[str, bytes]) -> Said:
    """One byte of one file is another."""
    path = draw.choice(sorted(path for path, data in files.items() if data))
    data = bytearray(files[path])
    data[draw.randrange(len(data))] ^= draw.randrange(1, 256)
    files[path] = bytes(data)
    return {(path, "changed", "")}


def one_bit(draw: random.Random, files: dict[str, bytes]) -> Said:
    """One bit of a tag file is another: of a signature, a manifest or a card."""
    path = draw.choice(sorted(path for path in files if not path.startswith("data/")))
    data = bytearray(files[path])
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    files[path] = bytes(data)
    return {(path, "changed", "")}


def cut_short(draw: random.Random, files: dict[str, bytes]) -> Said:
    path = draw.choice(sorted(path for path, data in files.items() if data))
    files[path] = files[path][: draw.randrange(len(files[path]))]
    return {(path, "changed", "")}


def grown(draw: random.Random, files: dict[str, bytes]) -> Said:
    path = draw.choice(sorted(files))
    files[path] += draw.choice([b"\n", b" ", b"\0", b"more"])
    return {(path, "changed", "")}


def missing(draw: random.Random, files: dict[str, bytes]) -> Said:
    path = draw.choice(sorted(files))
    del files[path]
    return {(path, "missing", "")}


def extra(draw: random.Random, files: dict[str, bytes]) -> Said:
    path = draw.choice(["data/more.json", "more.txt", "data/findings/more.jsonl", "deep/er/still"])
    files[path] = draw.randbytes(8)
    return {(path, "extra", "")}


def renamed(draw: random.Random, files: dict[str, bytes]) -> Said:
    path = draw.choice(sorted(path for path in files if _is_alone(files, path)))
    now = draw.choice([f"{path}.bak", f"data/{draw.randrange(100)}.bin", path.upper()])
    files[now] = files.pop(path)
    return {(path, "renamed", now)}


def swapped(draw: random.Random, files: dict[str, bytes]) -> Said:
    """Two files of the payload, each under the other's name."""
    alone = sorted(p for p in files if p.startswith("data/") and _is_alone(files, p))
    one, other = draw.sample(alone, 2)
    files[one], files[other] = files[other], files[one]
    return {(one, "changed", ""), (other, "changed", "")}


def reordered(draw: random.Random, files: dict[str, bytes]) -> Said:
    """Lines of a manifest in another order: the same list, and not what was signed."""
    path = draw.choice(["manifest-sha256.txt", "tagmanifest-sha256.txt"])
    lines = files[path].splitlines(keepends=True)
    files[path] = b"".join(reversed(lines))
    return {(path, "changed", "")}


def several(draw: random.Random, files: dict[str, bytes]) -> Said:
    """A file of the payload changed, one missing and one that is too much."""
    alone = sorted(p for p in files if p.startswith("data/") and _is_alone(files, p))
    one, other = draw.sample(alone, 2)
    files[one] += b"x"
    del files[other]
    return {(one, "changed", ""), (other, "missing", ""), *extra(draw, files)}


def bad_head(draw: random.Random, files: dict[str, bytes]) -> Said:
    """A file that leaves sealed has no head of age, or one of another key; all of it is signed so."""
    sealed = sorted(path for path in files if path.startswith("data/sealed/"))
    if not sealed:
        return set()
    path = draw.choice(sealed)
    spoiled = draw.choice(_HEADS)(draw, files[path])
    assert spoiled != files[path]
    files |= as_signed(files | {path: spoiled})
    return {("data/sealed.json", "contradicts", "")}


_HEADS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda draw, data: data.replace(b"org/v1", b"org/v%d" % draw.randrange(2, 99), 1),
    lambda draw, data: data.replace(b"-> X25519", b"-> " + draw.choice(_OTHER_KINDS), 1),
    lambda _, data: re.sub(rb"(-> X25519 .*\n.*\n)", rb"\1\1", data, count=1),
    lambda draw, data: re.sub(
        rb"\n--- .*\n", lambda mac: mac[0][: -1 - draw.randrange(1, 20)] + b"\n", data, count=1
    ),
    lambda draw, data: data.replace(b"\n--- ", b"\n%d\n--- " % draw.randrange(10**6), 1),
    lambda draw, data: data[draw.randrange(1, 20) :],
    lambda draw, data: data[: -draw.randrange(1, 17)],
    lambda draw, data: data + draw.randbytes(draw.randrange(1, 17)),
)
_OTHER_KINDS = (b"scrypt", b"ssh-ed25519", b"p256tag", b"x25519", b"X25519x")


def other_format(draw: random.Random, files: dict[str, bytes]) -> Said:
    """A statement, signed as it should be, whose format no bundle has, or is no text at all."""
    formats: tuple[object, ...] = ([], {}, ["tipbridge-disclosure/4"], 3, None, "")
    files |= resigned(files, KEYS, format=draw.choice(formats))
    return {(STATEMENT, "changed", "")}


def dangling(draw: random.Random, files: dict[str, bytes]) -> Said:
    """A result of an action is nowhere, or is nothing; all of it is signed so."""
    path = "data/case.jsonld"
    graph = json.loads(files[path])
    actions = [node for node in graph["@graph"] if node["@type"].endswith(":InvestigativeAction")]
    if not actions:
        return set()
    results = draw.choice(actions)["uco-action:result"]
    results.insert(draw.randrange(len(results) + 1), draw.choice(({"@id": "kb:nowhere"}, {}, 5)))
    files |= as_signed(files | {path: json.dumps(graph).encode()})
    return {(path, "contradicts", "")}


def less_in_favour(draw: random.Random, files: dict[str, bytes]) -> Said:
    """Something that staff put on record for somebody is gone or another's; all of it is signed so."""
    path = "data/favours.json"
    said = json.loads(files[path])
    one = said["people"][0]
    draw.choice(
        (
            lambda: one["favours"].pop(0),
            lambda: one["favours"][0].update(via=draw.randbytes(16).hex()),
            lambda: one["defence"].pop(draw.randrange(2)),
            lambda: one["defence"][0].update(answer=None),
            lambda: one["corrections"].pop(draw.randrange(2)),
            lambda: said["people"].pop(0),
            lambda: said["elsewhere"].append(one["favours"][0]["via"]),
        )
    )()
    files |= as_signed(files | {path: json.dumps(said).encode()})
    return {(path, "contradicts", "")}


def untouched(draw: random.Random, files: dict[str, bytes]) -> Said:
    return set()


def _is_alone(files: dict[str, bytes], path: str) -> bool:
    """Whether no other file has the same bytes, so that a name tells which one it was."""
    return sum(data == files[path] for data in files.values()) == 1


WAYS: tuple[Spoil, ...] = (
    one_byte,
    one_bit,
    cut_short,
    grown,
    missing,
    extra,
    renamed,
    swapped,
    reordered,
    several,
    bad_head,
    other_format,
    dangling,
    less_in_favour,
    untouched,
)
