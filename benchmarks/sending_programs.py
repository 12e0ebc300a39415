"""The relays that are sent to, and the programs that send: each in a process of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.npm import HERE
from benchmarks.people import run
from benchmarks.sending_letters import Letters
from benchmarks.sending_ours import Taken
from benchmarks.sending_peers import MISSING

CONNECTIONS = 10
FAR_SECONDS = 0.01
"""How much later a byte arrives at the other end of a far connection: half a round trip."""
_SERVERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
_PATIENCE = 30


class PeerMissingError(Exception):
    """Something cannot be measured here; the message names what is missing."""


def found(program: str) -> str:
    """Give the path of a program that Debian keeps where only root's PATH leads."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *_SERVERS))
    if (place := shutil.which(program, path=path)) is None:
        raise PeerMissingError(f"{program} (of Postfix)")
    return place


# ------------------------------------------------------------------------------------ the relays


@contextmanager
def _serving(name: str, *words: str) -> Iterator[int]:
    """Run a program beside this file that prints the port on which it serves."""
    command = [sys.executable, str(HERE / name), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            if not line:
                raise SystemExit(f"{name} does not serve")
            yield int(line)
        finally:
            process.kill()


@contextmanager
def fast_sink(certificate: Path | None = None) -> Iterator[int]:
    """Run the sink that is faster than what is measured, with TLS where it has a certificate."""
    with _serving("sending_sink.py", *([str(certificate)] if certificate else [])) as port:
        yield port


@contextmanager
def far(port: int, seconds: float = FAR_SECONDS) -> Iterator[int]:
    """Give a port that leads to `port` over a wire on which everything takes its time."""
    with _serving("sending_delay.py", str(port), str(seconds)) as other:
        yield other


def taken_by_sink(port: int) -> int:
    """Ask the fast sink how many messages it has taken."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as line,
        line.makefile("rb") as answers,
    ):
        answers.readline()
        line.sendall(b"XCOUNT\r\n")
        return int(answers.readline().split()[1])


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Run Postfix's own sink."""
    program = found("smtp-sink")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [program, *user, f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"nothing serves on port {port}")


# ----------------------------------------------------------------------------------- the senders


def by_smtp_source(
    letters: Letters, port: int, number: int, connections: int = CONNECTIONS
) -> Taken:
    """Send with Postfix's own generator: the same bytes every time, to another name each."""
    command = [found("smtp-source"), "-d", "-N", "-s", str(connections), "-m", str(number)]
    addresses = ["-f", letters.frozen.sender[1], "-t", "reader@kommun.example"]
    used = run([*command, *addresses, "-F", str(letters.source), f"127.0.0.1:{port}"], letters.root)
    return Taken(number, used.wall, used.cpu, used.peak)


def by_us(
    root: Path,
    port: int,
    number: int = 0,
    connections: int = CONNECTIONS,
    *options: str,
) -> Taken:
    """Send with smakom-mail, to `number` of those who are there (0: to all)."""
    words = ["--port", str(port), "--connections", str(connections), "--limit", str(number)]
    command = [sys.executable, "-m", "benchmarks.sending_ours", str(root), *words, *options]
    return _said(command)


def by_library(name: str, letters: Letters, port: int, number: int) -> Taken:
    """Send with another Python library."""
    words = [name, str(letters.peers), str(port), str(number)]
    return _said([sys.executable, str(HERE / "sending_peers.py"), *words], missing=name)


def by_nodemailer(letters: Letters, port: int, number: int) -> Taken:
    """Send with nodemailer, pooled."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "nodemailer").is_dir():
        raise PeerMissingError("nodemailer" if node else "node")
    return _said([node, str(HERE / "sending.mjs"), str(letters.peers), str(port), str(number)])


def _said(command: list[str], missing: str = "") -> Taken:
    """Run a sender to its end; it prints what the sending alone took."""
    done = subprocess.run(
        command, cwd=HERE.parent, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode == MISSING and missing:
        raise PeerMissingError(missing)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return Taken(**json.loads(done.stdout.splitlines()[-1]))
