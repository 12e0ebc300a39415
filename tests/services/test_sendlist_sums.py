"""Whatever has happened to whom: everybody is counted once, and nobody who said no is planned."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.model.person import MembershipState, Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.surveying import is_usual
from smakom_mail.store.changing import set_membership
from smakom_mail.store.erasing import forget
from smakom_mail.store.people import each_person, find_by_key
from tests.services.receiving import (
    THEN,
    add,
    aimed_at,
    cells,
    left_by,
    listed,
    newsletter,
    opened,
    person,
    say_no,
)

ADDRESSES = [f"p{number}@a.example" for number in range(8)]
LISTS = ("prenumeranter", "medlemmar")
NAMES = ("", "Åsa Ek", "anna Ek", "Örjan Ek", "Zoe Ek", "Ärla Ek")
AUDIENCES = (
    "list:prenumeranter",
    "list:medlemmar and not tag:styrelse",
    "list:prenumeranter or list:medlemmar",
    "not list:medlemmar",
    "tag:styrelse or organisation:åmål",
    "everyone",
)

address = st.sampled_from(ADDRESSES)
one_list = st.sampled_from(LISTS)
arrival = st.tuples(
    st.just("arrive"),
    address,
    st.sets(one_list, min_size=1),
    st.sampled_from(MembershipState),
    st.sampled_from(NAMES),
    st.sampled_from(("", "Åmål")),
    st.booleans(),
    st.booleans(),
)
no = st.tuples(
    st.just("no"), address, st.sampled_from(("", *LISTS)), st.sampled_from([*Reason][:3])
)
move = st.tuples(st.just("move"), address, one_list, st.sampled_from(MembershipState))
erasure = st.tuples(st.just("forget"), address)
operations = st.lists(st.one_of(arrival, arrival, no, move, erasure), max_size=25)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a newsletter whose edition has an audience; each example brings its own database."""
    root = newsletter(tmp_path_factory.mktemp("sums") / "brev")
    aimed_at(root, "everyone")
    return root


def carry_out(store: Store, operation: tuple[object, ...], noes: set[tuple[str, str]]) -> None:
    """Do one thing to one person, and remember the noes that were said."""
    match operation:
        case ("arrive", str(email), set(lists), MembershipState() as state, str(name), *rest):
            organisation, consent, tagged = rest
            if find_by_key(store.database, email) or (email, "forgotten") in noes:
                return
            newcomer = person(
                store,
                email,
                *sorted(lists),
                name=name,
                organisation=str(organisation),
                tags=["styrelse"] if tagged else [],
                state=state,
                consent=bool(consent),
            )
            add(store, newcomer)
        case ("no", str(email), str(list_slug), Reason() as reason):
            say_no(store, email, list_slug, reason)
            noes.add((email, list_slug))
        case ("move", str(email), str(list_slug), MembershipState() as state):
            if found := find_by_key(store.database, email):
                with store.database.transaction():
                    set_membership(store.database, found.id, list_slug, state, THEN)
        case ("forget", str(email)):
            if found := find_by_key(store.database, email):
                forget(store.database, store.journal, found.id, THEN)
                noes |= {(email, ""), (email, "forgotten")}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=operations, audience=st.sampled_from(AUDIENCES))
def test_everybody_is_counted_once_and_no_is_no(
    root: Path, operations: list[tuple[object, ...]], audience: str
) -> None:
    toml = root / "newsletters/exempel/edition.toml"
    *lines, _ = toml.read_text(encoding="utf-8").splitlines()
    toml.write_text("\n".join([*lines, f"audience = '{audience}'\n"]), encoding="utf-8")
    noes: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"SMAKOM_MAIL_DATABASE": f"sqlite:///{folder}/people.db"}
        with opened(root, environment) as store:
            for operation in operations:
                carry_out(store, operation, noes)
            everybody = {each.email: each.sort_key for each in each_person(store.database)}
        out, inte = Path(folder, "ut.csv"), Path(folder, "inte.csv")
        found = listed(root, out=out, excluded=inte, environment=environment)
        planned, excluded = ([row["email"] for row in cells(file)] for file in (out, inte))
        with opened(root, environment) as store:
            reached = {(row["email"], slug) for row in cells(out) for slug in left_by(store, row)}

    assert sorted(planned + excluded) == sorted(everybody)
    assert (found.planned, found.candidates) == (len(planned), len(everybody))
    assert found.candidates == found.planned + sum(number for _, number in found.excluded)
    assert [email for email in planned if (email, "") in noes] == []
    assert reached & noes == set()
    assert {email for email, _ in reached} == set(planned)
    assert planned == sorted(planned, key=everybody.__getitem__)
    assert excluded == sorted(excluded, key=everybody.__getitem__)
    totals = found.by_organisation
    assert sum(each.planned + each.excluded for each in totals) == found.candidates


_LOCAL = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,66}", fullmatch=True)
_DOMAIN = st.from_regex(
    r"([a-z0-9-]{1,22}\.){1,4}([a-z0-9-]{1,22}|local|test|xn--mml)", fullmatch=True
)


@settings(max_examples=500)
@given(local=_LOCAL, domain=_DOMAIN)
def test_what_counts_as_usual_without_a_closer_look_is_an_address(local: str, domain: str) -> None:
    key = f"{local}@{domain}"

    if is_usual(key):
        found = canonical(key)
        assert isinstance(found, Address)
        assert (found.email, found.key) == (key, key)


@pytest.mark.parametrize("key", ["kim.ek@kommun.example", "a+b@x-y.example", "o'b@a.b.example"])
def test_most_addresses_are_usual(key: str) -> None:
    assert is_usual(key)
