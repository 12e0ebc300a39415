"""Addresses: one canonical form, the same verdict as email-validator, and the kind of fault."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.people.address import Address, AddressFault, canonical, readable
from smakom_mail.content.people.sentences import sentence


def forms(text: str, *, allow_smtputf8: bool = False) -> tuple[str, str, str] | str:
    """Give stored form, key and flags, or the kind of fault."""
    found = canonical(text, allow_smtputf8=allow_smtputf8)
    if isinstance(found, AddressFault):
        return found.kind
    return found.email, found.key, " ".join(found.flags)


def verdict(text: str, *, allow_smtputf8: bool) -> str:
    """Give what email-validator itself makes of a text where it is strict; nothing otherwise."""
    try:
        found = validate_email(
            text,
            allow_smtputf8=allow_smtputf8,
            check_deliverability=False,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError:
        return ""
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


# ---------------------------------------------------------------------------- the canonical form


@pytest.mark.parametrize(
    ("text", "email", "key", "flags"),
    [
        ("kim@a.example", "kim@a.example", "kim@a.example", ""),
        ("Kim.Berg@A.Example", "Kim.Berg@a.example", "kim.berg@a.example", ""),
        ("kim+nytt@a.example", "kim+nytt@a.example", "kim+nytt@a.example", ""),
        ("o'hara@a.example", "o'hara@a.example", "o'hara@a.example", ""),
        ("-flag@a.example", "-flag@a.example", "-flag@a.example", ""),
        ("=1+1@a.example", "=1+1@a.example", "=1+1@a.example", ""),
        ("kim@söder.example", "kim@xn--sder-5qa.example", "kim@xn--sder-5qa.example", ""),
        ("kim@xn--sder-5qa.example", "kim@xn--sder-5qa.example", "kim@xn--sder-5qa.example", ""),
        ("kim@so\u0308der.example", "kim@xn--sder-5qa.example", "kim@xn--sder-5qa.example", ""),
        ("kim@SÖDER.example", "kim@xn--sder-5qa.example", "kim@xn--sder-5qa.example", ""),
        ("kim@a。example", "kim@a.example", "kim@a.example", ""),
        ("kim@test", "kim@test", "kim@test", ""),
        ("INFO@a.example", "info@a.example", "info@a.example", "role"),
        ("Kommun@a.example", "Kommun@a.example", "kommun@a.example", "role"),
        ("registrator@a.example", "registrator@a.example", "registrator@a.example", "role"),
        ("info+ks@a.example", "info+ks@a.example", "info+ks@a.example", "role"),
        (
            "kim@pаypal.example",
            "kim@xn--pypal-4ve.example",
            "kim@xn--pypal-4ve.example",
            "mixed-script",
        ),
        ("kim@раура.example", "kim@xn--80aa0cbo.example", "kim@xn--80aa0cbo.example", "look-alike"),
        ("kim@пример.example", "kim@xn--e1afmkfd.example", "kim@xn--e1afmkfd.example", ""),
        ("kim@日本ひ.example", "kim@xn--y9j322nb2a.example", "kim@xn--y9j322nb2a.example", ""),
    ],
)
def test_an_address_has_one_stored_form_one_key_and_its_flags(
    text: str, email: str, key: str, flags: str
) -> None:
    assert forms(text) == (email, key, flags)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("åsa@a.example", ("åsa@a.example", "åsa@a.example", "")),
        ("Åsa@a.example", ("Åsa@a.example", "åsa@a.example", "")),
        ("A\u030asa@söder.example", ("Åsa@xn--sder-5qa.example", "åsa@xn--sder-5qa.example", "")),
        ("Ａｎna@a.example", ("Anna@a.example", "anna@a.example", "")),
        ("раура@a.example", ("раура@a.example", "раура@a.example", "look-alike")),
        ("kіm@a.example", ("kіm@a.example", "kіm@a.example", "mixed-script")),
        ("mſ@a.example", ("ms@a.example", "ms@a.example", "")),
        ("a（b）@a.example", "email-smtputf8"),
    ],
)
def test_with_a_relay_that_has_smtputf8_letters_before_the_at_are_taken(
    text: str, expected: tuple[str, str, str] | str
) -> None:
    assert forms(text, allow_smtputf8=True) == expected


def test_the_key_never_takes_one_persons_address_for_another_ones_mail() -> None:
    """What is compared and what mail goes to come from the same normalised text."""
    for text in ("mſ@a.example", "ＫＩＭ@a.example", "K\u0131m@a.example", "\u212aim@a.example"):
        found = canonical(text, allow_smtputf8=True)
        assert isinstance(found, Address)
        assert found.email.lower() == found.key


def test_the_editor_may_name_role_addresses_of_her_own() -> None:
    found = canonical("Hamnen@a.example", roles={"hamnen"})
    assert found == Address("Hamnen@a.example", "hamnen@a.example", ("role",))
    assert canonical("kommun@a.example", roles=()) == Address(
        "kommun@a.example", "kommun@a.example"
    )


# ------------------------------------------------------------------------------------- the faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "e-postadressen saknas"),
        (" ", "e-postadressen saknas"),
        ("kim", "e-postadressen saknar @"),
        ("kim eva", "e-postadressen saknar @"),
        ("kim＠a.example", "e-postadressen saknar @"),
        ("kim@b@a.example", "e-postadressen har mer än ett @"),
        (
            "kim@a.example; eva@a.example",
            "rutan har flera e-postadresser: ge var och en sin egen rad",
        ),
        (
            "kim@a.example,eva@a.example",
            "rutan har flera e-postadresser: ge var och en sin egen rad",
        ),
        (
            "kim@a.example eva@a.example",
            "rutan har flera e-postadresser: ge var och en sin egen rad",
        ),
        ("Kim <kim@a.example>", "skriv bara e-postadressen, utan namn och < > omkring"),
        ("<kim@a.example>", "skriv bara e-postadressen, utan namn och < > omkring"),
        ('"kim berg"@a.example', "e-postadresser med citattecken tas inte emot"),
        ('"kim"@a.example', "e-postadresser med citattecken tas inte emot"),
        ('"a@b"@a.example', "e-postadresser med citattecken tas inte emot"),
        (
            "kim(jobb)@a.example",
            "e-postadressen har en kommentar inom parentes: ta bort den",
        ),
        ("kim@[127.0.0.1]", "e-postadressen har ett IP-nummer i stället för en domän"),
        ("kim@[IPv6:::1]", "e-postadressen har ett IP-nummer i stället för en domän"),
        ("kim berg@a.example", "e-postadressen har ett mellanslag i sig"),
        ("kim@a.example ", "e-postadressen har ett mellanslag i sig"),
        ("kim\u00a0berg@a.example", "e-postadressen har ett mellanslag i sig"),
        (
            "kim\u202e@a.example",
            "e-postadressen har ett osynligt tecken i sig (U+202E): skriv om den för hand",
        ),
        (
            "kim@a\u200b.example",
            "e-postadressen har ett osynligt tecken i sig (U+200B): skriv om den för hand",
        ),
        (
            "kim@a.example\r\nBcc: eva@a.example",
            "e-postadressen har ett osynligt tecken i sig (U+000D): skriv om den för hand",
        ),
        (
            "kim\x00@a.example",
            "e-postadressen har ett osynligt tecken i sig (U+0000): skriv om den för hand",
        ),
        ("k" * 250 + "@a.example", "e-postadressen är längre än 254 tecken"),
        (
            "k" * 65 + "@a.example",
            "det före @ är längre än 64 tecken, och det tar ingen server emot",
        ),
        ("kim@skrivare.local", "adresser som slutar på .local når ingen utanför det egna nätet"),
        ("kim@a", "det efter @ är ingen domän: a"),
        ("kim@a..example", "det efter @ är ingen domän: a..example"),
        ("kim@-a.example", "det efter @ är ingen domän: -a.example"),
        ("kim@a_b.example", "det efter @ är ingen domän: a_b.example"),
        ("kim@127.0.0.1", "det efter @ är ingen domän: 127.0.0.1"),
        ("@a.example", "det före @ får inte stå i en e-postadress: "),
        (".kim@a.example", "det före @ får inte stå i en e-postadress: .kim"),
        ("kim..b@a.example", "det före @ får inte stå i en e-postadress: kim..b"),
        (
            "mailto:kim@a.example",
            "det före @ får inte stå i en e-postadress: mailto:kim",
        ),
        (
            "åsa@a.example",
            "e-postadressen har å före @, och det tar servern inte emot",
        ),
        (
            "раура@a.example",
            "e-postadressen har р före @, och det tar servern inte emot",
        ),
    ],
)
def test_what_is_no_address_is_told_in_a_sentence(text: str, said: str) -> None:
    found = canonical(text)
    assert isinstance(found, AddressFault)
    assert sentence(found) == said


@pytest.mark.parametrize("text", ["k" * 64, "K" * 64])
def test_a_local_part_of_64_characters_is_the_longest(text: str) -> None:
    longer = AddressFault("email-local-long", (("limit", "64"),))

    assert isinstance(canonical(f"{text}@a.example"), Address)
    assert canonical(f"{text}k@a.example") == longer
    assert canonical(f"{text}k@åmål.example") == longer


def test_a_local_part_outside_ascii_is_measured_in_bytes() -> None:
    assert isinstance(canonical("å" * 32 + "@a.example", allow_smtputf8=True), Address)
    assert canonical("å" * 33 + "@a.example", allow_smtputf8=True) == AddressFault(
        "email-local-long", (("limit", "64"),)
    )


# ------------------------------------------------------------------------------ against the judge

CASES = [
    *(
        "kim@a.example",
        "a@a.co",
        "a.b-c_d@a-b.c-d.example",
        "1@1.example",
        "!#$%&'*+-/=?^_`{|}~@a.se",
    ),
    *(
        "kim@a.example.",
        "kim@.example",
        "kim@a-.example",
        "kim@ab--cd.example",
        "kim@xn--0.example",
    ),
    *("kim@a.123", "kim@sub.test", "kim@a.invalid", "kim@localhost", "kim@a.arpa", "kim@a.onion"),
    *("kim@\u2488a.example", "kim@a\uff0eexample", "kim@a\u3002example", "kim@faß.example"),
    *("kim@\u0301a.example", "kim\u0301@a.example", "\u0301@a.example", "kim@א1.example"),
    *("kim@" + "a" * 63 + ".example", "kim@" + "a" * 64 + ".example", "k" * 64 + "@a.example"),
    *("k" * 65 + "@a.example", "k" * 244 + "@a.example", "k" * 245 + "@a.example"),
    *("kim@" + "å" * 50 + ".example", "k" * 200 + "@" + "å" * 30 + ".example"),
    *("a@b\\.example", "a\\@b@c.example", "a@b:c.example", "a;b@c.example", "a,b@c.example"),
    *('""@a.example', '"\\"@a.example', '"a\\"b"@a.example', "a<b@c.example", "a>b@c.example"),
    *("\ud800@a.example", "kim@\udfff.example", "\U000e0041@a.example", "\ue000@a.example"),
    *("<\u0338@a.example", "kim@\u0338a.example", "@", "@@", "a@", "..@a.example", "İ@a.example"),
    *("INFO@a.example", "Postmaster@a.example", "WWW+x@a.example", "no reply@a.example"),
]


@pytest.mark.parametrize("allow_smtputf8", [False, True])
@pytest.mark.parametrize("text", CASES)
def test_email_validator_is_the_judge(text: str, *, allow_smtputf8: bool) -> None:
    expected = verdict(text, allow_smtputf8=allow_smtputf8)
    found = canonical(text, allow_smtputf8=allow_smtputf8)
    assert (found.email if isinstance(found, Address) else "") == expected


LETTERS = st.sampled_from("abzÅåß.-_+@ \"'<>()[],;:\\1\u0301\u202e\uff0eрΑ\u00a0\x00=")


@given(st.one_of(st.text(max_size=40), st.text(LETTERS, max_size=20), st.emails()))
def test_email_validator_is_the_judge_of_any_text(text: str) -> None:
    found = canonical(text)
    assert (found.email if isinstance(found, Address) else "") == verdict(
        text, allow_smtputf8=False
    )


@given(st.text(LETTERS, max_size=12), st.text(st.sampled_from("abåß1-р"), max_size=8))
def test_a_canonical_address_stays_as_it_is(local: str, domain: str) -> None:
    for text in (f"{local}@{domain}.example", f"{local}x@a.example"):
        for allowed in (False, True):
            found = canonical(text, allow_smtputf8=allowed)
            if isinstance(found, Address):
                assert canonical(found.email, allow_smtputf8=allowed) == found
                assert canonical(found.key, allow_smtputf8=allowed) == Address(
                    found.key, found.key, found.flags
                )


@given(st.text(max_size=400))
def test_a_fault_is_a_sentence_on_one_line_whatever_the_text(text: str) -> None:
    found = canonical(text)
    if isinstance(found, AddressFault):
        for language in ("sv", "en"):
            said = sentence(found, language)
            assert said.isprintable()
            assert len(said) < 200


def test_a_text_of_any_length_is_refused_at_once() -> None:
    for text in ("k@" * 1_000_000, "k" * 5_000_000, "ß" * 100_000 + "@a.example", '"' * 100_000):
        assert isinstance(canonical(text), AddressFault)


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("kim.lind@xn--ml-xiab.example", "kim.lind@åmål.example"),
        ("kim@mejl.XN--ML-xiab.example", "kim@mejl.åmål.example"),
        ("kim@xn--e1afmkfd.xn--p1ai", "kim@пример.рф"),
        ("kim@kommun.se", "kim@kommun.se"),
        ("kim@åmål.example", "kim@åmål.example"),
    ],
)
def test_an_address_is_read_with_its_domain_in_letters(email: str, shown: str) -> None:
    assert readable(email) == shown


@pytest.mark.parametrize(
    "email",
    [
        "kim@xn--pypal-4ve.com",  # one Cyrillic letter among Latin ones
        "kim@xn--80ak6aa92e.com",  # Cyrillic letters that are drawn as “apple”
        "kim@xn--zzzzzz.se",
        "kim@xn--",
        "xn--ml-xiab.example",
        "",
    ],
)
def test_a_domain_that_is_taken_for_another_or_is_none_is_read_as_it_is_written(email: str) -> None:
    assert readable(email) == email
