"""The typed tree as HTML: every character escaped, every tag ours."""

import html5lib
import pytest
from hypothesis import given

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Divider,
    Emphasis,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Passage,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from smakom_mail.render.prose import block_html, inline_html, passages_html
from tests.render.making import TEXT, paragraph


def field(node: Field) -> str:
    return f"[{node.name}]"


def written(*children: Inline) -> str:
    return inline_html(children, field)


def drawn(block: Block, *, anchors: bool = False) -> str:
    def anchor(heading: Heading) -> str:
        return heading.anchor if anchors else ""

    return block_html(block, field, anchor, lambda other: f"[{type(other).__name__}]")


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (Text("a < b & \"c\" 'd'"), "a &lt; b &amp; &quot;c&quot; &#x27;d&#x27;"),
        (Emphasis((Text("a"),)), "<em>a</em>"),
        (Strong((Text("<"),)), "<strong>&lt;</strong>"),
        (Strikethrough((Text("a"),)), "<s>a</s>"),
        (Code("<b>"), "<code>&lt;b&gt;</code>"),
        (LineBreak(), "<br>"),
        (Field("name", "du"), "[name]"),
        (
            Link('https://a.example/?a=1&b="', (Text("a"), Strong((Text("b"),)))),
            '<a href="https://a.example/?a=1&amp;b=&quot;">a<strong>b</strong></a>',
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_inline_text(node: Inline, html: str) -> None:
    assert written(node) == html


def test_a_run_is_written_in_its_order() -> None:
    assert written(Text("a "), Emphasis((Text("b"),)), Text(" c")) == "a <em>b</em> c"
    assert written() == ""


@pytest.mark.parametrize(("level", "tag"), [(2, "h3"), (3, "h4"), (4, "h5"), (5, "h6"), (6, "h6")])
def test_headings_stand_below_the_sections_title(level: int, tag: str) -> None:
    assert drawn(Heading(level, (Text("A"),), "a")) == f"<{tag}>A</{tag}>"


def test_a_heading_has_a_name_where_there_are_anchors() -> None:
    assert drawn(Heading(2, (Text("A"),), "a"), anchors=True) == '<h3 id="a">A</h3>'


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph("a"), "<p>a</p>"),
        (Divider(), "<hr>"),
        (CodeBlock("if a < b:\n  c"), "<pre><code>if a &lt; b:<br>  c</code></pre>"),
        (CodeBlock("\na"), "<pre><code><br>a</code></pre>"),
        (CodeBlock(""), "<pre><code></code></pre>"),
        (List((ListItem((paragraph("a"),)),), None), "<ul><li>a</li></ul>"),
        (List((ListItem((paragraph("a"),)),), 1), "<ol><li>a</li></ol>"),
        (List((ListItem((paragraph("a"),)),), 3), '<ol start="3"><li>a</li></ol>'),
        (List((ListItem((paragraph("a"),)),), 0), '<ol start="0"><li>a</li></ol>'),
        (List((ListItem(()),), None), "<ul><li></li></ul>"),
        (
            List((ListItem((paragraph("a"), paragraph("b"))),), None),
            "<ul><li><p>a</p><p>b</p></li></ul>",
        ),
        (
            List((ListItem((paragraph("a"), List((ListItem((Divider(),)),), None))),), None),
            "<ul><li><p>a</p><ul><li><hr></li></ul></li></ul>",
        ),
        (List((ListItem((Figure("a.png", "a", ""),)),), None), "<ul><li>[Figure]</li></ul>"),
        (
            Table(((Text("A"),), (Text("B"),)), (((Text("1"),), (Text("<"),)),)),
            (
                '<table class="data"><thead><tr><th scope="col">A</th><th scope="col">B</th></tr>'
                "</thead><tbody><tr><td>1</td><td>&lt;</td></tr></tbody></table>"
            ),
        ),
    ],
)
def test_blocks(block: Block, html: str) -> None:
    assert drawn(block) == html


def passage(style: str, text: str, *, gap: bool = False) -> Passage:
    return Passage(1, style, (Text(text),), gap)


def test_an_excerpt_shows_speech_gaps_bullets_and_headings() -> None:
    passages = (
        passage("heading", "Rubrik"),
        passage("text", "Ett."),
        passage("speech", "Hej.", gap=True),
        passage("bullet", "a"),
        passage("bullet", "b", gap=True),
        passage("text", "Två."),
        passage("bullet", "c"),
    )
    html = (
        "<p><strong>Rubrik</strong></p><p>Ett.</p><p>[…] – Hej.</p>"
        "<ul><li>a</li><li>[…] b</li></ul><p>Två.</p><ul><li>c</li></ul>"
    )
    assert passages_html(passages, field) == html
    assert drawn(Excerpt("s", passages, None, ())) == html


@given(TEXT)
def test_any_text_is_text_in_every_node(text: str) -> None:
    nodes = (
        Text(text),
        Strong((Text(text),)),
        Code(text),
        Link("https://a.example/", (Text(text),)),
    )
    root = html5lib.parse(drawn(Paragraph(nodes)), treebuilder="etree", namespaceHTMLElements=False)
    tags = [element.tag for element in root.iter()]
    assert tags == ["html", "head", "body", "p", "strong", "code", "a"]
    assert "".join(root.itertext()) == text * 4


@given(TEXT)
def test_any_address_stays_inside_its_attribute(text: str) -> None:
    root = html5lib.parse(
        written(Link(text, (Text("a"),))), treebuilder="etree", namespaceHTMLElements=False
    )
    assert [element.attrib for element in root.iter("a")] == [{"href": text}]
