"""The secret: from the environment or a file of its own, safe from others, never shown."""

import os
import shlex
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smakom_mail.config import Config
from smakom_mail.services import secrets
from smakom_mail.services.secrets import (
    SecretInUse,
    SecretRefusedError,
    inspect_secret,
    open_keyring,
    refuse_access,
    rotate_secret,
)
from smakom_mail.services.workplace import Workplace
from smakom_mail.tokens import Keyring
from tests.repositories import add, git, repository

CANARY = "kanariefageln-sjunger-inte-i-loggen"
OLDER = "en-aldre-hemlighet-som-ar-lang-nog-1"
OLDEST = "den-aldsta-hemligheten-av-dem-alla-2"
ADVICE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give an empty project; its name has to be quoted in a shell."""
    folder = tmp_path / "ett brev"
    folder.mkdir()
    return folder


def place(root: Path) -> Workplace:
    return Workplace(root, Config(), ())


def opened(root: Path, environment: Mapping[str, str] = {}, *, create: bool = True) -> Keyring:
    return open_keyring(place(root), environment, create=create)


def written(root: Path, content: str | bytes, mode: int = 0o600) -> Path:
    """Write var/secret as somebody might."""
    path = root / "var/secret"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def refused(root: Path, environment: Mapping[str, str] = {}) -> tuple[str, str]:
    """Give the sentence and the hint of a refusal that shows no secret anywhere."""
    with pytest.raises(SecretRefusedError) as raised:
        opened(root, environment)
    for shown in everything_said(raised.value):
        for piece in (CANARY, OLDER, OLDEST, CANARY[:16], CANARY[16:]):
            assert piece not in shown
    return raised.value.message, raised.value.hint


def everything_said(error: BaseException | None) -> Iterator[str]:
    """Yield all that an exception and what led to it would print."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        yield from traceback.format_exception(error)
        error = error.__cause__ or error.__context__


def mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


# ------------------------------------------------------------------------------ the environment


def test_the_environment_comes_first_and_makes_no_file(root: Path) -> None:
    ring = opened(root, {"SMAKOM_MAIL_SECRET": f" {CANARY}\n"})

    assert ring == Keyring((CANARY.encode(),))
    assert list(root.iterdir()) == []


def test_older_secrets_stand_behind_it_with_commas_between(root: Path) -> None:
    environment = {
        "SMAKOM_MAIL_SECRET": CANARY,
        "SMAKOM_MAIL_SECRETS_OLD": f"{OLDER} , {OLDEST},,{CANARY}",
    }

    assert opened(root, environment).keys == tuple(
        secret.encode() for secret in (CANARY, OLDER, OLDEST)
    )


def test_older_secrets_of_the_environment_stand_behind_those_of_the_file(root: Path) -> None:
    """Who moves from the environment to the file loses nothing on the way."""
    written(root, f"{CANARY}\n{OLDER}\n")

    assert opened(root, {"SMAKOM_MAIL_SECRETS_OLD": OLDEST}).keys == tuple(
        secret.encode() for secret in (CANARY, OLDER, OLDEST)
    )


def test_a_secret_is_the_same_in_the_environment_and_in_a_file(root: Path) -> None:
    written(root, f"\ufeff {CANARY} \r\n\r\n{OLDER}")

    environment = {"SMAKOM_MAIL_SECRET": CANARY, "SMAKOM_MAIL_SECRETS_OLD": OLDER}
    assert opened(root) == opened(root, environment)


@pytest.mark.parametrize(
    "secret", ["x" * 32, "å" * 32, "a b, c" * 8, '"' * 40, "🔑" * 32, f"  {'y' * 32}  "]
)
def test_any_32_characters_are_a_secret(root: Path, secret: str) -> None:
    assert opened(root, {"SMAKOM_MAIL_SECRET": secret}).keys == (secret.strip().encode(),)


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", "has fewer than 32 characters"),
        (" " * 40, "has fewer than 32 characters"),
        (CANARY[:31], "has fewer than 32 characters"),
        (f"{CANARY}\n{OLDER}", "holds a line break or another control character"),
        (f"{CANARY}\0{OLDER}", "holds a line break or another control character"),
        (f"{CANARY}\udcff", "is not UTF-8"),
    ],
)
def test_a_secret_of_the_environment_that_cannot_be_used_is_refused(
    root: Path, secret: str, fault: str
) -> None:
    written(root, OLDER)

    assert refused(root, {"SMAKOM_MAIL_SECRET": secret}) == (
        f"the secret in SMAKOM_MAIL_SECRET {fault}",
        f"make one: {ADVICE}",
    )


def test_an_older_secret_that_cannot_be_used_is_named_by_its_number(root: Path) -> None:
    environment = {"SMAKOM_MAIL_SECRET": CANARY, "SMAKOM_MAIL_SECRETS_OLD": f"{OLDER},{OLDEST[:9]}"}

    assert refused(root, environment) == (
        "secret 2 in SMAKOM_MAIL_SECRETS_OLD has fewer than 32 characters",
        f"make one: {ADVICE}",
    )


def test_the_command_that_is_named_makes_a_secret(root: Path) -> None:
    made = subprocess.run(shlex.split(ADVICE), capture_output=True, text=True, check=True).stdout

    assert opened(root, {"SMAKOM_MAIL_SECRET": made}).keys == (made.strip().encode(),)
    assert len(made.strip()) == 64


# ------------------------------------------------------------------------------------- the file


def test_the_file_is_made_at_first_need_for_its_owner_alone(root: Path) -> None:
    before = os.umask(0)
    try:
        first = opened(root)
    finally:
        os.umask(before)

    path = root / "var/secret"
    assert (mode(path), mode(path.parent)) == ("0600", "0700")
    assert path.read_bytes() == first.keys[0] + b"\n"
    assert len(first.keys[0]) == 64
    assert [found.name for found in path.parent.iterdir()] == ["secret"]
    assert opened(root) == first


def test_a_folder_that_is_there_keeps_its_mode_and_its_files(root: Path) -> None:
    (root / "var").mkdir(mode=0o750)
    (root / "var/smakom-mail.db").touch()

    opened(root)

    assert mode(root / "var") == "0750"
    assert sorted(found.name for found in (root / "var").iterdir()) == ["secret", "smakom-mail.db"]


def test_two_projects_have_two_secrets(root: Path, tmp_path: Path) -> None:
    (tmp_path / "annat").mkdir()

    assert opened(root) != opened(tmp_path / "annat")


def test_where_people_are_recorded_no_new_secret_is_made(root: Path) -> None:
    with pytest.raises(SecretRefusedError) as raised:
        opened(root, create=False)

    assert raised.value.message == "there is no secret: var/secret is missing"
    assert raised.value.hint == (
        "put back your copy of it, or set SMAKOM_MAIL_SECRET: a new one would know neither the "
        "links that are out nor those who have said no"
    )
    assert list(root.iterdir()) == []


PROGRAM = """
import sys
from pathlib import Path
from smakom_mail.config import Config
from smakom_mail.services import secrets
from smakom_mail.services.workplace import Workplace
{patch}
here = Workplace(Path.cwd(), Config(), ())
print("ready", flush=True)
sys.stdin.readline()
{action}
"""
OPEN = 'print(secrets.open_keyring(here, {}).fingerprint("kim"))'
ROTATE = "secrets.rotate_secret(here, {})"


def at_once(root: Path, number: int, action: str, patch: str = "") -> set[str]:
    """Run `action` in so many processes that stand ready; give what they said."""
    program = [sys.executable, "-c", PROGRAM.format(patch=patch, action=action)]
    running = [
        subprocess.Popen(
            program, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(number)
    ]
    for each in running:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin
        each.stdin.write("now\n")
        each.stdin.flush()
    said = {each.communicate(timeout=60)[0] for each in running}
    assert [each.returncode for each in running] == [0] * number
    return said


def killed_at(root: Path, point: str, action: str) -> None:
    """Run `action` in a process that is killed when it comes to `point`."""
    program = PROGRAM.format(patch=DIE.format(point=point), action=action)
    killed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        input="now\n",
        text=True,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr


WITHOUT_LINKS = """
import os
def no_links(*_, **__):
    raise PermissionError(1, "Operation not permitted")
os.link = no_links
"""


@pytest.mark.parametrize("patch", ["", WITHOUT_LINKS], ids=["links", "no-links"])
def test_processes_that_need_it_first_at_once_get_the_same(root: Path, patch: str) -> None:
    for _ in range(3):
        (root / "var/secret").unlink(missing_ok=True)

        said = at_once(root, 6, OPEN, patch)

        assert said == {opened(root).fingerprint("kim") + "\n"}
        assert [found.name for found in (root / "var").iterdir()] == ["secret"]


DIE = """
import os, signal
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{point} = die
"""


@pytest.mark.parametrize("point", ["os.fsync", "os.link", "secrets.Path.unlink"])
def test_a_killed_process_leaves_a_whole_secret_or_none(root: Path, point: str) -> None:
    (root / "var").mkdir()

    killed_at(root, point, OPEN)

    assert (root / "var/secret").exists() == (point == "secrets.Path.unlink")
    assert len(opened(root).keys[0]) == 64


def test_file_and_folder_are_made_durable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    opened(root)

    inodes = [path.stat().st_ino for path in (root, root / "var/secret", root / "var")]
    assert synced == inodes


def test_what_root_makes_belongs_to_the_owner_of_the_project(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs as root over the editor's own folder."""
    given: list[tuple[str, int, int]] = []
    owner = root.stat()

    def watched(path: Path, uid: int, gid: int) -> None:
        given.append((path.name[:8], uid, gid))

    monkeypatch.setattr(os, "chown", watched)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    opened(root)
    rotate_secret(place(root), {})

    assert given == [(name, owner.st_uid, owner.st_gid) for name in ("var", ".secret-", ".secret-")]


# ------------------------------------------------------------------------------ a file refused


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660, 0o601, 0o610, 0o620, 0o777])
def test_a_file_that_others_can_reach_is_refused_with_the_command(root: Path, bits: int) -> None:
    path = written(root, CANARY, bits)

    sentence, hint = refused(root)

    assert sentence == f"others can reach var/secret: its mode is {bits:04o}"
    command, _, rest = hint.partition(" (")
    assert command == f"chmod 600 '{path}'"
    assert rest == "on a disk without modes: set SMAKOM_MAIL_SECRET instead)"
    subprocess.run(shlex.split(command), check=True)
    assert opened(root).keys == (CANARY.encode(),)


def test_a_file_for_its_owner_to_read_only_is_taken(root: Path) -> None:
    written(root, CANARY, 0o400)

    assert opened(root).keys == (CANARY.encode(),)


def test_a_file_of_somebody_else_is_refused_unless_the_project_is_theirs_too(root: Path) -> None:
    path = written(root, CANARY)
    mine = path.stat()
    theirs = os.stat_result((*mine[:4], mine.st_uid + 4711, *mine[5:]))

    with pytest.raises(SecretRefusedError) as raised:
        refuse_access(path, theirs, mine)
    assert raised.value.message == (
        "var/secret belongs neither to you nor to the owner of the project's folder"
    )
    assert raised.value.hint == f"sudo chown {os.geteuid()} '{path}'"

    refuse_access(path, theirs, theirs)
    refuse_access(path, mine, theirs)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "var/secret is empty"),
        ("\ufeff \r\n\n", "var/secret is empty"),
        (CANARY[:31], "the secret on line 1 of var/secret has fewer than 32 characters"),
        (
            f"{CANARY}\n\n{OLDER[:5]}",
            "the secret on line 2 of var/secret has fewer than 32 characters",
        ),
        (
            CANARY.encode() + b"\xff",
            "the secret on line 1 of var/secret is not UTF-8",
        ),
        (
            CANARY.encode("utf-16"),
            "the secret on line 1 of var/secret holds a line break or another control character",
        ),
        (
            CANARY + "\0" * 4,
            "the secret on line 1 of var/secret holds a line break or another control character",
        ),
        (f"{CANARY}\n" * 4_000, "var/secret is too large to hold secrets"),
    ],
)
def test_a_file_without_whole_secrets_is_refused(
    root: Path, content: str | bytes, fault: str
) -> None:
    path = written(root, content)

    assert refused(root) == (
        fault,
        (
            f"put back your copy of it; only where nobody has been mailed yet: rm '{path}', "
            "and a new one is made"
        ),
    )


def test_a_link_out_of_the_project_is_refused_and_nothing_made_behind_it(
    root: Path, tmp_path: Path
) -> None:
    (tmp_path / "ute").mkdir()
    expected = (
        "var/secret leads out of the project by a link",
        "put the file itself there, or set SMAKOM_MAIL_SECRET instead",
    )

    (root / "var").symlink_to(tmp_path / "ute")
    assert refused(root) == expected
    assert list((tmp_path / "ute").iterdir()) == []

    (root / "var").unlink()
    (root / "var").mkdir()
    (root / "var/secret").symlink_to(written(tmp_path, CANARY))
    assert refused(root) == expected


def test_a_link_within_the_project_is_followed(root: Path) -> None:
    (root / "data").mkdir()
    (root / "var").symlink_to("data")

    made = opened(root)

    assert (root / "data/secret").read_bytes() == made.keys[0] + b"\n"


def test_links_in_a_circle_are_refused(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var/secret").symlink_to("secret")

    assert refused(root) == (
        "var/secret cannot be read: its links go in a circle",
        (
            f"see whose it is: ls -l '{root}/var/secret'; then run this as its owner, "
            "or set SMAKOM_MAIL_SECRET"
        ),
    )


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused_at_once(root: Path, kind: str) -> None:
    path = root / "var/secret"
    path.parent.mkdir()
    path.mkdir() if kind == "folder" else os.mkfifo(path)

    assert refused(root) == ("var/secret is not a file", f"move it away: mv '{path}' '{path}'.old")


def test_a_place_where_no_file_can_be_made_is_refused(root: Path) -> None:
    (root / "var").touch()

    assert refused(root) == (
        "var/secret cannot be written: Not a directory",
        f"make room or permission in '{root}/var', or set SMAKOM_MAIL_SECRET instead",
    )


def test_a_file_that_git_keeps_is_refused_with_the_command(root: Path) -> None:
    repository(root)
    add(root, {"var/secret": CANARY})
    written(root, CANARY)

    sentence, hint = refused(root)

    assert sentence == "git keeps var/secret, so that everybody with the repository has it"
    command, _, rest = hint.partition(", ")
    assert command == f"git -C '{root}' rm --cached var/secret"
    assert rest == "and then smakom-mail secret rotate"
    git(root, *shlex.split(command)[1:])
    assert opened(root).keys == (CANARY.encode(),)


def test_git_around_the_project_counts_too(root: Path, tmp_path: Path) -> None:
    repository(tmp_path)
    add(tmp_path, {"ett brev/var/secret": CANARY})

    assert refused(root)[0] == "git keeps var/secret, so that everybody with the repository has it"


# ------------------------------------------------------------------------------------- rotating


def test_a_new_secret_stands_before_those_that_were_there(root: Path) -> None:
    written(root, f"{CANARY}\n{OLDER}\n")
    before = opened(root)

    state = rotate_secret(place(root), {})

    after = opened(root)
    assert after.keys[1:] == before.keys
    assert (len(after.keys[0]), mode(root / "var/secret")) == (64, "0600")
    assert before.fingerprint("kim") in after.fingerprints("kim")[1:]
    assert state.names == after.names
    assert [found.name for found in (root / "var").iterdir()] == ["secret"]


def test_a_first_secret_is_made_where_there_is_none(root: Path) -> None:
    state = rotate_secret(place(root), {})

    assert state.names == opened(root).names
    assert len(state.names) == 1


def test_a_link_within_the_project_stays_a_link(root: Path) -> None:
    (root / "data").mkdir()
    written(root, CANARY).rename(root / "data/nyckel")
    (root / "var/secret").symlink_to("../data/nyckel")

    rotate_secret(place(root), {})

    assert (root / "var/secret").is_symlink()
    assert opened(root).keys[1:] == (CANARY.encode(),)


def test_a_secret_of_the_environment_is_changed_there(root: Path) -> None:
    written(root, OLDER)
    with pytest.raises(SecretRefusedError) as raised:
        rotate_secret(place(root), {"SMAKOM_MAIL_SECRET": CANARY})

    assert raised.value.message == (
        "the secret comes from SMAKOM_MAIL_SECRET, which is not ours to change"
    )
    assert raised.value.hint == (
        "put its value first in SMAKOM_MAIL_SECRETS_OLD (commas between), and a new one in "
        f"SMAKOM_MAIL_SECRET: {ADVICE}"
    )
    assert (root / "var/secret").read_text(encoding="utf-8") == OLDER


@pytest.mark.parametrize("content", [CANARY[:31], f"{CANARY}\n\0"])
def test_a_file_that_cannot_be_read_is_not_written_over(root: Path, content: str) -> None:
    path = written(root, content)

    with pytest.raises(SecretRefusedError):
        rotate_secret(place(root), {})

    assert path.read_text(encoding="utf-8") == content
    assert [found.name for found in path.parent.iterdir()] == ["secret"]


def test_rotations_at_once_lose_no_secret(root: Path) -> None:
    written(root, CANARY)

    at_once(root, 6, ROTATE)

    keys = opened(root).keys
    assert (len(keys), len(set(keys)), keys[-1]) == (7, 7, CANARY.encode())


@pytest.mark.parametrize("point", ["os.fsync", "secrets.Path.replace"])
def test_a_killed_rotation_leaves_the_secret_that_was(root: Path, point: str) -> None:
    written(root, CANARY)

    killed_at(root, point, ROTATE)

    assert opened(root).keys == (CANARY.encode(),)


# ------------------------------------------------------------------------------------ the state


def test_the_state_says_where_it_comes_from_and_makes_nothing(root: Path) -> None:
    none = inspect_secret(place(root), {})
    assert (none.source, none.names, list(root.iterdir())) == ("none", (), [])

    written(root, f"{CANARY}\n{OLDER}", 0o400)
    file = inspect_secret(place(root), {})
    assert (file.source, file.file, file.mode) == ("file", "var/secret", "0400")
    assert file.names == opened(root).names

    given = inspect_secret(place(root), {"SMAKOM_MAIL_SECRET": OLDEST})
    assert (given.source, given.mode, given.unread) == ("environment", "", True)
    assert given.names == Keyring((OLDEST.encode(),)).names
    for state in (none, file, given):
        assert CANARY not in repr(state)


def test_no_secret_is_left_in_the_module_that_reads_it(root: Path) -> None:
    opened(root, {"SMAKOM_MAIL_SECRET": CANARY})

    assert CANARY not in repr(vars(secrets))


# ------------------------------------------------------------------------------------ watched


def in_use(root: Path, environment: Mapping[str, str] = {}) -> SecretInUse:
    """Read the secret as a server does when it begins."""
    watched = SecretInUse(place(root), environment)
    watched.use(opened(root, environment))
    return watched


def test_a_rotated_secret_is_seen_by_who_has_the_old_one_in_use(root: Path) -> None:
    watched = in_use(root)  # it is made by that
    assert not watched.has_changed()

    rotate_secret(place(root), {})

    assert watched.has_changed()
    assert not in_use(root).has_changed()


@pytest.mark.parametrize("content", ["kort\n", "", f"{OLDER}\n", None])
def test_what_is_in_use_stays_where_the_file_does_not_hold_it_any_more(
    root: Path, content: str | None
) -> None:
    path = written(root, f"{CANARY}\n")
    watched = in_use(root)

    path.unlink() if content is None else written(root, content)
    assert not watched.has_changed()

    written(root, f"{OLDER}\n{CANARY}\n")
    assert watched.has_changed()


def test_a_secret_of_the_environment_never_changes(root: Path) -> None:
    watched = in_use(root, {"SMAKOM_MAIL_SECRET": CANARY})

    written(root, f"{OLDER}\n{CANARY}\n")

    assert not watched.has_changed()
