"""Each reader of what an author writes, fed anything; tests/hostile/fuzz.py searches further."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.targets import TARGETS

MARKS = ("#", "> ", "- ", "::: ", "from: ", "\n", "\n\n", "|", "`", "*", "~~", "[", "](", "{", "=")
ANYTHING = st.binary(max_size=200) | st.lists(
    st.sampled_from(MARKS) | st.text(max_size=8), max_size=20
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))

# What the fuzzer has found is added here, so that it is tried every time.
FOUND = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"::: excerpt\n",
    b"> \n> \xe2\x80\x94 ,",
    b"a = [1,\n",
    b"\r\x85",
)


@pytest.mark.parametrize("data", FOUND)
@pytest.mark.parametrize("target", TARGETS)
def test_what_the_fuzzer_found_is_read_or_told(target: str, data: bytes) -> None:
    TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=60)
@given(data=ANYTHING)
def test_anything_is_read_or_told(target: str, data: bytes) -> None:
    TARGETS[target](data)
