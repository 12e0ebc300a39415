"""What must hold for any bytes: one function a reader, for the fuzzer and for what it has found."""

import unicodedata
from collections.abc import Callable, Iterable

from smakom_mail.config.toml import Key, parse_toml, read_table
from smakom_mail.content.markdown import tokenize
from smakom_mail.content.reading import decode_text
from smakom_mail.content.seeds import Catalogue, make_seed, split_paragraphs
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import parse_section
from smakom_mail.diagnostics import Diagnostic, in_order

FILE = "newsletters/maj-2021/10-a.md"
SEED = (
    "Vägen ska vara klar i höst, säger Kim Exempel.\n\n– Den blir två mil lång, säger hon.\n\n"
    "• en bro\n• en tunnel\n\nVägen ska sedan gå vidare.\n"
)
_ENTRY = {
    "slug": "vagen",
    "file": "vagen.txt",
    "publisher": "Exempelkommunen",
    "published": "2021-04-01",
}
SOURCES = Sources(Catalogue((make_seed(_ENTRY, SEED, "0" * 64, 1),)), None)
_KEYS = {
    "line": Key("line", '"x"', required=True),
    "text": Key("text", '"x"'),
    "texts": Key("texts", '["x"]'),
    "month": Key("month", "2021-01"),
    "tables": Key("tables", ""),
}


def decoded(data: bytes) -> str:
    """Decode as the reader of files does, and hold what it promises."""
    text, findings = decode_text(data, FILE)
    assert not set(text) & set("\x00\r\x1b\x85\u2028\u2029\u202e\u2066")
    assert unicodedata.is_normalized("NFC", text)
    told(findings, data.decode("utf-8", "replace"))
    return text


def told(findings: Iterable[Diagnostic], text: str) -> None:
    """Every finding says something in both languages, at a line that the file has."""
    last = len(text.splitlines()) + 1
    for found in in_order(findings):
        assert found.message("sv")
        assert found.message("en")
        assert found.hint("sv") or not found.hint("en")
        assert 1 <= found.location.line <= last, found


def fuzz_tokenize(data: bytes) -> None:
    """Markdown of any kind becomes tokens."""
    tokenize(decoded(data))


def fuzz_parse_section(data: bytes) -> None:
    """A section file of any kind becomes blocks and findings, in both languages."""
    text = decoded(data)
    for language in ("sv", "en"):
        section, findings = parse_section(text, FILE, SOURCES, language)
        told(findings, text)
        assert section.line >= 1


def fuzz_parse_toml(data: bytes) -> None:
    """Settings of any kind become values and findings."""
    text = decoded(data)
    toml = parse_toml(FILE, text)
    read_table(toml, toml.data, _KEYS)
    told(toml.findings, text)


def fuzz_decode_text(data: bytes) -> None:
    """Bytes of any kind become clean text."""
    decoded(data)


def fuzz_split_paragraphs(data: bytes) -> None:
    """A document keeps every letter, in numbered paragraphs."""
    text = decoded(data)
    paragraphs = split_paragraphs(text, ("Lyssna", "s"))
    assert [p.number for p in paragraphs] == list(range(1, len(paragraphs) + 1))
    letters = "".join(c for p in paragraphs for c in p.text if c.isalnum())
    assert letters == "".join(c for c in text if c.isalnum())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "tokenize": fuzz_tokenize,
    "parse_section": fuzz_parse_section,
    "parse_toml": fuzz_parse_toml,
    "decode_text": fuzz_decode_text,
    "split_paragraphs": fuzz_split_paragraphs,
}
