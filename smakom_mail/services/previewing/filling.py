"""The mail as one sample reader gets it, with an address for leaving that leads nowhere."""

from dataclasses import dataclass, replace
from html import escape

from smakom_mail.config import Config, SampleReader
from smakom_mail.mail.message import compose
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import READER_FIELDS, UNSUBSCRIBE, RenderedEdition
from smakom_mail.services.building import sample_envelope, sample_token


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
    unsubscribe = f"{config.site_url}/u/{sample_token(edition.slug)}"
    values = _words_of(rendered, reader) | {UNSUBSCRIBE: unsubscribe}
    return FilledMail(
        html=rendered.html.fill(values, lambda value: escape(_one_line(value))),
        text=rendered.text.fill(values, _one_line),
        subject=rendered.subject.fill(values, _one_line),
        unsubscribe=unsubscribe,
    )


def message_of(
    edition: Edition, rendered: RenderedEdition, config: Config, reader: SampleReader
) -> bytes:
    """Give the message as the server gets it, as `make_files` makes message.eml.

    Raises SmakomMailError where no message can be made: no sender, a strange address.
    """
    unsubscribe = f"{config.site_url}/u/{sample_token(edition.slug)}"
    values = _words_of(rendered, reader) | {UNSUBSCRIBE: unsubscribe}
    own = replace(config, samples=(reader,))
    return compose(rendered, values, sample_envelope(edition, own, unsubscribe))


def _words_of(rendered: RenderedEdition, reader: SampleReader) -> dict[str, str]:
    """Give the reader's words; a field without any and without a default shows as typed."""
    words = {name: str(getattr(reader, name)) for name in READER_FIELDS}
    for slot in (*rendered.html.slots, *rendered.text.slots, *rendered.subject.slots):
        if slot.default is None and not words.get(slot.name):
            words[slot.name] = f"{{{slot.name}}}"
    return words


def _one_line(value: str) -> str:
    return " ".join(value.split())
