"""Whatever an editor types: read, rendered, and the text part says what the HTML says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.config import Config, read_config
from smakom_mail.content.project import load_edition
from smakom_mail.diagnostics import Diagnostic, in_order
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.edition import render_edition
from smakom_mail.render.layout import Layout, load_layout
from tests.content.written import CONFIG
from tests.hostile.arena import arena

FIRST = "newsletters/maj-2021/10-a.md"
BLOCKS = (
    *("::: excerpt vagen\n", "::: event\n", "::: deadline\n", "::: person\n", "::: numbers\n"),
    *("::: partner\n", ":::\n", "::: evnt\n", "from: Vägen ska\n", "to: i höst\n", "38: hushåll\n"),
    *("paragraphs: 1-2\n", "fix: höst -> vår\n", "link: klar -> https://a.example/\n"),
    *("title: Vårmötet\n", "date: 21–23 april 2021\n", "date: 2021-06-01\n", "time: 13.30–15\n"),
    *("place: Rättvik\n", "link: https://a.example/ö\n", "to: kim@a.example\n", "name: Kim Ö\n"),
    *("mail: kim@a.example\n", "telephone: 08-465 00 000\n", "title: <b>&amp;</b>\n"),
    *("> Vägen ska vara klar i höst\n> — Kim Exempel, [Källa](seed:vagen)\n\n", "> Fel\n\n"),
    *("## Rubrik\n\n", "### Mindre\n\n", "# Titel\n\n", "- punkt\n", "1. ett\n", "    - djupare\n"),
    *("|a|b|\n|-|-|\n|c|d|\n\n", "```\nkod\n```\n", "---\n\n", "\n", "\n\n", "  \n", "\\\n"),
    *("![Ett torg](images/b.png)\n\n", '[a]: https://b.example/ "t"\n\n'),
)
WORDS = (
    *(
        "Ett stycke text. ",
        "[en länk](https://a.example/?a=1&b=2) ",
        "**fet** ",
        "*kur*siv ",
        "~~x~~ ",
    ),
    *("`kod` ", "{name|kära läsare} ", "{organisation|er} ", "{email} ", "{{7*7}} ", "{% if x %}"),
    *(
        "https://c.example/(a) ",
        "www.d.example ",
        "e@f.example ",
        "[a][a] ",
        "<b>rå</b> ",
        "&amp; ",
    ),
    *(
        "<script>x</script> ",
        "]]> ",
        "-->",
        "<mj-raw> ",
        "[s](seed:vagen) ",
        "![x](y.png) ",
        "\\{ ",
    ),
    *(
        "“ord” ",
        "”ord” ",
        "– ",
        "…",
        "a\u00adb ",
        "10\u00a0% ",
        "\u200b",
        "👩‍👧 ",
        "e\u0301 ",
        "漢字 ",
    ),
    *(
        "\u202e",
        "\x00",
        "\x1b[31m",
        "\ufeff",
        "zq1x00000z ",
        "å" * 90 + " ",
        "§5. ",
        "# ",
        "> ",
        "-- ",
    ),
    *("[](https://g.example/) ", "[**b**](https://h.example/#i) ", "<https://j.example/> ", "| "),
)
TEXTS = st.lists(
    st.sampled_from(BLOCKS) | st.sampled_from(WORDS) | st.text(max_size=6), max_size=14
).map("".join)


class Pipeline:
    """One small newsletter on the disk, its section written anew for each example."""

    def __init__(self, root: Path) -> None:
        """Write the newsletter below `root`."""
        self.root = arena(root).resolve()
        self.layout: Layout = load_layout(self.root, "smakom")
        self.config: Config = read_config(CONFIG, {})[0]

    def __call__(self, text: str) -> tuple[RenderedEdition | None, tuple[Diagnostic, ...]]:
        """Read and render the newsletter with `text` in its section."""
        (self.root / FIRST).write_bytes(f"# Titel\n\n{text}".encode("utf-8", "surrogatepass"))
        loaded = load_edition(self.root, "maj-2021", self.config)
        rendered, findings = render_edition(loaded.edition, self.layout, self.config)
        return rendered, in_order([*loaded.findings, *findings])


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return Pipeline(tmp_path_factory.mktemp("pipeline"))


# What the fuzzing has found: each was told as missing from the text part, and nothing was built.
FOUND = (
    *("1~~0~~ procent", "Se ”www.d.example” nu.", "Se 'www.d.example' nu."),
    "## [en länk](https://a.example/?a=1&b=2) <b>rå</b>",
)


@pytest.mark.parametrize("text", FOUND)
def test_what_the_text_part_says_in_its_own_way_is_not_missing(
    pipeline: Pipeline, text: str
) -> None:
    rendered, findings = pipeline(text)

    assert rendered is not None
    assert [f.message("sv") for f in findings if f.code == "T01"] == []


@settings(max_examples=100)
@given(text=TEXTS)
def test_whatever_is_typed_is_rendered_and_both_parts_agree(pipeline: Pipeline, text: str) -> None:
    rendered, findings = pipeline(text)

    assert rendered is not None, findings
    places = [found.location for found in findings]
    assert places == sorted(places)
    assert [f.message("sv") for f in findings if f.code.startswith("T0")] == []
    again, same = pipeline(text)
    assert again is not None
    assert (again.digest, again.web, same) == (rendered.digest, rendered.web, findings)
