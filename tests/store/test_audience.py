"""Who gets an edition: one verdict for each, the same as reading the rules by hand."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.config.selection import (
    And,
    Not,
    Or,
    Selection,
    SelectionFault,
    Term,
    matches,
    parse_selection,
    print_selection,
)
from smakom_mail.model.person import MembershipState, Reason
from smakom_mail.store import Database, open_database
from smakom_mail.store.audience import (
    OrganisationCount,
    candidates,
    count_organisations,
    count_verdicts,
)
from smakom_mail.store.changing import set_membership
from smakom_mail.store.erasing import forget
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.suppressions import lift
from tests.store.peopled import (
    LISTS,
    NOW,
    added,
    fingerprint,
    journal_of,
    no,
    person,
    say_no,
)

SLUGS = tuple(each.slug for each in LISTS)


def selected(text: str) -> Selection:
    """Read a selection that has no fault."""
    found = parse_selection(text)
    assert not isinstance(found, SelectionFault)
    return found


def verdicts(database: Database, text: str) -> list[str]:
    """Give everybody with the verdict, or the lists that reach."""
    return [
        f"{each.key.split('@')[0]}: {each.excluded or '+'.join(each.lists)}"
        for each in candidates(database, selected(text))
    ]


@pytest.fixture
def peopled(database: Database) -> Database:
    """Add people of every standing."""
    pending, left = MembershipState.PENDING, MembershipState.LEFT
    ids = added(
        database,
        person("anna@nas.example", "medlemmar", organisation="Näs", tags=("Styrelse",)),
        person("bo@nas.example", "medlemmar", "press", organisation="NÄS", language="en"),
        person("cia@nas.example", "medlemmar", state=pending),
        person("dan@nas.example", "medlemmar", state=left),
        person("eva@nas.example", "medlemmar", consent=False),
        person("fia@nas.example", "press"),
        person("gun@nas.example"),
        person("hal@nas.example", "medlemmar"),
        person("ida@nas.example", "medlemmar"),
        person("jon@nas.example", "medlemmar", "press"),
        person("kai@nas.example", "medlemmar"),
    )
    say_no(
        database,
        no("hal@nas.example", "", Reason.BOUNCED),
        no("ida@nas.example"),
        no("jon@nas.example", "medlemmar"),
        no("jon@nas.example", "press", Reason.MANUAL),
    )
    forget(database, journal_of(database), ids[-1], NOW)
    return database


def test_each_candidate_has_one_verdict(peopled: Database) -> None:
    assert verdicts(peopled, "list:medlemmar") == [
        "cia: unconfirmed",
        "dan: unsubscribed",
        "eva: no consent",
        "fia: not in selection",
        "gun: not in selection",
        "hal: suppressed (bounced)",
        "ida: unsubscribed",
        "jon: unsubscribed",
        "anna: medlemmar",
        "bo: medlemmar",
    ]


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("list:press", "fia=press bo=press"),
        ("list:medlemmar or list:press", "fia=press anna=medlemmar bo=medlemmar+press"),
        ("list:medlemmar and list:press", "bo=medlemmar+press"),
        ("list:medlemmar and not list:press", "anna=medlemmar"),
        ("list:medlemmar and not tag:styrelse", "bo=medlemmar"),
        ("tag:styrelse", "anna=medlemmar"),
        ("everyone", "fia=press anna=medlemmar bo=medlemmar+press"),
        ("organisation:näs", "anna=medlemmar bo=medlemmar+press"),
        ("language:en", "bo=medlemmar+press"),
        ("not list:medlemmar", "fia=press"),
        ("not not list:medlemmar", "anna=medlemmar bo=medlemmar"),
        ("list:styrelse or tag:styrelse", "anna=medlemmar"),
        ("list:nowhere", ""),
        ("tag:nowhere or organisation:nowhere", ""),
    ],
)
def test_a_selection_plans_those_it_reaches_and_by_which_lists(
    peopled: Database, text: str, planned: str
) -> None:
    found = [
        f"{each.key.split('@')[0]}={'+'.join(each.lists)}"
        for each in candidates(peopled, selected(text))
        if not each.excluded
    ]

    assert found == planned.split()


@pytest.mark.parametrize("text", ["list:medlemmar", "everyone", "not list:press", "tag:styrelse"])
def test_the_counts_are_those_of_the_stream(peopled: Database, text: str) -> None:
    streamed = Counter(each.excluded for each in candidates(peopled, selected(text)))

    assert count_verdicts(peopled, selected(text)) == streamed
    assert streamed.total() == 10


def test_whoever_left_a_list_is_not_reached_through_a_tag(database: Database) -> None:
    (id_,) = added(database, person("kim@nas.example", "medlemmar", "press", tags=("ny",)))
    with database.transaction():
        set_membership(database, id_, "medlemmar", MembershipState.LEFT, NOW)

    assert verdicts(database, "list:medlemmar or tag:ny") == ["kim: unsubscribed"]
    assert verdicts(database, "list:medlemmar or list:press") == ["kim: press"]
    assert verdicts(database, "tag:ny") == ["kim: press"]


def test_a_no_that_only_the_journal_had_stands_where_there_is_no_membership(
    database: Database,
) -> None:
    added(database, person("kim@nas.example", "press"))
    say_no(database, no("kim@nas.example", "medlemmar"))

    assert verdicts(database, "list:medlemmar") == ["kim: unsubscribed"]
    assert verdicts(database, "everyone") == ["kim: press"]


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ((Reason.BOUNCED, Reason.UNSUBSCRIBED), "unsubscribed"),
        ((Reason.UNSUBSCRIBED, Reason.COMPLAINED), "suppressed (complained)"),
        ((Reason.BOUNCED, Reason.MANUAL), "suppressed (manual)"),
        ((Reason.COMPLAINED, Reason.FORGOTTEN), "suppressed (forgotten)"),
    ],
)
@pytest.mark.parametrize("where", ["", "medlemmar"])
def test_of_several_noes_the_strongest_is_told(
    database: Database, reasons: tuple[Reason, ...], told: str, where: str
) -> None:
    added(database, person("kim@nas.example", "medlemmar"))
    say_no(database, *(no("kim@nas.example", where, reason) for reason in reasons))

    assert verdicts(database, "list:medlemmar") == [f"kim: {told}"]


def test_a_lifted_no_excludes_nobody(database: Database) -> None:
    added(database, person("kim@nas.example", "medlemmar"))
    say_no(database, no("kim@nas.example"), no("kim@nas.example", "medlemmar"))
    with database.transaction():
        lift(
            database,
            [fingerprint("kim@nas.example")],
            ["", "medlemmar"],
            [Reason.UNSUBSCRIBED],
            NOW,
        )

    assert verdicts(database, "list:medlemmar") == ["kim: medlemmar"]


@pytest.mark.parametrize(
    "name", ["x' OR 1 = 1 --", '"; DROP TABLE subscribers; --', "%", "_", ":mentioned", "%(broad)s"]
)
def test_a_name_is_never_sql(peopled: Database, name: str) -> None:
    for kind in ("tag", "organisation", "language", "list"):
        assert {each.excluded for each in candidates(peopled, Term(kind, name))} == {
            "not in selection"
        }
    assert len(list(candidates(peopled, Term("everyone")))) == 10


def test_everybody_of_an_organisation_is_counted(peopled: Database) -> None:
    assert list(count_organisations(peopled)) == [
        OrganisationCount("", 8, 1),
        OrganisationCount("NÄS", 1, 1),
        OrganisationCount("Näs", 1, 1),
    ]


# ------------------------------------------------------------------- the rules, read by hand


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the verdict on somebody depends on."""

    lists: dict[str, tuple[MembershipState, bool]]
    noes: frozenset[str]
    tags: frozenset[str]
    organisation: str


def holds(selection: Selection, facts: Facts, lists: set[str], *, negated: bool = False) -> bool:
    match selection:
        case Term("list", name):
            confirmed = {slug for slug, (state, _) in facts.lists.items() if state == "confirmed"}
            return name in (confirmed if negated else lists)
        case Term():
            return matches(selection, tags=facts.tags, organisation=facts.organisation)
        case Not(part):
            return not holds(part, facts, lists, negated=not negated)
        case And(parts):
            return all(holds(part, facts, lists, negated=negated) for part in parts)
        case Or(parts):
            return any(holds(part, facts, lists, negated=negated) for part in parts)


def asked(selection: Selection, *, negated: bool = False) -> set[str]:
    match selection:
        case Term(kind, name):
            return {name} if kind == "list" and not negated else set()
        case Not(part):
            return asked(part, negated=not negated)
        case And(parts) | Or(parts):
            return {slug for part in parts for slug in asked(part, negated=negated)}


def by_hand(selection: Selection, facts: Facts) -> str:
    """Give the verdict on somebody, or the lists that reach."""
    working = {
        slug
        for slug, (state, consent) in facts.lists.items()
        if state == "confirmed" and consent and slug not in facts.noes
    }
    related = {*facts.lists, *(facts.noes - {""})}
    mentioned = asked(selection) or set(SLUGS)
    if not holds(selection, facts, related):
        return "not in selection"
    if "" in facts.noes:
        return "unsubscribed"
    reached = working & mentioned or (set() if related & mentioned else working)
    if holds(selection, facts, working) and reached:
        return "+".join(slug for slug in SLUGS if slug in reached)
    about = mentioned if related & mentioned else set(SLUGS)
    states = {state for slug, (state, _) in facts.lists.items() if slug in about}
    if facts.noes & about or "left" in states:
        return "unsubscribed"
    return "unconfirmed" if "pending" in states else "no consent"


terms = st.one_of(
    st.builds(Term, st.just("list"), st.sampled_from(SLUGS)),
    st.builds(Term, st.just("tag"), st.sampled_from(["ny", "chef"])),
    st.builds(Term, st.just("organisation"), st.sampled_from(["näs", "vik"])),
    st.just(Term("everyone")),
)
selections = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.tuples(inner, inner)),
        st.builds(Or, st.tuples(inner, inner)),
    ),
    max_leaves=6,
)
standings = st.builds(
    Facts,
    lists=st.dictionaries(
        st.sampled_from(SLUGS), st.tuples(st.sampled_from(MembershipState), st.booleans())
    ),
    noes=st.frozensets(st.sampled_from(["", *SLUGS]), max_size=2),
    tags=st.frozensets(st.sampled_from(["ny", "Chef"])),
    organisation=st.sampled_from(["", "Näs", "NÄS", "Vik"]),
)


@settings(max_examples=150)
@given(st.lists(standings, min_size=1, max_size=6), st.lists(selections, min_size=1, max_size=4))
def test_the_store_says_what_the_rules_say(
    tmp_path_factory: pytest.TempPathFactory, everybody: list[Facts], asked_for: list[Selection]
) -> None:
    database = _with(tmp_path_factory.mktemp("audience"), everybody)

    for selection in asked_for:
        found = [each.excluded or "+".join(each.lists) for each in candidates(database, selection)]
        expected = [by_hand(selection, facts) for facts in everybody]
        assert found == expected, print_selection(selection)
        assert count_verdicts(database, selection).total() == len(everybody)
    database.close()


def _with(folder: Path, everybody: list[Facts]) -> Database:
    database = open_database("sqlite:///people.db", folder, create=True)
    keep_lists(database, LISTS)
    for n, facts in enumerate(everybody):
        email = f"p{n}@nas.example"
        somebody = person(email, tags=facts.tags, organisation=facts.organisation)
        (id_,) = added(database, somebody)
        with database.transaction():
            in_order = {"n": f"{n}", "id": id_}
            database.run("UPDATE subscribers SET sort_key = :n WHERE id = :id", in_order)
            for slug, (state, consent) in facts.lists.items():
                set_membership(database, id_, slug, state, NOW)
                if consent:
                    database.run(
                        "INSERT INTO consents VALUES (:id, :list, 'consent', '', '', '', '', '')",
                        {"id": id_, "list": slug},
                    )
        say_no(database, *(no(email, slug) for slug in sorted(facts.noes)))
    return database
