"""How pages show an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.services.public.masking import masked


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("kim.exempel@kommun.se", "k•••@k•••.se"),
        ("a@b.se", "•••@•••.se"),
        ("kim@mejl.kommun.example", "k•••@m•••.example"),
        ("kim@xn--rksmrgs-5wao1o.se", "k•••@r•••.se"),
        ("kim@xn--ml-xiab.example", "k•••@å•••.example"),
        ("kim@xn--80ak6aa92e.com", "k•••@x•••.com"),
    ],
)
def test_little_is_left_of_it(email: str, shown: str) -> None:
    assert masked(email) == shown


@given(st.from_regex(r"[a-z.]{1,30}@[a-z.]{1,30}\.[a-z]{2,6}", fullmatch=True))
def test_no_more_than_two_letters_and_the_last_label(email: str) -> None:
    local, _, domain = masked(email).partition("@")

    assert len(local) <= 4
    assert len(domain.rpartition(".")[0]) <= 4
