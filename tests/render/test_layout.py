"""A layout's faults are findings with file and line; its templates can do nothing else."""

from pathlib import Path

import pytest

from smakom_mail.render.layout import TemplateFault, load_layout, render_template
from tests.render.making import (
    ARTICLE,
    edition,
    layout,
    paragraph,
    render_edition_or_not,
    said,
    template,
    with_template,
)

FIRST = "layouts/smakom/sections/article.mjml.j2"


def stopped(source: str, name: str = ARTICLE) -> str:
    """Give the one finding that an edition ends with when a template reads `source`."""
    rendered, findings = render_edition_or_not(edition(paragraph("x")), with_template(name, source))
    assert rendered is None
    (line,) = said(findings)
    return line.replace(" M01 the template cannot be used:", "")


# ------------------------------------------------------------------------------------ one's own


def test_the_own_layout_is_whole() -> None:
    assert layout().findings == ()
    assert set(layout().kinds) >= {"article", "leader", "report", "items", "partner", "contact"}
    assert layout().contents_skip == ("social", "contact")
    assert "masthead" in dict(layout().pictures)
    assert dict(layout().templates)["edition.mjml.j2"].lstrip("{%").startswith(" import")


# ------------------------------------------------------------------------- faults of a template


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("\n\n{% if %}", 3, "Expected an expression, got 'end of statement block'"),
        ("\n{{ x", 2, "unexpected end of template, expected 'end of print statement'."),
        ("\n{% nonsense %}", 2, "Encountered unknown tag 'nonsense'."),
        ("\n{{ missing }}", 2, "'missing' is undefined"),
        (
            "\n\n{{ section.titel }}",
            3,
            "'types.SimpleNamespace object' has no attribute 'titel'",
        ),
        (
            "\n{{ said.hello }}",
            2,
            "'smakom_mail.render.frame.Said object' has no attribute 'hello'",
        ),
        ("\n\n{% include 'x.j2' %}", 3, "there is no template x.j2"),
        ("\n\n{% import 'x.j2' as x %}", 3, "there is no template x.j2"),
        ("\n{% include missing %}", 2, "'missing' is undefined"),
        ("\n{{ 1 // 0 }}", 2, "integer division or modulo by zero"),
        ("\n{{ 'a' + 1 }}", 2, 'can only concatenate str (not "int") to str'),
        ("\n{{ said.deadline }}", 2, "'date'"),
        ("\n{{ section }}", 2, "only a single value can be printed, not a group of them"),
        ("\n{{ sections }}", 2, "only a single value can be printed, not a group of them"),
        ("\n{{ said }}", 2, "only a single value can be printed, not a group of them"),
    ],
)
def test_a_fault_is_reported_at_its_line(source: str, line: int, reason: str) -> None:
    assert stopped(source) == f"{FIRST}:{line}: {reason}"


def test_a_fault_in_a_macro_is_reported_where_the_macro_stands() -> None:
    name = "partials/blocks.mjml.j2"
    source = dict(layout().templates)[name]
    number = source.split("\n").index("<h2>{{ section.title }}</h2>") + 1
    spoiled = source.replace("<h2>{{ section.title }}</h2>", "<h2>{{ section.titel }}</h2>")
    reason = "'types.SimpleNamespace object' has no attribute 'titel'"
    assert stopped(spoiled, name) == f"layouts/smakom/{name}:{number}: {reason}"


@pytest.mark.parametrize("name", ["edition.txt.j2", "web.html.j2"])
def test_a_fault_in_another_part_names_that_file(name: str) -> None:
    assert stopped("\n{{ missing }}", name) == f"layouts/smakom/{name}:2: 'missing' is undefined"


def test_mjml_that_cannot_be_read_names_the_mails_template() -> None:
    rendered, findings = render_edition_or_not(
        edition(paragraph("x")), with_template(ARTICLE, "<mj-section>")
    )
    assert rendered is None
    assert said(findings) == [
        (
            "layouts/smakom/edition.mjml.j2:1: M01 the templates give MJML that cannot be read: "
            "unexpected end of stream in root template"
        )
    ]


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(TemplateFault) as raised:
        render_template(layout(), "absent.j2", {})
    assert said((raised.value.finding,)) == [
        (
            "layouts/smakom/absent.j2:1: M01 the template cannot be used: "
            "there is no template absent.j2"
        )
    ]


# ------------------------------------------------------------------------------ without an end


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        (f"\n{{% include '{ARTICLE}' %}}", 2, "it nests too deeply, or includes itself"),
        (
            "\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            2,
            "it nests too deeply, or includes itself",
        ),
        (
            "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
            1,
            "too many statically nested blocks",
        ),
        ("{% if 1 %}" * 150 + "{% endif %}" * 150, 1, "too many levels of indentation"),
        (
            "\n{% for i in range(1000000000) %}{% endfor %}",
            2,
            "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
        ),
        ("\n{{ 10 ** 100000000 }}", 2, "a template may not compute ** of such values"),
        ("\n{{ 'a' * 1000000000 }}", 2, "a template may not compute * of such values"),
        ("\n{{ [1] * 1000000000 }}", 2, "a template may not compute * of such values"),
        ("\n{{ '%09999999999d' % 1 }}", 2, "a template may not compute % of such values"),
        ("\n{{ '%09999999999d'|format(1) }}", 2, "No filter named 'format'."),
        ("\n{{ 'a'|center(9999999999) }}", 2, "No filter named 'center'."),
        (
            "\n{{ 'a'.ljust(9999999999) }}",
            2,
            "access to attribute 'ljust' of 'str' object is unsafe.",
        ),
    ],
    ids=[
        "include",
        "macro",
        "for",
        "if",
        "range",
        "power",
        "text",
        "list",
        "rest",
        "format",
        "center",
        "ljust",
    ],
)
def test_what_would_not_end_is_stopped(source: str, line: int, reason: str) -> None:
    assert stopped(source) == f"{FIRST}:{line}: {reason}"


def test_a_template_may_multiply_numbers() -> None:
    made = with_template("sum.j2", "{{ 6 * 7 }} {{ 7 % 4 }}")
    assert render_template(made, "sum.j2", {}) == "42 3"


# ------------------------------------------------------------------------------------- sandbox

ESCAPES = [
    "''.__class__.__mro__[1].__subclasses__()",
    "''['__class__']",
    "''|attr('__class__')",
    "'{0.__class__.__mro__}'.format('')",
    "('{0.__class__.__mro__}'|format_map) if format_map is defined else ''.__class__",
    "said.__init__.__globals__",
    "section.__class__.__base__",
    "section.__dict__",
    "draw.__class__",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "lipsum.__globals__['os'].popen('id').read()",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "joiner.__init__.__globals__",
    "namespace.__init__.__globals__",
    "pictures._tokens",
    "said._words",
    "said.unsubscribe.__format__",
    "section.title.__class__.__base__.__subclasses__()",
    "loop.__class__ if loop is defined else ''.__class__",
    "sections.append(1)",
    "sections.clear()",
    "(range(1)).__class__",
]


@pytest.mark.parametrize("expression", ESCAPES)
def test_a_template_cannot_leave_the_sandbox(expression: str) -> None:
    line = stopped("{{ " + expression + " }}")
    assert line.startswith(f"{FIRST}:1: ")
    assert "unsafe" in line


def test_a_template_sees_no_author_text_no_file_and_no_environment() -> None:
    names = "{{ [config, request, os, open, edition]|map('string')|join }}"
    assert stopped(names) == f"{FIRST}:1: 'config' is undefined"
    shown = "{{ 1 // 0 }}"
    spy = f"{{% if 'hemligt' in section.intro[0].html ~ section.title %}}{shown}{{% endif %}}"
    secret = edition(paragraph("hemligt"), paragraph("hemligt"))
    rendered, _ = render_edition_or_not(secret, with_template(ARTICLE, template(ARTICLE) + spy))
    assert rendered is not None


# ------------------------------------------------------------------------------------- reading


def found(root: Path) -> list[str]:
    return said(load_layout(root, "smakom").findings)


@pytest.mark.parametrize(
    "name", ["layout.toml", "edition.mjml.j2", "edition.txt.j2", "web.html.j2", "inline.css"]
)
def test_a_missing_file_is_named(project: Path, name: str) -> None:
    (project / "layouts/smakom" / name).unlink()
    assert found(project) == [f"layouts/smakom/layout.toml:1: M01 the layout lacks the file {name}"]


def test_every_missing_file_is_named_at_once(project: Path) -> None:
    for path in (project / "layouts/smakom").glob("*.*"):
        path.unlink()
    assert len(found(project)) == 5


def test_a_file_that_is_not_utf8_is_named_with_its_line(project: Path) -> None:
    (project / "layouts/smakom/inline.css").write_bytes(b"a {}\n\xe5 {}\n")
    (line,) = found(project)
    assert line.startswith("layouts/smakom/inline.css:2: ")


def test_a_file_outside_the_project_is_refused(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.css"
    outside.write_text("p { color: red }")
    (project / "layouts/smakom/inline.css").unlink()
    (project / "layouts/smakom/inline.css").symlink_to(outside)
    (line,) = found(project)
    assert line.startswith("layouts/smakom/inline.css:1: ")
    assert load_layout(project, "smakom").inline_css == ""


def test_an_unknown_key_of_layout_toml_is_named(project: Path) -> None:
    (project / "layouts/smakom/layout.toml").write_text('description = ""\ncontent_skip = []\n')
    (line,) = found(project)
    assert line.startswith("layouts/smakom/layout.toml:2: ")
    assert "content_skip" in line


@pytest.mark.parametrize(
    "litter", ["images/.DS_Store", "images/Thumbs.db", "images/desktop.ini", "._inline.css"]
)
def test_what_a_desktop_leaves_behind_is_passed_over(project: Path, litter: str) -> None:
    (project / "layouts/smakom" / litter).write_bytes(b"\x00\x05\x16\x07\xff")
    assert load_layout(project, "smakom") == load_layout(project, "smakom")
    assert found(project) == []


def test_a_picture_that_cannot_be_shown_is_named(project: Path) -> None:
    (project / "layouts/smakom/images/x.svg").write_text("<svg/>")
    (line,) = found(project)
    assert line.startswith("layouts/smakom/layout.toml:1: I01 the picture x.svg cannot be used")


def test_line_ends_of_windows_change_nothing(project: Path) -> None:
    before = load_layout(project, "smakom")
    for path in (project / "layouts/smakom").rglob("*"):
        if path.suffix in (".j2", ".css", ".toml"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_layout(project, "smakom") == before


def test_a_layout_without_pictures_and_head_is_a_layout(project: Path) -> None:
    folder = project / "layouts/smakom"
    for path in [*(folder / "images").iterdir(), *(folder / "head").iterdir()]:
        path.unlink()
    bare = load_layout(project, "smakom")
    assert (bare.findings, bare.pictures, bare.head_css) == ((), (), ())
