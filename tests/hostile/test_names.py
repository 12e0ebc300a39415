"""Names that lead out of the project, or are none: of pictures, layouts, seeds, editions, links."""

import shutil
from pathlib import Path

import pytest

from tests.content.written import EDITION
from tests.hostile.arena import arena, attacked, edition, layout, put, run

OUT = "P01 ”{}” leder ut ur projektets mapp"
GONE = "I01 bilden {} finns inte"
ELSEWHERE = "I01 bilden {} ligger inte i projektet"
NO_PICTURE = "I01 bilden {} går inte att använda: filen är ingen hel bild"

PICTURES = {
    "../../../hemligt.png": OUT.format("../../../hemligt.png"),
    "../../../../../../../../etc/passwd": OUT.format("../../../../../../../../etc/passwd"),
    "..%2f..%2f..%2fhemligt.png": OUT.format("../../../hemligt.png"),
    "%2e%2e/%2e%2e/%2e%2e/hemligt.png": OUT.format("../../../hemligt.png"),
    "..\\..\\..\\hemligt.png": GONE.format("hemligt.png"),  # Markdown reads \\. as a full stop
    "..%5c..%5c..%5chemligt.png": OUT.format("../../../hemligt.png"),
    "images//../../../../hemligt.png": OUT.format("images//../../../../hemligt.png"),
    "/etc/passwd": OUT.format("/etc/passwd"),
    "\\\\server\\a.png": OUT.format("/server/a.png"),
    "%252e%252e/hemligt.png": GONE.format("hemligt.png"),
    "..%255c..%255chemligt.png": GONE.format("..%5c..%5chemligt.png"),
    "../../hemligt.png": GONE.format("hemligt.png"),
    "//etc/passwd": ELSEWHERE.format("//etc/passwd"),
    "C:/hemligt.png": ELSEWHERE.format("C:/hemligt.png"),
    "C:%5Chemligt.png": ELSEWHERE.format("C:/hemligt.png"),
    "http://127.0.0.1:9/a.png": ELSEWHERE.format("http://127.0.0.1:9/a.png"),
    "ftp://a.example/a.png": ELSEWHERE.format("ftp://a.example/a.png"),
    "data:image/png;base64,AAAA": ELSEWHERE.format("data:image/png;base64,AAAA"),
    "%00.png": GONE.format("\\x00.png"),
    "a%00.png": GONE.format("a\\x00.png"),
    "images/%0a.png": GONE.format("\\x0a.png"),
    "images/%1b[31m.png": GONE.format("\\x1b[31m.png"),
    "images/%ff.png": GONE.format("\ufffd.png"),
    "CON": GONE.format("CON"),
    "con.png": GONE.format("con.png"),
    "NUL.png": GONE.format("NUL.png"),
    "images/COM1": GONE.format("COM1"),
    "-": GONE.format("-"),
    "-rf.png": GONE.format("-rf.png"),
    "~/a.png": GONE.format("a.png"),
    "$HOME/b.png": GONE.format("b.png"),
    f"images/{'a' * 300}.png": GONE.format("a" * 80),
    "a/" * 300 + "c.png": GONE.format("c.png"),
    "images/r\u00e5.png": GONE.format("r\u00e5.png"),
    "images/ra\u030a.png": GONE.format("r\u00e5.png"),
    ".": GONE.format("namn"),
    "..": GONE.format("newsletters"),
    ".git/config": GONE.format("config"),
    "images/*": GONE.format("*"),
    "images/?.png": GONE.format("?.png"),
    "edition.toml": NO_PICTURE.format("edition.toml"),
    "../../smakom-mail.toml": NO_PICTURE.format("smakom-mail.toml"),
}


def said(errors: list[str]) -> list[tuple[str, str]]:
    """Divide each error into its place and what it says."""
    split = (error.split(": error[", 1) for error in errors)
    return [(place, words.replace("]: ", " ", 1)) for place, words in split]


def test_a_picture_is_a_file_of_the_project_or_a_finding(tmp_path: Path) -> None:
    text = "# Titel\n" + "".join(f"\n![Ett torg](<{name}>)\n" for name in PICTURES)
    root = arena(tmp_path, edition("namn", text))
    put(tmp_path, {"hemligt.png": b"hemligt"})

    assert len(PICTURES) > 40
    assert said(attacked(root, "namn")["namn"]) == [
        (f"newsletters/namn/10-a.md:{3 + 2 * index}", words)
        for index, words in enumerate(PICTURES.values())
    ]


def test_an_address_that_no_browser_should_follow_stays_as_it_was_typed(tmp_path: Path) -> None:
    names = ("file:///etc/passwd", "FILE:/etc/passwd", "javascript:alert(1)", "vbscript:x")
    text = "# Titel\n" + "".join(f"\nSe ![Ett torg](<{name}>) nu.\n" for name in names)
    root = arena(tmp_path, edition("namn", text))

    assert run(root, [["build", "namn"]])[0].code == 0
    built = (root / "build" / "namn" / "message.txt").read_text(encoding="utf-8")
    for name in names:
        assert f"Se ![Ett torg](<{name}>) nu." in built


LAYOUTS = (
    *(
        "../smakom",
        "../../ute",
        "smakom/../smakom",
        "/etc",
        ".",
        "..",
        "",
        "smakom/",
        "smakom/images",
    ),
    *(
        "smakom\\u0000",
        "CON",
        "%2e%2e",
        "%73makom",
        "a" * 300,
        "-x",
        "Smakom",
        "\\\\ute",
        "~",
        "C:\\\\x",
    ),
    *("sma\\u030akom", "smakom\\u202e", "*"),
)
SHOWN = {"smakom\\u0000": "smakom\\x00", "\\\\ute": "\\ute", "C:\\\\x": "C:\\x"} | {
    "sma\\u030akom": "småkom",
    "smakom\\u202e": "smakom\u202e",
}


def test_a_layout_is_a_folder_of_the_project_or_a_finding(tmp_path: Path) -> None:
    slugs = [f"n{index}" for index in range(len(LAYOUTS))]
    editions = [
        edition(slug, "# Titel\n\nText.\n", layout=f'"{name}"')
        for slug, name in zip(slugs, LAYOUTS, strict=True)
    ]
    root = arena(tmp_path, {file: data for made in editions for file, data in made.items()})
    shutil.copytree(root / "layouts" / "smakom", tmp_path / "ute")

    errors = attacked(root, *slugs)

    for slug, name in zip(slugs, LAYOUTS, strict=True):
        place = f"newsletters/{slug}/edition.toml:5"
        words = f"P09 det finns ingen layout ”{SHOWN.get(name, name)}”"
        assert said(errors[slug]) == [(place, words)]


SEEDS = (
    *("../smakom-mail.toml", "../../hemligt.txt", "/etc/passwd", "..", ".", "./vagen.txt"),
    *("vagen.txt/", "CON", "VAGEN.TXT", "a" * 300, "%2e%2e/hemligt.txt", "-", "*"),
)


def test_a_seed_is_a_file_of_its_folder_or_a_finding(tmp_path: Path) -> None:
    entries = (f'[[seed]]\nslug = "s{n}"\nfile = "{name}"\n' for n, name in enumerate(SEEDS))
    root = arena(tmp_path, {"seeds/seeds.toml": "".join(entries)})
    put(tmp_path, {"hemligt.txt": "Hemligt."})

    assert said(attacked(root, "maj-2021")["maj-2021"]) == [
        (f"seeds/seeds.toml:{3 * n + 3}", f"Q14 källans fil {name} finns inte i seeds/")
        for n, name in enumerate(SEEDS)
    ]


EDITIONS = (
    *(
        "../maj-2021",
        "../../ute",
        "/etc",
        ".",
        "..",
        "",
        " ",
        "maj-2021/",
        "./maj-2021",
        "_standing",
    ),
    *("maj-2021\0", "maj\n2021", "CON", "nul", "com1", "%2e%2e", "..\\ute", "C:\\x", "a" * 300),
    *("Maj 2021", "-x", "--x", "maj-2021/../maj-2021", "~", "*", "é", "maj\u202e", ".git", "a.b"),
)


def test_an_edition_is_a_folder_of_the_project_or_a_sentence(tmp_path: Path) -> None:
    root = arena(tmp_path)
    put(tmp_path, {"ute/edition.toml": EDITION, "ute/10-a.md": "# Hemligt\n"})
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    commands = ("check", "build", "new")

    runs = run(root, [[command, "--", name] for name in EDITIONS for command in commands])

    told = [line.output.splitlines()[0] for line in runs]
    assert told == [
        f"error: “{name}” cannot be the name of an edition".splitlines()[0]
        for name in EDITIONS
        for _ in commands
    ]
    assert {line.code for line in runs} == {1}
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_a_name_that_macos_took_apart_is_the_same_name(tmp_path: Path) -> None:
    root = arena(tmp_path, edition("p\u00e5-g\u00e5ng", "# Titel\n\nText.\n"))

    assert [one.code for one in run(root, [["build", "pa\u030a-ga\u030ang"]])] == [0]
    assert [path.name for path in (root / "build").iterdir()] == ["p\u00e5-g\u00e5ng"]


# ------------------------------------------------------------------------------------- links


LINKS = {
    "newsletters/text/20-b.md": ("text", "a/20-b.md"),
    "newsletters/bild/b.png": ("bild", "b.png"),
    "newsletters/bild/images": ("bild", "images"),
    "newsletters/toml/edition.toml": ("toml", "edition.toml"),
    "newsletters/mapp": ("mapp", "a"),
    "layouts/mapp": ("hel", "layout"),
    "layouts/delar/partials": ("delar", "layout/partials"),
    "layouts/mall/sections/article.mjml.j2": ("mall", "layout/sections/article.mjml.j2"),
    "layouts/stil/inline.css": ("stil", "layout/inline.css"),
    "layouts/foto/images": ("foto", "layout/images"),
    "seeds/hemligt.txt": ("seed", "hemligt.txt"),
}
TOLD = {
    "text": ["newsletters/text/20-b.md:1 P01 ”newsletters/text/20-b.md”"],
    "bild": [
        f"newsletters/bild/10-a.md:{line} I01 bilden b.png går inte att använda: ”{path}”"
        for line, path in (
            (3, "newsletters/bild/b.png"),
            (5, "newsletters/bild/images/b.png"),
        )
    ],
    "toml": ["newsletters/toml/edition.toml:1 P01 ”newsletters/toml/edition.toml”"],
    "mapp": [
        "newsletters/mapp:1 P01 ”newsletters/mapp”",
        "newsletters/mapp/edition.toml:1 P01 ”newsletters/mapp/edition.toml”",
    ],
    "hel": ["layouts/mapp:1 P01 ”layouts/mapp”"],
    "delar": [],
    "mall": ["layouts/mall/sections/article.mjml.j2:1 P01 ”layouts/mall/sections/article.mjml.j2”"],
    "stil": ["layouts/stil/inline.css:1 P01 ”layouts/stil/inline.css”"],
    "foto": ["layouts/foto/layout.toml:1 I01 bilden"],
    "seed": ["seeds/hemligt.txt:1 Q14 källan seeds/hemligt.txt går inte att läsa: ”"],
}


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """Make a project whose parts are links to a folder beside it."""
    text = "# Titel\n\n![Ett torg](b.png)\n\n![Ett torg](images/b.png)\n"
    made = edition("bild", text)
    for slug, name in (
        *(("text", "smakom"), ("toml", "smakom"), ("hel", "mapp"), ("delar", "delar")),
        *(("mall", "mall"), ("stil", "stil"), ("foto", "foto"), ("seed", "smakom")),
    ):
        made |= edition(slug, "# Titel\n\nText.\n", layout=f'"{name}"')
    for name in ("delar", "mall", "stil", "foto"):
        made |= layout(name, {})
    root = arena(tmp_path, made)
    out = tmp_path / "ute"
    shutil.copytree(root / "layouts" / "smakom", out / "layout")
    picture = next((out / "layout" / "images").glob("*.png")).read_bytes()
    put(out, {"a/edition.toml": EDITION, "a/20-b.md": "# Hemligt\n\nHemligt.\n"})
    put(out, {"edition.toml": EDITION, "hemligt.txt": "Hemligt.\n"})
    put(out, {"b.png": picture, "images/b.png": picture})
    for name, (_, target) in LINKS.items():
        path = root / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(out / target)
    return root


def test_no_link_leads_out_of_the_project(linked: Path) -> None:
    errors = attacked(linked, *TOLD)

    for slug, beginnings in TOLD.items():
        told = [" ".join(one) for one in said(errors[slug])]
        own = [one for one in told if slug == "seed" or not one.startswith("seeds/")]
        assert own, slug
        for beginning in beginnings:
            assert any(
                one.startswith(beginning) and one.endswith("leder ut ur projektets mapp")
                for one in own
            ), (beginning, own)
