"""The archive of the repository's own editions: the same bytes anywhere, and no reader in it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smakom_mail.model.person import MembershipState
from smakom_mail.services.archiving.site import make_site
from tests.services.archiving.shown import BOTH, FIRST, append, place, site, spoil, unmake
from tests.services.receiving import PEOPLE, add, opened, person

TWICE = """
from pathlib import Path
from smakom_mail.services.archiving.site import make_site
from smakom_mail.services.workplace import open_workplace
print(make_site(open_workplace(Path.cwd(), {}), {"januari-2021", "april-2021"}).digest)
"""
SERVED = r"(?:\.\./)+(?:subscribe|privacy|accessibility)"
"""Pages that `serve` answers, beside the archive."""


def digest_elsewhere(root: Path, **environment: str) -> str:
    """Make the archive in a process of its own; give its digest."""
    made = subprocess.run(
        [sys.executable, "-c", TWICE],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def test_two_checkouts_make_the_same_bytes_whenever_and_whoever_asks(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "ett annat ställe" / "projekt"
    shutil.copytree(project, other)
    for path in other.rglob("*"):
        os.utime(path, (0, 0))

    assert digest_elsewhere(project, TZ="UTC", PYTHONHASHSEED="1", LANG="C") == digest_elsewhere(
        other, TZ="Asia/Tokyo", PYTHONHASHSEED="2", LANG="sv_SE.UTF-8"
    )


def test_the_archive_holds_what_is_asked_for_and_nothing_of_the_rest(project: Path) -> None:
    one = site(project, "januari-2021")

    assert one.editions == ("januari-2021",)
    assert one.whole
    assert [name for name in one.files if "april" in name] == []
    assert [name for name, data in one.files.items() if b"april-2021" in data] == []


def test_the_edition_s_page_holds_the_web_version_whole(project: Path) -> None:
    from smakom_mail.services.checking import check_edition

    rendered = check_edition(place(project), "januari-2021").rendered
    page = site(project, *BOTH).files["archive/januari-2021/index.html"].decode("utf-8")

    assert rendered
    main = re.compile(r"<main.*</main>", re.DOTALL)
    assert main.findall(page) == main.findall(rendered.web)


def test_every_address_inside_leads_to_a_file_or_a_place_on_a_page(project: Path) -> None:
    files = site(project, *BOTH).files
    dead = []
    for name, data in files.items():
        if not name.endswith(".html") or name == "404.html":
            continue
        for href in re.findall(r'(?:href|src|action)="([^"]+)"', data.decode("utf-8")):
            if re.match(r"[a-z]+:", href) or re.fullmatch(SERVED, href):
                continue
            path, _, anchor = href.partition("#")
            target = os.path.normpath(Path(name).parent / path) if path else name
            if target not in files:
                target = f"{target}/index.html"
            there = files.get(target, b"").decode("utf-8", "ignore")
            if not there or (anchor and f'id="{anchor}"' not in there):
                dead.append((name, href))
    assert dead == []


def test_no_reader_no_token_no_secret_and_no_path_is_in_any_file(project: Path) -> None:
    append(project / "smakom-mail.toml", PEOPLE)
    append(project / FIRST, "\nHej {name|kära läsare} på {organisation|din arbetsplats}!\n")
    canaries = ["kanarie@hemlig.example", "Kanarie Fågelsång", "Kanarieholmens kommun"]
    with opened(project) as store:
        someone = person(
            store, canaries[0], name=canaries[1], organisation=canaries[2],
            state=MembershipState.CONFIRMED,
        )  # fmt: skip
        add(store, someone)
        canaries += [someone.id, someone.ref]
    canaries += [(project / "var" / "secret").read_text(encoding="ascii").strip(), str(project)]

    files = site(project, *BOTH).files

    found = [(n, c) for n, data in files.items() for c in canaries if c.encode("utf-8") in data]
    assert found == []
    assert [name for name, data in files.items() if b"/u/" in data or b"exempel-" in data] == []
    assert (
        "Hej kära läsare på din arbetsplats!" in files["archive/januari-2021/index.html"].decode()
    )
    assert (
        "Hej kära läsare" in json.loads(files["archive/januari-2021/text.json"])["ordforandens-ord"]
    )


def test_a_public_edition_whose_folder_is_gone_is_named(project: Path) -> None:
    shutil.rmtree(project / "newsletters" / "april-2021")
    made = site(project, *BOTH)

    assert made.missing == ("april-2021",)
    assert made.editions == ("januari-2021",)
    assert not made.whole


def test_an_edition_with_an_error_stays_in_the_archive_and_is_named(project: Path) -> None:
    spoil(project)
    made = site(project, *BOTH)

    assert [each.edition.slug for each in made.faulty] == ["april-2021"]
    assert made.editions == BOTH
    assert made.whole


def test_an_edition_that_cannot_be_drawn_is_left_out_and_named(project: Path) -> None:
    unmake(project)
    made = site(project, *BOTH)

    assert [each.edition.slug for each in made.unmade] == ["april-2021"]
    assert made.editions == ("januari-2021",)
    assert not made.whole


@pytest.mark.parametrize("layout", ["smakom", "brev"])
def test_in_both_layouts_the_search_finds_every_section_of_the_list(
    project: Path, layout: str
) -> None:
    settings = project / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('layout = "smakom"', f'layout = "{layout}"'), encoding="utf-8")

    index = json.loads(make_site(place(project), {"januari-2021"}).files["archive/search.json"])

    assert [(part[1], part[3]) for part in index["parts"]] == [
        ("ordforandens-ord", ""),
        ("styrelserapport", ""),
        ("dialogmote", ""),
        ("pa-gang", ""),
        ("pa-gang-vindkraft", "Vindkraft"),
        ("pa-gang-statlig-service", "Statlig service"),
        ("pa-gang-posttjansten", "Posttjänsten"),
        ("pa-gang-betalningsmarknaden", "Betalningsmarknaden"),
        ("skl-kommentus", ""),
    ]
    assert index["words"]["vindkraft"] == [4]


def test_the_digest_is_of_all_names_and_bytes(project: Path) -> None:
    made = site(project, "januari-2021")
    other = site(project, *BOTH)

    assert re.fullmatch(r"[0-9a-f]{64}", made.digest)
    assert made.digest != other.digest
    whole = hashlib.sha256()
    for name, data in sorted(made.files.items()):
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    assert made.digest == whole.hexdigest()
