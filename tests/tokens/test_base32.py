"""Our base32 beside the standard library's."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.tokens.base32 import base32


@given(st.one_of(st.binary(min_size=16, max_size=16), st.binary(min_size=27, max_size=27)))
def test_the_digits_are_those_of_the_standard_library(data: bytes) -> None:
    assert base32(data) == base64.b32encode(data).decode("ascii").rstrip("=").lower()


def test_a_length_whose_digits_are_no_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("3 bytes are no whole pairs of digits")):
        base32(b"abc")
