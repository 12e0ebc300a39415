"""The mail as one sample reader gets it, with an address for leaving that leads nowhere."""

from dataclasses import dataclass, replace
from html import escape

from smakom_mail.config import Config, SampleReader
from smakom_mail.mail.message import compose
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import (
    READER_FIELDS,
    UNSUBSCRIBE,
    PersonalText,
    RenderedEdition,
    Slot,
)
from smakom_mail.services.building import sample_envelope, sample_token, way_out


@dataclass(frozen=True, slots=True)
class FilledMail:
    """What is sent to one reader; `unsubscribe` is the example address in it."""

    html: str
    text: str
    subject: str
    unsubscribe: str


def chosen_reader(config: Config, index: int) -> SampleReader:
    """Give the sample reader of that number, the first where there is none of it."""
    known = 0 <= index < len(config.samples)
    return config.samples[index if known else 0]


def filled_mail(
    edition: Edition, rendered: RenderedEdition, config: Config, reader: SampleReader
) -> FilledMail:
    """Fill the reader's own places in subject, HTML and text."""
    open_mail, values = _as_typed(rendered), _words_of(edition, config, reader)
    return FilledMail(
        html=open_mail.html.fill(values, lambda value: escape(_one_line(value))),
        text=open_mail.text.fill(values, _one_line),
        subject=open_mail.subject.fill(values, _one_line),
        unsubscribe=values[UNSUBSCRIBE],
    )


def message_of(
    edition: Edition, rendered: RenderedEdition, config: Config, reader: SampleReader
) -> bytes:
    """Give the message as the server gets it, as `make_files` makes message.eml.

    Raises SmakomMailError where no message can be made: no sender, a strange address.
    """
    values = _words_of(edition, config, reader)
    own = replace(config, samples=(reader,))
    envelope = sample_envelope(edition, own, values[UNSUBSCRIBE])
    return compose(_as_typed(rendered), values, envelope)


def _words_of(edition: Edition, config: Config, reader: SampleReader) -> dict[str, str]:
    words = {name: str(getattr(reader, name)) for name in READER_FIELDS}
    return words | {UNSUBSCRIBE: way_out(config, sample_token(edition.slug))}


def _as_typed(rendered: RenderedEdition) -> RenderedEdition:
    """Let a field without a default show as it was typed where the reader has no word for it."""
    return replace(
        rendered,
        html=_typed(rendered.html),
        text=_typed(rendered.text),
        subject=_typed(rendered.subject),
    )


def _typed(text: PersonalText) -> PersonalText:
    return PersonalText(
        tuple(
            replace(part, default=f"{{{part.name}}}")
            if isinstance(part, Slot) and part.default is None
            else part
            for part in text.parts
        )
    )


def _one_line(value: str) -> str:
    return " ".join(value.split())
