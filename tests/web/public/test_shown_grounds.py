"""A reader's own page says by what right she is written to, and since when."""

from smakom_mail.model.person import Basis, Consent
from smakom_mail.store.changing import record_consent
from tests.web.public.visiting import BO, KIM, Visited


def grounded(pages: Visited, email: str, consent: Consent) -> str:
    """Record a ground; give the text of the page."""
    with pages.store.database.transaction():
        record_consent(pages.store.database, pages.who(email).id, consent, pages.site.act())
    return pages.get(pages.page(email)).text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_ground_of_each_list_that_she_gets_is_told(pages: Visited) -> None:
    at = "2025-02-03T08:00:00.000+00:00"
    text = grounded(pages, KIM, Consent("medlemmar", Basis.MEMBERSHIP, at, "register", ""))

    assert "<h3>Varför vi får skriva till dig</h3>" in text
    assert (
        "<li><strong>Prenumeranter:</strong> Du har sagt ja (samtycke). Sedan den 1 mars 2024.</li>"
    ) in text
    assert (
        "<li><strong>Medlemmar:</strong> Du är kontakt hos en medlem (medlemskap). Sedan den "
        "3 februari 2025.</li>"
    ) in text


def test_of_one_list_the_newest_ground_counts_also_one_for_every_list(pages: Visited) -> None:
    text = grounded(pages, BO, Consent("", Basis.PUBLIC_TASK, "2025-02-03", "beslut", ""))

    assert (
        "<li>Det är en uppgift av allmänt intresse att nå dig. Sedan den 3 februari 2025.</li>"
    ) in text


def test_in_english_too_and_not_for_who_gets_nothing(pages: Visited) -> None:
    page = f"{pages.page(BO)}?lang=en"
    assert "<li>You have said yes (consent). Since 1 March 2024.</li>" in (
        pages.get(page).text.replace("\N{NO-BREAK SPACE}", " ")
    )

    pages.post(pages.page(BO), {"do": "lists"})

    assert "Why we may write to you" not in pages.get(page).text
