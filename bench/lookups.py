"""Look-ups over HTTP at a running node: ten million PDQ hashes, signed in, each one recorded.

The peer is a figure, not a run: HMA (Meta's hasher-matcher-actioner, commit baefb4ed) answered 258
requests a second at `/m/raw_lookup` with 300 hashes on the same kind of machine. Ours asks one
process at random, half of the questions planted at a distance of 0 to 31; the client is a process
of its own on plain sockets. The list's index files are made from a seed; its ten million rows are
not in the database, which look-ups of providers never read.

`HASHES=100000 SECONDS=5 make bench BENCH=lookups` is a shorter form.
"""

import base64
import json
import os
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.claims import Measured
from bench.lifecycle import free_port
from tipbridge.knowledge.hashes.engine import near

HASHES = int(os.environ.get("HASHES", "10000000"))
SECONDS = float(os.environ.get("SECONDS", "10"))
TURNS, CLIENTS, QUESTIONS = 7, int(os.environ.get("CLIENTS", "48")), 20_000
HMA_PER_SECOND, GOAL_PER_SECOND = 258, 3_000
USERNAME, PASSWORD, LIST = "bench", "bench-password", "known"
SEED, RADIUS_BITS = 20140101, 31
PROGRAM = (sys.executable, "-m", "tipbridge")


def measure(folder: Path) -> Iterator[Measured]:
    """One claim."""
    data = folder / "node"
    environ = {name: value for name, value in os.environ.items() if "TIPBRIDGE" not in name}
    environ |= {
        "XDG_STATE_HOME": str(folder / "state"),
        "TIPBRIDGE_MATCH_ITEMS_PER_MINUTE": "1000000000",
    }
    make_node(data, folder, environ)
    hashes = np.random.default_rng(SEED).integers(0, 256, (HASHES, 32), np.uint8)
    built = time.perf_counter()
    _fill(data, hashes)
    built = time.perf_counter() - built
    (folder / "questions").write_bytes(_questions(hashes))
    del hashes
    port = free_port()
    with (folder / "node.log").open("wb") as log:
        node = subprocess.Popen(
            [*PROGRAM, "up", "--data", str(data), "--port", str(port)],
            env=environ, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert node.stdout is not None
        try:
            if not node.stdout.readline().startswith(b"ready"):
                raise RuntimeError((folder / "node.log").read_text()[-2000:])
            _ask(port, folder / "questions", 0.0)  # the password is verified, the engine warm
            _ask(port, folder / "questions", 2.0)
            turns = [_turn(node.pid, port, folder / "questions") for _ in range(TURNS)]
        finally:
            node.terminate()
            node.wait(60)
    rate, cpu, longest = (statistics.median(each) for each in zip(*turns, strict=True))
    rates = ", ".join(f"{each:,.0f}" for each, _, _ in turns)
    yield Measured(
        words=f"look-ups per second over HTTP, {HASHES:,} hashes / HMA's {HMA_PER_SECOND} with 300",
        ratio=rate / HMA_PER_SECOND,
        least=GOAL_PER_SECOND / HMA_PER_SECOND,
        notes=(
            f"{rates} requests a second by one process, {CLIENTS} connections, {os.cpu_count()} cores;",
            f"{rate / cpu:,.0f} for each CPU second of it; longest answer {longest * 1000:.0f} ms;",
            f"every one signed in, recorded and right; index built in {built:.0f} s",
        ),
    )


def make_node(data: Path, folder: Path, environ: dict[str, str]) -> None:
    """A synthetic clearinghouse with one provider and a small list in effect."""

    def run(*words: str, feed: str = "") -> None:
        subprocess.run(
            [*PROGRAM, *words, "--data", str(data)], check=True, env=environ, input=feed,
            text=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    run("init", "--profile", "clearinghouse", "--node-id", "us.bench", "--name", "Bench",
        "--synthetic")  # fmt: skip
    run("providers", "add", "--name", "bench", "--username", USERNAME, "--password-stdin",
        feed=PASSWORD)  # fmt: skip
    for name in ("one", "two"):
        run("staff", "add", "--username", name, "--role", "analyst", "--password-stdin",
            feed=PASSWORD)  # fmt: skip
    run("lists", "add", "--name", LIST, "--owner", "Bench", "--purpose", "known-material")
    (folder / "list").write_text("pdq,mark\n" + "0f" * 32 + ",A1\n", "utf-8")
    run("lists", "import", LIST, str(folder / "list"), "--as", "one")
    run("lists", "activate", LIST, "--as", "two")
    run("match", "--digest", f"pdq:{'0f' * 32}", "--as", "one")


def _fill(data: Path, hashes: NDArray[np.uint8]) -> None:
    """Put an index of these hashes in the place of the small one."""
    (manifest_path,) = (data / "lists").glob("*/*/manifest.json")
    near.build(manifest_path.with_name("near"), hashes, np.arange(len(hashes), dtype=np.uint32))
    np.save(manifest_path.with_name("near.ids"), np.zeros(len(hashes), np.int64))
    np.save(manifest_path.with_name("near.marks"), np.ones(len(hashes), np.uint16))
    manifest = json.loads(manifest_path.read_text("utf-8"))
    manifest["parts"]["near"]["rows"] = len(hashes)
    manifest_path.write_text(json.dumps(manifest), "utf-8")


def _questions(hashes: NDArray[np.uint8]) -> bytes:
    """Bodies of requests, each with the answer it must get: half are planted, half random."""
    random = np.random.default_rng(SEED + 1)
    lines: list[str] = []
    for number in range(QUESTIONS):
        planted = number % 2 == 0
        if planted:
            bits = np.unpackbits(hashes[random.integers(len(hashes))])
            bits[random.choice(256, int(random.integers(RADIUS_BITS + 1)), replace=False)] ^= 1
            hash_ = np.packbits(bits)
        else:
            hash_ = random.integers(0, 256, 32, np.uint8)
        lines.append(f"{int(planted)}{hash_.tobytes().hex()}")
    return "\n".join(lines).encode()


def _turn(pid: int, port: int, questions: Path) -> tuple[float, float, float]:
    """Requests a second, CPU seconds of the node's process a second, and the longest answer."""
    before = _cpu_seconds(pid)
    count, seconds, longest = _ask(port, questions, SECONDS)
    return count / seconds, (_cpu_seconds(pid) - before) / seconds, longest


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(port: int, questions: Path, seconds: float) -> tuple[int, float, float]:
    """Have a process of its own ask for so long."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.lookups", str(port), str(questions), str(seconds)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    count, took, longest = done.stdout.split()
    return int(count), float(took), float(longest)


def ask_for_a_while(port: int, questions: Path, seconds: float) -> tuple[int, float, float]:
    """As little of a client as can be: one request on each connection at any time."""
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    requests: list[tuple[bytes, bytes]] = []
    for line in questions.read_text().splitlines():
        body = f'{{"items":[{{"pdq":"{line[1:]}"}}]}}'
        head = (
            f"POST /api/v1/match HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Basic {pair}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        wanted = b'"hit": true' if line[0] == "1" else b'"hit": false'
        requests.append(((head + body).encode(), wanted))
    poll, sockets = select.epoll(), dict[int, socket.socket]()
    asked: dict[int, tuple[bytes, float]] = {}
    turn, count, longest = os.getpid(), 0, 0.0
    for _ in range(CLIENTS):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLIN)
    begun = time.perf_counter()
    for one in sockets.values():
        turn += 1
        request, wanted = requests[turn % len(requests)]
        asked[one.fileno()] = (wanted, begun)
        one.sendall(request)
    while (now := time.perf_counter()) < begun + seconds or not count:
        for descriptor, _ in poll.poll(1.0):
            answer = sockets[descriptor].recv(65536)
            while not answer.endswith(b"}"):
                answer += sockets[descriptor].recv(65536)
            wanted, since = asked[descriptor]
            if not answer.startswith(b"HTTP/1.1 200") or wanted not in answer:
                raise RuntimeError(f"not the answer that was wanted, {wanted!r}: {answer!r}")
            count, longest = count + 1, max(longest, now - since)
            turn += 1
            request, wanted = requests[turn % len(requests)]
            asked[descriptor] = (wanted, time.perf_counter())
            sockets[descriptor].sendall(request)
    return count, time.perf_counter() - begun, longest


if __name__ == "__main__":
    print(*ask_for_a_while(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
