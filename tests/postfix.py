"""A real Postfix for one run of tests: its own folders, its own port, nothing leaves loopback.

It runs beside a Postfix of the machine, without systemd, and as root, as Postfix has to be
started; another user needs sudo without a password. Every address is delivered into one Maildir,
or thrown away where what is measured is the relay alone.
"""

import contextlib
import email
import email.policy
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

PATIENCE = 60
QUEUES = ("maildrop", "incoming", "active", "deferred", "corrupt", "hold")

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
in_flow_delay = 0
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject
# Postfix of before 2024 takes a bare LF for a line's end: what we send must not depend on it.
smtpd_forbid_bare_newline = no
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/chain.pem
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_transport = {transport}
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A Postfix that runs: `port` speaks STARTTLS, `tls_port` TLS from the first byte.

    Its certificate is for relay.example, localhost and 127.0.0.1, by `authority` (PEM).
    """

    folder: Path
    port: int
    tls_port: int
    authority: str

    @property
    def log(self) -> str:
        """Everything it has logged."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def messages(self) -> list[EmailMessage]:
        """Give what has been delivered, when nothing is on its way any more."""
        self._wait_until_idle()
        files = sorted((self.folder / "mail" / "all" / "new").glob("*"))
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in files
        ]

    def raw_messages(self) -> list[bytes]:
        """Give the bytes of what has been delivered."""
        self._wait_until_idle()
        return [p.read_bytes() for p in sorted((self.folder / "mail" / "all" / "new").glob("*"))]

    def forget(self) -> None:
        """Empty the mailbox."""
        self._wait_until_idle()
        shutil.rmtree(self.folder / "mail" / "all", ignore_errors=True)

    def _wait_until_idle(self) -> None:
        until = time.monotonic() + PATIENCE
        while queued := self._queued():
            if time.monotonic() > until:
                pytest.fail(f"Postfix still has {queued} messages:\n{self.log}", pytrace=False)
            time.sleep(0.01)

    def _queued(self) -> int:
        # A message is moved from one queue to the next: only twice nothing is nothing.
        found = 0
        for _ in range(2):
            for name in QUEUES:
                found += sum(p.is_file() for p in (self.folder / "queue" / name).rglob("*"))
        return found


@contextmanager
def running(*, discard: bool = False) -> Iterator[Postfix]:
    """Run a Postfix; it delivers into a Maildir, or throws away with `discard`."""
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    # Its programs run as different users.
    folder.chmod(0o755)
    try:
        postfix = _configured(folder, discard=discard)
        _command(folder, "start")
        try:
            _wait_for(postfix)
            yield postfix
        finally:
            _command(folder, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configured(folder: Path, *, discard: bool) -> Postfix:
    owner = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
    for name in ("queue", "data", "mail", "etc"):
        (folder / name).mkdir()
    if os.getuid() == 0:
        shutil.chown(folder / "data", "postfix")
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    authority = trustme.CA()
    certificate = authority.issue_cert("relay.example", "localhost", "127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "chain.pem"))
    port, tls_port = _free_ports()
    main = _MAIN.format(
        folder=folder,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        transport="discard" if discard else "virtual",
    )
    (folder / "etc" / "main.cf").write_text(main, encoding="utf-8")
    master = _MASTER.format(port=port, tls_port=tls_port)
    (folder / "etc" / "master.cf").write_text(master, encoding="utf-8")
    return Postfix(folder, port, tls_port, authority.cert_pem.bytes().decode("ascii"))


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as b:
        return one.getsockname()[1], b.getsockname()[1]


def _command(folder: Path, command: str) -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    program = shutil.which("postfix", path=path)
    if program is None:
        pytest.fail(
            "No postfix on PATH. Install it (on Debian: sudo apt-get update && sudo apt-get "
            "install postfix), or run the tests with make test, which does.",
            pytrace=False,
        )
    as_root = [] if os.getuid() == 0 else ["sudo", "-n"]
    done = subprocess.run(
        [*as_root, program, "-c", str(folder / "etc"), command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    if done.returncode:
        log = folder / "log"
        said = log.read_text(encoding="utf-8") if log.exists() else ""
        pytest.fail(f"postfix {command}: {done.stdout}{done.stderr}{said}", pytrace=False)


def _wait_for(postfix: Postfix) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", postfix.port), timeout=PATIENCE) as line,
        ):
            if line.recv(3) == b"220":
                return
        time.sleep(0.02)
    pytest.fail(f"Postfix does not answer:\n{postfix.log}", pytrace=False)
