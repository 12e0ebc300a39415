"""A single letter through the layout: everything is said, in both parts, and nothing is ours."""

import re
from pathlib import Path

import pytest

from smakom_mail.config import Config, read_config
from smakom_mail.model.letter import Group, LetterContent
from smakom_mail.render.layout import TemplateFault, load_layout
from smakom_mail.render.letter import has_letter, render_letter
from smakom_mail.render.template_check import check_templates
from smakom_mail.render.wrapping import unflow
from tests.conftest import ROOT

LAYOUTS = ("smakom", "brev")
ODD = "<i>&amp;</i> {{ 7*7 }} {% raw %} zq1x00000z \\u{a0} ”å” 'x' \"y\" $1 \\1 --> ]]>"
CONTENT = LetterContent(
    language="sv",
    subject=f"Ämne {ODD}",
    preheader=f"Förhandstext {ODD}",
    title=f"Rubrik {ODD}",
    before=(f"Före ett {ODD}", f"Före två {ODD}"),
    after=(f"Efter {ODD}",),
    reason=f"Varför {ODD}",
    privacy=(f"Så här {ODD}", "https://brev.example/privacy?a=1&b=2"),
    label=f"Knapp {ODD}",
    url="https://brev.example/confirm/a-_b?x=1&y=2",
    instead=f"Annars {ODD}",
    groups=(Group(f"Grupp {ODD}", ((f"Etikett {ODD}", f"Värde {ODD}"), ("", f"Ensamt {ODD}"))),),
)


@pytest.fixture
def config() -> Config:
    """Read the settings of the repository's own newsletter."""
    return read_config((ROOT / "smakom-mail.toml").read_text("utf-8"), {})[0]


def texts(content: LetterContent) -> list[str]:
    """Give everything that a letter says in both parts."""
    rows = [text for group in content.groups for row in group.rows for text in row if text]
    titles = [group.title for group in content.groups]
    return [
        *(content.title, *content.before, *content.after, content.reason),
        *(content.label, content.privacy[0], *titles, *rows),
    ]


def seen(html: str) -> str:
    """Give the text of a page as a browser shows it."""
    from html import unescape

    body = re.sub(r"<style.*?</style>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[a-zA-Z/!][^<>]*>", " ", body)).split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_everything_is_said_as_it_was_written_in_both_parts(layout: str, config: Config) -> None:
    letter = render_letter(CONTENT, load_layout(ROOT, layout), config)
    shown = seen(letter.html)
    text = " ".join(unflow(letter.text).split())
    assert [each for each in texts(CONTENT) if each not in shown] == []
    assert [each for each in texts(CONTENT) if each not in text] == []
    assert letter.html.count('href="https://brev.example/confirm/a-_b?x=1&amp;y=2"') == 2
    assert "<https://brev.example/confirm/a-_b?x=1&y=2>" in letter.text
    assert letter.subject == CONTENT.subject


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_letter_is_the_same_bytes(layout: str, config: Config) -> None:
    first, second = (render_letter(CONTENT, load_layout(ROOT, layout), config) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_letter_has_not_leaves_no_hole(layout: str, config: Config) -> None:
    bare = LetterContent("en", "S", "P", "T", ("One.",), (), "Why.")
    letter = render_letter(bare, load_layout(ROOT, layout), config)
    assert "<a " not in letter.html.split("Why.")[0]
    assert letter.text.startswith("SmåKom\n\nT\n=\n\nOne.\n\n-----")
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lines_of_text_stay_short(layout: str, config: Config) -> None:
    letter = render_letter(CONTENT, load_layout(ROOT, layout), config)
    words = [line for line in letter.text.split("\n") if "://" not in line]
    assert max(map(len, words)) <= 73  # 72 and the blank that says that the line goes on


@pytest.mark.parametrize(
    ("file", "old", "kind"),
    [
        ("letter.mjml.j2", "{{ title }}", "slot-unused"),
        ("letter.mjml.j2", "{{ row.value }}", "slot-unused"),
        ("letter.txt.j2", "{{ after }}", "slot-unused"),
        ("letter.txt.j2", "{{ link }}", "slot-unused"),
        ("letter.txt.j2", "{{ title }}", "slot-unused"),
    ],
)
def test_a_template_that_leaves_something_out_is_a_fault(
    project: Path, config: Config, file: str, old: str, kind: str
) -> None:
    path = project / "layouts" / "smakom" / file
    path.write_text(path.read_text("utf-8").replace(old, ""), "utf-8")
    with pytest.raises(TemplateFault) as fault:
        render_letter(CONTENT, load_layout(project, "smakom"), config)
    assert fault.value.finding.kind == kind
    assert fault.value.finding.location.file == f"layouts/smakom/{file}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_shipped_letters_have_nothing_that_check_finds(layout: str) -> None:
    found = load_layout(ROOT, layout)
    assert has_letter(found)
    assert [each for each in check_templates(found) if "letter" in each.location.file] == []


def test_check_names_file_and_line_of_what_is_wrong_in_a_letter(project: Path) -> None:
    path = project / "layouts" / "smakom" / "letter.mjml.j2"
    path.write_text(path.read_text("utf-8").replace("<mj-text css", "<mj-txt css", 1), "utf-8")
    found = [
        (each.location.file, each.location.line)
        for each in check_templates(load_layout(project, "smakom"))
    ]
    assert ("layouts/smakom/letter.mjml.j2", 16) in found
