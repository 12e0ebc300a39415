"""Signing up and saying yes: the same answer for everybody, and nobody listed without a yes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smakom_mail.services.public.deciding import decide
from smakom_mail.services.storing import Store
from smakom_mail.store.letters import Letter
from smakom_mail.store.people import find_by_key
from smakom_mail.store.requests import requests_of
from tests.content.people.naughty import NAUGHTY
from tests.web.public.test_leaving_pages import buttons, heading
from tests.web.public.visiting import BO, KIM, Answer, Visited, restarted, visited

NEW = "ny@kommun.se"
NO_ADDRESS = "Det ser inte ut som en e\u2011postadress. Den skrivs som namn@kommun.se."
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{7*7}}${7*7}#{7*7}",
    "javascript:alert(1)",
    "</main></body><svg onload=alert(1)>",
    "\u202eevil",
    "Anna\r\nBcc: evil@evil.example",
    "Köp på https://evil.example nu!",
    "%0d%0aSet-Cookie: a=b",
)


def stamp(pages: Visited, path: str = "/subscribe") -> str:
    """Give the stamp of a form that was shown, and read for a while."""
    found = re.search(r'name="stamp" value="([^"]+)"', pages.get(path).text)
    assert found
    pages.clock.passes(seconds=10)
    return found[1]


def sign_up(pages: Visited, email: str, name: str = "", **more: str) -> Answer:
    """Sign up as a person does."""
    fields = {"lang": "sv", "email": email, "name": name, "website": "", "stamp": stamp(pages)}
    return pages.post("/subscribe", fields | more)


def watch(pages: Visited, told: Callable[[str], None] | None) -> None:
    """Let every statement of the desk be told."""

    def job(store: Store) -> None:
        store.database._connection.set_trace_callback(told)  # noqa: SLF001 - SQLite tells only here

    pages.site.desk.submit_alone(job).result()


def letter_to(pages: Visited, email: str) -> Letter:
    """Give the one letter to an address, as it is about to be composed."""
    [letter] = pages.letters(email)
    with pages.store.database.transaction():
        decided = decide(pages.store, letter, pages.site.at())
    assert decided is not None
    return decided


def test_a_sign_up_asks_by_letter_and_lists_nobody(pages: Visited) -> None:
    page = sign_up(pages, NEW, "Nya Nyman")

    assert (page.status, heading(page)) == (200, "Titta i din inkorg")
    letter = letter_to(pages, NEW)
    assert (letter.kind, letter.language, letter.email, letter.state) == (
        ("sign-up", "sv", NEW, "waiting")
    )
    assert find_by_key(pages.store.database, NEW) is None


def test_the_yes_behind_the_link_makes_a_subscriber_with_the_words_that_were_shown(
    pages: Visited,
) -> None:
    sign_up(pages, NEW, "Nya Nyman")
    link = f"/confirm/{letter_to(pages, NEW).token}"
    before = pages.contents()
    page = pages.get(link)
    pages.get(link, method="HEAD")
    assert (heading(page), buttons(page)) == (
        "Ja, jag vill ha Exempelföreningens nyhetsbrev",
        ["Ja, börja prenumerera"],
    )
    assert pages.contents() == before
    words = (
        "Jag vill få Exempelföreningens nyhetsbrev (Prenumeranter) med e-post från "
        "Exempelföreningen. "
        "Jag kan avsluta när som helst."
    )
    assert words.replace("e-post", "e\u2011post") in page.text

    done = pages.post(link, {"lang": "sv", "name": "Nya Nyman"})

    assert (done.status, heading(done)) == (200, "Välkommen!")
    person = pages.who(NEW)
    assert (person.name, person.language, pages.lists(NEW)) == (
        ("Nya Nyman", "sv", {"prenumeranter": "confirmed"})
    )
    assert [(c.list_slug, str(c.basis), c.wording) for c in person.consents] == [
        ("prenumeranter", "consent", words)
    ]
    after = pages.contents()
    assert pages.post(link, {"lang": "sv"}).body == done.body
    assert pages.contents() == after


def test_known_and_unknown_are_answered_alike_by_the_same_work(pages: Visited) -> None:
    """What is done is compared, not how long it took: the same statements, the same rows."""
    left = "har-lamnat@kommun.se"
    sign_up(pages, left)
    pages.post(f"/confirm/{letter_to(pages, left).token}")
    pages.post(f"/u/{pages.token(left)}", {"all": "1"})
    pages.clock.passes(days=2)
    done: dict[str, tuple[str, list[str]]] = {}
    for email in (KIM, left, "ingen@kommun.se"):
        statements: list[str] = []
        watch(pages, statements.append)
        answer = sign_up(pages, email)
        watch(pages, None)
        shapes = [re.sub(r"'[^']*'|\d+", "…", statement) for statement in statements]
        done[email] = answer.text.replace(email, "…"), shapes

    assert done[KIM] == done["ingen@kommun.se"]
    assert done[left] == done["ingen@kommun.se"]
    assert [letter_to(pages, email).kind for email in (KIM, "ingen@kommun.se")] == (
        ["already", "sign-up"]
    )


def test_one_letter_of_a_kind_in_24_hours_whatever_is_asked(pages: Visited) -> None:
    first = sign_up(pages, NEW)
    assert sign_up(pages, NEW).body == first.body
    assert sign_up(pages, "NY@Kommun.se").status == 200
    assert len(pages.letters(NEW)) == 1

    pages.clock.passes(hours=24)
    sign_up(pages, NEW)

    assert len(pages.letters(NEW)) == 2


def test_the_form_of_a_machine_is_answered_and_does_nothing(pages: Visited) -> None:
    before = pages.contents()

    assert heading(sign_up(pages, NEW, website="https://evil.example")) == "Titta i din inkorg"
    assert pages.contents() == before


@pytest.mark.parametrize("given", ["", "0.00", "1763812800.ab", "x" * 1000, "१.२"])
def test_a_form_without_a_stamp_of_ours_is_shown_again_filled_in(
    pages: Visited, given: str
) -> None:
    page = sign_up(pages, NEW, "Nya Nyman", stamp=given)

    assert page.status == 422
    assert "Tryck en gång till" in page.text
    assert f'value="{NEW}"' in page.text
    assert 'value="Nya Nyman"' in page.text
    assert pages.letters(NEW) == []


def test_a_form_that_comes_too_soon_or_too_late_is_shown_again(pages: Visited) -> None:
    fields = {"email": NEW, "stamp": stamp(pages)}
    pages.clock.passes(seconds=-9)
    assert pages.post("/subscribe", fields).status == 422

    pages.clock.passes(days=1, seconds=9)
    assert pages.post("/subscribe", fields).status == 422
    assert pages.letters(NEW) == []


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}],
)
def test_another_sites_form_leads_to_ours(pages: Visited, headers: dict[str, str]) -> None:
    fields = {"email": NEW, "stamp": stamp(pages)}

    assert pages.post("/subscribe", fields, headers).status == 422
    assert pages.letters(NEW) == []
    assert pages.post("/subscribe", fields, {"origin": "null"}).status == 200


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Skriv din e\u2011postadress."),
        ("anna", NO_ADDRESS),
        ("anna@localhost", NO_ADDRESS),
        ("a@kommun.example.", NO_ADDRESS),
        ("anna@", NO_ADDRESS),
        ("a@b.se, c@d.se", "Skriv bara en e\u2011postadress."),
        (
            "åsa@kommun.se",
            (
                "Före @ kan det inte stå å, ä, ö eller andra särskilda bokstäver. Ofta står det "
                "a eller o i stället."
            ),
        ),
    ],
)
def test_an_address_that_is_none_is_explained(pages: Visited, email: str, words: str) -> None:
    page = sign_up(pages, email)

    assert page.status == 422
    assert f'<a href="#email">{words}</a>' in page.text
    assert 'aria-invalid="true" aria-describedby="fault" autofocus>' in page.text
    assert "<title>Fel: Få Exempelföreningens nyhetsbrev – " in page.text
    assert page.text.index('id="fault"') < page.text.index("<h1>")


UNLIMITED = '[serve]\nnetwork_rate = "unlimited"\ntotal_rate = "unlimited"\n'


def test_nothing_that_is_typed_is_ever_markup(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", UNLIMITED) as pages:
        known = stamp(pages)
        for text in (*ATTACKS, *NAUGHTY):
            for fields in ({"email": text}, {"email": NEW, "name": text}, {"lang": text}):
                page = pages.post("/subscribe", {"stamp": known, "email": "x"} | fields)
                assert page.status in (200, 413, 422), text
                assert not re.search("<(script|svg|img src=x)", page.text), text
                assert page.text.count("</html>") == 1, text
        assert {(each.email, each.why) for each in pages.letters(NEW)} == {(NEW, "")}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gets_a_page(pages: Visited, email: str, name: str) -> None:
    assert sign_up(pages, email, name).status in (200, 422, 429)


def test_a_network_has_a_budget_that_survives_a_restart(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", '[serve]\nnetwork_rate = "3/h"\n') as pages:
        assert [sign_up(pages, f"a{n}@kommun.se").status for n in range(5)] == [
            200, 200, 200, 429, 429,
        ]  # fmt: skip
        # Who knows the database cannot ask it who asked.
        assert "127.0.0.1" not in str(pages.contents()["budgets"])
        with restarted(pages) as again:
            assert sign_up(again, "b@kommun.se").status == 429
            pages.clock.passes(hours=1)
            assert sign_up(again, "b@kommun.se").status == 200


def test_all_together_have_a_budget_and_leaving_has_none(tmp_path: Path) -> None:
    settings_ = '[serve]\ntotal_rate = "4/day"\n'
    with visited(tmp_path / "brev", settings_) as pages:
        given_stamp = stamp(pages)
        statuses = [
            pages.post(
                "/subscribe",
                {"email": f"a{n}@kommun.se", "stamp": given_stamp},
                {"x-forwarded-for": f"198.51.100.{n}"},
            ).status
            for n in range(6)
        ]
        assert statuses == [200, 200, 200, 200, 429, 429]
        for _ in range(30):
            assert pages.post(f"/u/{pages.token(BO)}").status == 200


def test_sign_ups_keep_nobody_from_her_own_page(tmp_path: Path) -> None:
    rates = 'total_rate = "2/day"\nnetwork_rate = "2/h"\npreferences_rate = "1/day"\n'
    settings_ = f'[serve]\n{rates}contact = "webb@forening.example"\n'
    with visited(tmp_path / "brev", settings_) as pages:
        fields = {"email": KIM, "stamp": stamp(pages), "lang": "sv"}
        assert [sign_up(pages, f"a{n}@kommun.se").status for n in range(3)] == [200, 200, 429]

        assert pages.post("/preferences", fields).status == 200
        refused = pages.post("/preferences", fields)

    assert (refused.status, heading(refused)) == (429, "Vi kan inte skicka länken just nu")
    assert (
        "Många har bett om sin länk på kort tid. Försök igen om en timme, eller skriv till "
        "webb@forening.example, så får du veta vad som är sparat om dig."
    ) in refused.text


@pytest.mark.parametrize("path", ["/confirm/" + "A" * 36, "/confirm/x", "/confirm/%00"])
def test_a_link_that_asks_nothing_says_so(pages: Visited, path: str) -> None:
    before = pages.contents()

    assert heading(pages.get(path)) == "Länken gäller inte längre"
    assert pages.post(path).status == 404
    assert pages.contents() == before


def test_a_link_lasts_fourteen_days(pages: Visited) -> None:
    sign_up(pages, NEW)
    link = f"/confirm/{letter_to(pages, NEW).token}"
    pages.clock.passes(days=13, hours=23)
    assert pages.get(link).status == 200

    pages.clock.passes(hours=2)

    assert pages.get(link).status == 404
    assert pages.post(link).status == 404
    assert find_by_key(pages.store.database, NEW) is None


def test_an_old_yes_does_not_bring_back_who_has_left_since(pages: Visited) -> None:
    sign_up(pages, NEW)
    link = f"/confirm/{letter_to(pages, NEW).token}"
    pages.post(link)
    pages.post(f"/u/{pages.token(NEW)}")

    assert heading(pages.post(link)) == "Länken gäller inte längre"
    assert pages.lists(NEW) == {"prenumeranter": "left"}


def test_who_has_left_comes_back_by_a_new_yes_only(pages: Visited) -> None:
    pages.post(f"/u/{pages.token(BO)}", {"all": "1"})
    sign_up(pages, BO)
    assert pages.lists(BO) == {"prenumeranter": "left"}

    pages.post(f"/confirm/{letter_to(pages, BO).token}")

    assert pages.lists(BO) == {"prenumeranter": "confirmed"}


def test_a_complaint_is_not_taken_back_by_signing_up(pages: Visited) -> None:
    from smakom_mail.model.person import Reason
    from tests.services.receiving import say_no

    say_no(pages.store, BO, reason=Reason.COMPLAINED)
    page = sign_up(pages, BO)
    [letter] = pages.letters(BO)

    assert heading(page) == "Titta i din inkorg"
    assert heading(pages.post(f"/confirm/{letter.token}")) != "Välkommen!"
    with pages.store.database.transaction():
        assert decide(pages.store, letter, pages.site.at()) is None
    assert [each.state for each in pages.letters(BO)] == ["withheld"]


def test_an_invitation_is_confirmed_on_the_same_page(pages: Visited) -> None:
    from smakom_mail.services.subscribing.inviting import invite

    url = invite(pages.store, NEW, ("medlemmar",), pages.site.act()).url
    link = url.removeprefix("https://nyhetsbrev.forening.example")
    assert heading(pages.get(link)) == "Ja, jag vill ha Exempelföreningens nyhetsbrev"

    assert heading(pages.post(link)) == "Välkommen!"
    assert pages.lists(NEW) == {"medlemmar": "confirmed"}
    assert heading(pages.post(link)) == "Välkommen!"


def test_retention_counts_and_deletes_who_never_confirmed(pages: Visited) -> None:
    from smakom_mail.services.subscribing.retaining import retain

    sign_up(pages, NEW)
    pages.clock.passes(days=14, hours=1)
    act, now = pages.site.act(), pages.clock()

    assert retain(pages.store, act, now, apply=False).unanswered == 1
    assert retain(pages.store, act, now, apply=True).unanswered == 1
    assert retain(pages.store, act, now, apply=False).unanswered == 0


def test_a_wrong_address_leaves_nothing_behind_after_fourteen_days(pages: Visited) -> None:
    from smakom_mail.services.public.tidying import Tidied, tidy
    from smakom_mail.services.subscribing.finding import find

    sign_up(pages, NEW, "Nya Nyman")
    pages.clock.passes(days=14, hours=1)

    done = pages.site.desk.submit_alone(lambda store: tidy(store, pages.clock())).result()

    assert done == Tidied(unanswered=1, letters=1)
    assert requests_of(pages.store.database, NEW) == ()
    assert find(pages.store, NEW).noes == ()
    data = pages.store.database.path.read_bytes()
    assert NEW.encode() not in data
    assert b"Nyman" not in data
