"""What exists is documented, and what is documented exists."""

import re
from collections.abc import Iterator

import click
import pytest

from smakom_mail.cli import main
from smakom_mail.config.settings import (
    _CHECKS,
    _LIST,
    _MESSAGES,
    _NEWSLETTER,
    _PREVIEW,
    _SAMPLE,
    _SENDER,
    _SITE,
    _SOCIAL,
    _TOP,
    SECTION_KEYS,
)
from smakom_mail.content import blocks
from smakom_mail.content.project import _EDITION, _WAIVE
from smakom_mail.content.seeds import _ENTRY
from smakom_mail.diagnostics.messages import MESSAGES
from smakom_mail.model.rendered import READER_FIELDS
from tests.conftest import ROOT

CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.sv.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"`smakom-mail {name}" in README
    assert COMMANDS[name].help
    assert COMMANDS[name].short_help


@pytest.mark.parametrize(
    "option",
    sorted(
        {
            opt
            for command in (main, *COMMANDS.values())
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for opt in parameter.opts
            if opt.startswith("--")
        }
    ),
)
def test_every_option_is_documented(option: str) -> None:
    assert re.search(rf"`{option}\b", CONFIGURATION), f"{option} is not in docs/configuration.md"


KEYS = {
    "smakom-mail.toml": (
        *(
            _TOP,
            _NEWSLETTER,
            _SENDER,
            _SITE,
            _LIST,
            _SOCIAL,
            SECTION_KEYS,
            _SAMPLE,
            _MESSAGES,
            _CHECKS,
            _PREVIEW,
        ),
    ),
    "edition.toml": (_EDITION, _WAIVE),
    "seeds/seeds.toml": (_ENTRY,),
}


@pytest.mark.parametrize(
    ("file", "key"), [(f, k) for f, tables in KEYS.items() for table in tables for k in table]
)
def test_every_key_is_documented_under_its_file(file: str, key: str) -> None:
    chapter = CONFIGURATION.split(f"## {file}", 1)[1].split("\n## ", 1)[0]

    assert re.search(rf"[`\[]{key}[`\].]", chapter), f"{key} of {file} is not documented"


@pytest.mark.parametrize("code", sorted({row.code for row in MESSAGES.values()}))
def test_every_code_is_explained(code: str) -> None:
    row = re.search(rf"^\| {code} \| (error|warning|note) \| .+ \|$", CHECKS, re.MULTILINE)

    assert row, f"{code} is not in docs/checks.md"
    severities = {message.severity for message in MESSAGES.values() if message.code == code}
    assert row[1] in severities


def test_no_code_is_explained_that_does_not_exist() -> None:
    explained = set(re.findall(r"^\| ([A-Z]\d\d) \|", CHECKS, re.MULTILINE))

    assert explained == {row.code for row in MESSAGES.values()}


@pytest.mark.parametrize("name", blocks.NAMES)
def test_the_guide_shows_every_block(name: str) -> None:
    assert f"::: {name}" in GUIDE


@pytest.mark.parametrize("field", [name for name in READER_FIELDS if name != "email"])
def test_the_guide_shows_the_personal_fields(field: str) -> None:
    assert f"{{{field}|" in GUIDE


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_document_is_reached_from_the_readme(name: str) -> None:
    assert f"(docs/{name})" in README


def test_every_link_between_documents_leads_to_a_file() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text(encoding="utf-8"))
    ]

    assert [f"{p.name}: {target}" for p, target in links if not (p.parent / target).exists()] == []
    assert len(links) > 10
