"""What a request brings: any body at all is read, and none of it does harm."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from smakom_mail.web.public.fields import LARGEST, Fields, TooLargeError, read_fields

URLENCODED = "application/x-www-form-urlencoded"
names = st.text(st.characters(codec="utf-8", exclude_characters='"\r\n'), min_size=1, max_size=20)
values = st.text(st.characters(codec="utf-8"), max_size=50)


def read(kind: str, body: bytes, size: int = 1000) -> Fields:
    """Read a body that comes in pieces."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode("latin-1", "replace"))]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    return asyncio.run(read_fields(request))


def multipart(fields: dict[str, str]) -> bytes:
    """Write fields as a browser does."""
    parts = [
        f'--=_b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--=_b--\r\n"]).encode()


@given(st.dictionaries(names, values, max_size=8))
def test_multipart_says_what_its_fields_say(fields: dict[str, str]) -> None:
    found = read('multipart/form-data; boundary="=_b"', multipart(fields))

    assert {name: found.get(name, "missing") for name in fields} == fields


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        (b"a=1&a=2&b=", "a", ("1", "2")),
        (b"a=1&a=2&b=", "b", ("",)),
        (b"a=%C3%A5+%26", "a", ("å &",)),
        (b"a=%FF", "a", ("\ufffd",)),
        (b"", "a", ()),
        (b"=&=&a", "a", ("",)),
    ],
)
def test_urlencoded(body: bytes, name: str, expected: tuple[str, ...]) -> None:
    assert read(URLENCODED, body).all(name) == expected


@given(
    st.binary(max_size=2000),
    st.sampled_from(
        [
            URLENCODED,
            "multipart/form-data; boundary=b",
            "multipart/form-data",
            "text/plain",
            "",
            ";",
        ]
    ),
)
def test_any_body_is_read(body: bytes, kind: str) -> None:
    assert isinstance(read(kind, body).get("x"), str)


@given(st.text(max_size=200))
def test_any_content_type_is_read(kind: str) -> None:
    assert isinstance(read(kind, b"--b\r\n\r\na=b").get("a"), str)


def test_what_is_nested_is_text() -> None:
    deep = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 200

    assert read("multipart/form-data; boundary=b", deep).get("x", "none") == "none"


def test_no_more_is_read_than_a_form_can_have() -> None:
    assert len(read(URLENCODED, b"a=" + b"x" * (LARGEST - 2)).get("a")) == LARGEST - 2
    with pytest.raises(TooLargeError):
        read(URLENCODED, b"a=" + b"x" * LARGEST)
