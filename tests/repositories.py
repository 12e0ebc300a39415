"""Real repositories for tests, made with git as it is installed and no settings of anybody's."""

import os
import subprocess
from pathlib import Path

_NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Kim Exempel",
    "GIT_AUTHOR_EMAIL": "kim@forening.example",
    "GIT_COMMITTER_NAME": "Kim Exempel",
    "GIT_COMMITTER_EMAIL": "kim@forening.example",
}


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Run git in `folder`, with `given` on its stdin, and give what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],  # noqa: S607 - the installed one
        cwd=folder,
        env=kept | _NOBODY,
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def repository(folder: Path, *options: str) -> Path:
    """Make an empty repository in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *options)
    return folder


def add(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write `files` below `folder` and have git keep them, ignored or not."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    git(folder, "add", "--force", "--", *files)


def listed(folder: Path) -> list[str]:
    """List what git keeps, as git itself says it."""
    return [os.fsdecode(name) for name in git(folder, "ls-files", "-z").split(b"\0") if name]
