"""The message of a letter: to one address, from the newsletter, with nothing typed in it."""

import asyncio
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from smakom_mail.config.measures import NO_LIMIT
from smakom_mail.content.people.address import readable
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.readback import is_wire_form
from smakom_mail.services.letters.composing import Composed, Composer
from smakom_mail.services.letters.ledger import LetterLedger
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.store.letters import Kind, find_letter
from smakom_mail.store.people import find_by_key
from tests.mail.verifying import dkimpy_accepts, signer
from tests.services.letters.writing import (
    KIM,
    SECRET,
    Hands,
    add,
    address,
    kept,
    newsletter,
    opened,
    outbox,
    parts,
    passed,
    person,
    place,
    read,
    wanted,
)

KINDS: tuple[Kind, ...] = (
    *("sign-up", "already", "preferences", "nothing"),
    *("holdings", "address", "moved", "erasure"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return newsletter(tmp_path / "brev")


def composed(root: Path, id_: str, composer: Composer | None = None) -> Composed:
    """Compose a letter as the sender does."""
    workplace = place(root, SECRET)
    with opened(root, SECRET) as store:
        ledger = LetterLedger(
            store, composer or Composer(workplace), Throttle(NO_LIMIT), "", Hands().clock()
        )
        letter = find_letter(store.database, id_)
        assert letter is not None
        found = ledger.compose(letter)
    assert found is not None
    return found


def message(
    root: Path, kind: Kind = "sign-up", language: str = "sv", to: str = KIM
) -> EmailMessage:
    """Compose a letter of a kind and read it."""
    with opened(root, SECRET) as store:
        if kind == "preferences" and not find_by_key(store.database, address(to).key):
            add(store, person(store, to))
        whose = find_by_key(store.database, address(to).key)
        person_id = whose.id if whose and kind != "sign-up" else ""
        id_ = wanted(store, to, kind, language=language, person_id=person_id)
    return read(b"".join(composed(root, id_).parts))


def test_the_headers_say_who_it_is_from_and_that_a_program_wrote_it(root: Path) -> None:
    found = message(root)
    assert list(found.items())[:-1] == [
        ("From", "Exempelföreningen <nyhetsbrev@forening.example>"),
        ("To", KIM),
        ("Reply-To", "Exempelföreningen <kansli@forening.example>"),
        ("Subject", "Bekräfta att du vill få Exempelföreningens nyhetsbrev"),
        ("Date", "Sun, 22 Nov 2026 12:00:00 +0000"),
        ("Message-ID", found["Message-ID"]),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "sv"),
        ("MIME-Version", "1.0"),
    ]
    assert re.fullmatch(r"<[a-z2-7]{26}@nyhetsbrev\.forening\.example>", found["Message-ID"])


def test_a_letter_can_be_signed_and_goes_on_the_wire_as_it_is(root: Path) -> None:
    with opened(root, SECRET) as store:
        id_ = wanted(store)
    data = b"".join(composed(root, id_, Composer(place(root, SECRET), signer())).parts)
    assert (is_wire_form(data), dkimpy_accepts(data)) == (True, True)
    assert not dkimpy_accepts(data.replace(b"To: kim@", b"To: bo@", 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_letter_names_its_address_and_says_what_doing_nothing_means(
    root: Path, kind: Kind, language: str
) -> None:
    text, html = parts(message(root, kind, language))
    assert KIM in text
    assert KIM in html
    assert ("{" in text, "None" in text) == (False, False)
    said = text.replace(" \n", " ").lower()
    inaction = {
        "sv": ("då behöver du inte göra någonting", "svara på det här brevet"),
        "en": ("then you need not do anything", "answer this letter"),
    }
    assert any(words in said for words in inaction[language])


LINKS = {
    "sign-up": "/confirm/",
    "address": "/confirm/",
    "erasure": "/confirm/",
    "already": "/preferences/",
    "preferences": "/preferences/",
    "nothing": "/subscribe",
    "holdings": "/preferences/",
    "moved": "",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_has_its_one_link_in_both_parts(root: Path, kind: Kind) -> None:
    text, html = parts(message(root, kind))
    site = "https://nyhetsbrev.forening.example"
    own = {url for url in re.findall(rf"{site}[^\s\"<>]*", html) if not url.endswith("/privacy")}
    assert len(own) == (1 if LINKS[kind] else 0)
    for url in own:
        assert url.startswith(site + LINKS[kind])
        assert f"<{url}>" in text


def test_a_letter_fetches_nothing_from_anywhere(root: Path) -> None:
    _, html = parts(message(root))
    assert re.findall(r"<img|<script|<iframe|<object|url\(|@import|\ssrc=", html) == []


@pytest.mark.parametrize(
    "email",
    [
        "o'brien+{{7*7}}@kommun.example",
        "zq123x00000z@kommun.example",
        "{email}@kommun.example",
        "a&amp=%20$!#*?^_`|~@kommun.example",
        "kim@xn--exempelby-kommun-x1b.example",
        "k" * 64 + "@" + "kommun." * 20 + "example",
    ],
)
def test_an_odd_address_is_shown_as_it_is(root: Path, email: str) -> None:
    with opened(root, SECRET) as store:
        id_ = wanted(store, email)
        shown = readable(kept(root, id_).email)
    text, _ = parts(read(b"".join(composed(root, id_).parts)))
    assert shown in text.replace(" \n", " ")


def test_a_name_that_somebody_typed_is_in_no_letter(root: Path) -> None:
    with opened(root, SECRET) as store:
        add(store, person(store, KIM, name="Vinn <b>pengar</b> på https://evil.example"))
    for kind in KINDS:
        if kind == "holdings":
            continue
        text, html = parts(message(root, kind))
        assert ("pengar" in text + html, "evil" in text + html) == (False, False)


def test_with_several_lists_a_sign_up_names_its_own(root: Path) -> None:
    with opened(root, SECRET) as store:
        both = wanted(store, KIM, lists=["prenumeranter", "medlemmar"])
        one = wanted(store, "bo@b.example", lists=["medlemmar"])
    texts = [parts(read(b"".join(composed(root, each).parts)))[0] for each in (both, one)]
    assert "Anmälan gäller: Prenumeranter, Medlemmar." in texts[0]
    assert "Anmälan gäller: Medlemmar." in texts[1]


def test_an_invitation_says_that_the_sender_asks(root: Path) -> None:
    with opened(root, SECRET) as store:
        id_ = wanted(store, person_id="somebody")
    text, _ = parts(read(b"".join(composed(root, id_).parts)))
    assert text.replace(" \n", " ").split("\n\n")[2] == (
        "Exempelföreningen frågar om du vill få Exempelföreningens nyhetsbrev till "
        f"{KIM}. Ingenting skickas dit förrän du har sagt ja."
    )
    assert "raderas efter" not in text


def test_what_is_asked_turns_out_to_be_about_who_it_is(root: Path) -> None:
    with opened(root, SECRET) as store:
        add(store, person(store, KIM))
        known, unknown = wanted(store, KIM), wanted(store, "ny@kommun.example")
        page = wanted(store, "okand@kommun.example", "preferences")
    asyncio.run(passed(root, SECRET))
    assert [kept(root, each).kind for each in (known, unknown, page)] == [
        "already",
        "sign-up",
        "nothing",
    ]
    assert sorted(each["Subject"] for each in outbox(root)) == [
        "Bekräfta att du vill få Exempelföreningens nyhetsbrev",
        "Du får redan Exempelföreningens nyhetsbrev",
        "Ingen prenumeration på den här adressen",
    ]


# --------------------------------------------------------------------- layouts that cannot draw it


def test_a_layout_from_before_there_were_letters_has_the_shipped_looks(root: Path) -> None:
    expected = parts(message(root, "nothing"))[1]
    for name in ("letter.mjml.j2", "letter.txt.j2"):
        (root / "layouts" / "smakom" / name).unlink()
    composer = Composer(place(root, SECRET))
    with opened(root, SECRET) as store:
        id_ = wanted(store, kind="nothing")
    assert parts(read(b"".join(composed(root, id_, composer).parts)))[1] == expected
    assert composer.fault == "the layout smakom has no letter.mjml.j2 and letter.txt.j2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ link.label }}", "{{ link.lable }}"),
        ("{{ link.url }}", "https://forening.example/"),
        ("{{ paragraph }}", ""),
        ("<mj-body", "<mj-bodyy"),
    ],
)
def test_a_template_that_leaves_out_what_must_be_said_is_not_used(
    root: Path, old: str, new: str
) -> None:
    file = root / "layouts" / "smakom" / "letter.mjml.j2"
    source = file.read_text("utf-8")
    assert old in source
    file.write_text(source.replace(old, new), "utf-8")
    composer = Composer(place(root, SECRET))
    with opened(root, SECRET) as store:
        id_ = wanted(store)
    _, html = parts(read(b"".join(composed(root, id_, composer).parts)))
    assert "/confirm/" in html
    assert "av dig själv eller av någon annan" in html
    assert composer.fault


def test_an_address_that_would_be_two_headers_is_refused(root: Path) -> None:
    with opened(root, SECRET) as store:
        id_ = wanted(store)
        with store.database.transaction():
            store.database.run(
                "UPDATE letters SET email = :odd", {"odd": "a@a.example\r\nBcc: b@b.example"}
            )
        letter = find_letter(store.database, id_)
        assert letter is not None
        with pytest.raises(SmakomMailError, match="the control character"):
            Composer(place(root, SECRET)).compose(store, letter)


def test_where_no_page_answers_a_letter_leads_to_none_about_privacy(root: Path) -> None:
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[site]\n", "[site]\npages = false\n"), "utf-8")
    found = message(root, "moved")
    assert "/privacy" not in "".join(parts(found))
