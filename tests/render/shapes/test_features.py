"""Every feature that a program lacks is gone from its shape, and cited; the rest stays."""

import pytest

from smakom_mail.render.caniemail import features
from smakom_mail.render.shapes import CLIENTS, shape_for
from smakom_mail.render.shapes.coverage import LEFT_ALONE, UNSEEN, applied
from smakom_mail.render.shapes.facts import FACTS
from tests.render.shapes.drawing import EVERY_CLIENT
from tests.render.shapes.samples import OTHERS, SAMPLES, SUPPORTED

APPLIED = [(client, feature) for client in EVERY_CLIENT for feature in applied(client)]


@pytest.mark.parametrize(("client", "feature"), APPLIED)
def test_what_a_program_lacks_is_gone_and_cited(client: str, feature: str) -> None:
    words, document = OTHERS.get((client, feature)) or SAMPLES[feature]
    shape = shape_for(document, client)
    assert words in document
    assert words not in shape.html
    assert feature in [loss.feature for loss in shape.losses]


@pytest.mark.parametrize("client", EVERY_CLIENT)
def test_nothing_is_cited_that_is_not_said_to_be_applied(client: str) -> None:
    cited = {
        loss.feature
        for _, document in (*SAMPLES.values(), *OTHERS.values())
        for loss in shape_for(document, client).losses
    }
    assert sorted(cited - set(applied(client)) - set(FACTS)) == []


@pytest.mark.parametrize("client", EVERY_CLIENT)
def test_what_a_program_supports_is_untouched(client: str) -> None:
    shape = shape_for(SUPPORTED, client)
    assert shape.losses == ()
    words = (
        '<p style="color: red; font-weight: bold; text-align: left">ord</p>'
        '<table><tr><td bgcolor="#ffffff" style="padding: 4px 8px; vertical-align: top">'
        '<a href="https://a.example/">länk</a><img src="a.png" alt="x" width="100">'
    )
    assert words in shape.html


@pytest.mark.parametrize("client", EVERY_CLIENT)
def test_a_feature_that_a_program_has_is_not_lost_by_it(client: str) -> None:
    known = CLIENTS[client].program
    has = [
        slug
        for slug in SAMPLES
        if features()[slug].support.get(known) == "y" and slug not in applied(client)
    ]
    wrong = [
        slug
        for slug in has
        if slug in {loss.feature for loss in shape_for(SAMPLES[slug][1], client).losses}
    ]
    assert len(has) > 10
    assert wrong == []


def test_a_shape_is_made_of_features_that_the_data_knows() -> None:
    slugs = {*SAMPLES, *UNSEEN, *(slug for _, slug in LEFT_ALONE), *(slug for _, slug in OTHERS)}
    assert sorted(slugs - set(features())) == []


def test_every_client_applies_as_much_as_the_data_says() -> None:
    assert {client: len(applied(client)) for client in EVERY_CLIENT} == {
        "gmail": 142,
        "gmail-other": 126,
        "outlook-windows": 231,
        "outlook-com": 122,
        "yahoo": 163,
        "apple-mail": 9,
        "samsung": 34,
    }


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_our_own_has_a_source_and_is_no_feature_of_the_data(name: str) -> None:
    fact = FACTS[name]
    assert name not in features()
    assert fact.source
    assert set(fact.clients) <= set(CLIENTS)


@pytest.mark.parametrize("client", EVERY_CLIENT)
def test_every_reason_is_a_sentence_about_the_program_in_both_languages(client: str) -> None:
    known = CLIENTS[client]
    for feature in applied(client):
        _, document = OTHERS.get((client, feature)) or SAMPLES[feature]
        for loss in shape_for(document, client).losses:
            for why, name in ((loss.why_sv, known.name_sv), (loss.why_en, known.name_en)):
                assert why.startswith(f"{name} ")
                assert why.endswith(".")
                assert "{" not in why
