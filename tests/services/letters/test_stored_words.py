"""What the program itself wrote down of a person is told to her in her own language."""

from pathlib import Path

import pytest

from smakom_mail.content.people.scripts import script_flags
from smakom_mail.locale.held_stored import stored_words
from smakom_mail.mail.smtp.verdicts import RULES, TAKEN
from smakom_mail.services.letters import ledger, post
from smakom_mail.services.letters.wording import content_of
from smakom_mail.services.public import confirming, preferences
from smakom_mail.services.public.asking import ask_holdings
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing import inviting
from smakom_mail.store.letters import letters_of
from tests.web.public.test_leaving_pages import heading
from tests.web.public.test_own_page import decided
from tests.web.public.test_signing_pages import NEW, letter_to, sign_up
from tests.web.public.visiting import BO, Visited, visited

MOVED = "nya-ny@kommun.se"
WRITTEN = (
    confirming._BY,  # noqa: SLF001 - what the database is told
    preferences._BY,  # noqa: SLF001 - as above
    inviting.BY_LINK,
    inviting.BY_MAIL,
    ledger._SAID,  # noqa: SLF001 - as above
    ledger._MOVED,  # noqa: SLF001 - as above
    ledger.GIVEN_UP,
    post.LAID,
    TAKEN,
    *(rule.why for rule in RULES),
    *script_flags("\u0430nna"),
)


@pytest.mark.parametrize("text", sorted(set(WRITTEN)))
def test_what_the_program_writes_has_swedish_words(text: str) -> None:
    assert stored_words(text, "sv") != text
    assert stored_words(text, "en") == text


def test_a_file_that_somebody_was_imported_from_is_told_in_swedish() -> None:
    assert stored_words("import of folk.csv", "sv") == "inläst ur filen folk.csv"
    assert stored_words("import of folk.csv", "en") == "import of folk.csv"


def test_what_somebody_else_wrote_is_told_as_it_is() -> None:
    assert stored_words("Årsmötet <2024>", "sv") == "Årsmötet <2024>"


def told(store: Store, email: str) -> tuple[str, str]:
    """Give where the letter that was asked for leads, and all that it tells."""
    [letter] = [each for each in letters_of(store.database, email) if each.kind == "holdings"]
    content = content_of(store, letter)
    return content.url, str(content.groups)


def test_the_letter_is_swedish_and_leads_to_her_own_page(tmp_path: Path) -> None:
    with visited(tmp_path / "brev") as pages:
        signed_up_and_moved(pages)
        pages.post(pages.page(MOVED), {"do": "holdings", "lang": "sv"})
        url, groups = told(pages.store, MOVED)

        assert url.startswith("https://nyhetsbrev.forening.example/preferences/")
        own = url.removeprefix("https://nyhetsbrev.forening.example")
        assert heading(pages.get(own)) == "Din prenumeration"
    assert "anmäld på webben och bekräftad med länken som skickades till adressen" in groups
    assert "inskrivet" not in groups
    for english in ("signed up", "chosen on", "new address", "by the link"):
        assert english not in groups


def test_letters_that_went_to_an_address_of_before_are_still_listed(tmp_path: Path) -> None:
    with visited(tmp_path / "brev") as pages:
        signed_up_and_moved(pages)
        pages.post(pages.page(MOVED), {"do": "holdings", "lang": "sv"})
        _, groups = told(pages.store, MOVED)

    for kind in ("bekräfta prenumeration", "bekräfta ny adress", "adressen är ändrad"):
        assert kind in groups


def signed_up_and_moved(pages: Visited) -> None:
    """Let somebody sign up, say yes, and change her address."""
    sign_up(pages, NEW, "Nya Nyman")
    pages.post(f"/confirm/{letter_to(pages, NEW).token}", {"name": "Nya Nyman"})
    with pages.store.database.transaction():
        pages.store.database.run("UPDATE letters SET state = 'accepted'")
    pages.post(pages.page(NEW), {"do": "address", "email": MOVED, "lang": "sv"})
    letter = decided(pages, MOVED)
    assert letter is not None
    pages.post(f"/confirm/{letter.token}")


def test_where_no_page_answers_the_letter_leads_to_none(tmp_path: Path) -> None:
    with visited(tmp_path / "brev") as pages:
        settings = pages.root / "smakom-mail.toml"
        text = settings.read_text("utf-8")
        settings.write_text(text.replace("[site]\n", "[site]\npages = false\n"), "utf-8")
        from tests.services.receiving import opened

        with opened(pages.root) as store:
            with store.database.transaction():
                ask_holdings(store, pages.who(BO), "sv", pages.site.at())
            assert told(store, BO)[0] == ""
