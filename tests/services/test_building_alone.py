"""A build that is killed leaves the old one, and none reads or fetches anything outside."""

import signal
from pathlib import Path

import pytest

from tests.services.test_building import FIRST, SLUG, append, build, contents, run

KILLED = """
import os, signal
from pathlib import Path
from smakom_mail.cli import main
from smakom_mail.services import building, exchanging

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

{point} = die
main(["build", "januari-2021"])
"""


@pytest.mark.parametrize(
    "point", ["Path.write_bytes", "Path.chmod", "building.put_in_place", "Path.replace"]
)
def test_a_killed_build_leaves_no_part_of_itself(project: Path, point: str) -> None:
    """Without an older build: killed at any step, nothing stands in its place."""
    killed = run(KILLED.format(point=point), project)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not (project / "build" / SLUG).exists()
    build(project)
    assert (project / "build" / SLUG / "manifest.json").is_file()
    assert [path.name for path in (project / "build").iterdir()] == [SLUG]


@pytest.mark.parametrize(
    "point",
    ["Path.write_bytes", "Path.chmod", "building.put_in_place", "exchanging.exchange_names"],
)
def test_a_killed_build_leaves_the_old_one(project: Path, point: str) -> None:
    build(project)
    before = contents(project / "build" / SLUG)
    append(project / FIRST, "\nEtt nytt stycke.\n")

    killed = run(KILLED.format(point=point), project)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert contents(project / "build" / SLUG) == before
    build(project)
    assert b"Ett nytt stycke." in contents(project / "build" / SLUG)["message.txt"]


# --- what it touches -----------------------------------------------------------------------

WATCHED = """
import os, sys, sysconfig
from pathlib import Path

project = Path.cwd().resolve()
own = [Path(p).resolve() for p in {{sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}}]
import smakom_mail
own.append(Path(smakom_mail.__file__).resolve().parents[1] / "smakom_mail")
seen = []

def watch(event, arguments):
    if event.startswith(("socket.", "ssl.", "urllib.", "http.client", "subprocess.", "os.exec",
                         "os.system", "os.posix_spawn", "os.fork", "ftplib.", "smtplib.")):
        seen.append(event)
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        path = Path(os.fsdecode(arguments[0])).resolve()
        if not any(path.is_relative_to(home) for home in [project, *own]):
            seen.append(f"open {{path}}")

from smakom_mail.cli import main
# premailer brings urllib3, which once, at import, binds a socket to loopback to learn whether
# there is IPv6; nothing is sent. From here on there are no sockets at all.
import urllib3.util.connection
sys.addaudithook(watch)
try:
    main({arguments!r}, standalone_mode=False)
finally:
    print("SEEN", sorted(set(seen)))
"""


def test_a_build_opens_no_socket_and_no_file_outside_the_project(project: Path) -> None:
    arguments = ["build", SLUG]

    watched = run(WATCHED.format(arguments=arguments), project, PYTHONDONTWRITEBYTECODE="1")

    assert watched.stdout.splitlines()[-1] == "SEEN []", watched.stdout + watched.stderr
    assert (project / "build" / SLUG / "message.html").is_file()


def test_the_watch_over_a_build_would_see_a_file_outside(project: Path, tmp_path: Path) -> None:
    """A guard that cannot bark is none: with --out elsewhere it does."""
    out = tmp_path / "annanstans"
    arguments = ["build", SLUG, "--out", str(out)]

    watched = run(WATCHED.format(arguments=arguments), project)

    assert f"open {tmp_path}" in watched.stdout.splitlines()[-1]


HUNGRY = """
![Ett torg](../../../utanför.png)

<img src='file:///etc/hostname'> <link rel=stylesheet href='http://127.0.0.1:9/x.css'>

<style>@import url(http://127.0.0.1:9/x.css);</style>

<mj-include path="/etc/hostname" /> {% include "/etc/hostname" %}

![a](http://127.0.0.1:9/a.png)

[a](file:///etc/hostname)
"""


def test_a_text_can_fetch_and_read_nothing(project: Path) -> None:
    append(project / FIRST, HUNGRY)

    watched = run(WATCHED.format(arguments=["build", SLUG, "--draft"]), project)

    assert watched.stdout.splitlines()[-1] == "SEEN []", watched.stdout + watched.stderr
    assert (project / "build" / SLUG / "message.html").is_file()
