"""The values of the text template: whole blocks of lines, already wrapped."""

from collections.abc import Mapping

from smakom_mail.config import Config
from smakom_mail.locale import format_date, words
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import UNSUBSCRIBE
from smakom_mail.render.frame import bare_address, own_names, reason
from smakom_mail.render.layout import Layout
from smakom_mail.render.text import TextWriter, link_text, social_lines
from smakom_mail.render.view import section_titles
from smakom_mail.render.wrapping import WIDTH, flow, underline, wrap


def text_values(
    edition: Edition, config: Config, layout: Layout, writer: TextWriter
) -> Mapping[str, object]:
    """Give what edition.txt.j2 may print; every value is a token for lines of text."""
    said = words(edition.language)
    tokens = writer.tokens

    def block(lines: list[str], *, required: bool = False) -> str:
        return tokens.html("\n".join(lines), required=required)

    return {
        "preheader": block(flow(edition.preheader)),
        "web_line": block(wrap(link_text(said["view_in_browser"], writer.views.web_url))),
        "organisation": block(wrap(own_names(config)["organisation"])),
        "title": block(underline(edition.title, "="), required=True),
        "date": block(wrap(format_date(edition.date, edition.language))),
        "contents_title": block(underline(said["in_this_edition"], "-")),
        "contents": block(_contents(edition, layout)),
        "sections": [block([writer.section(s)], required=True) for s in edition.sections],
        "social": block(_social_outside(edition, config)),
        "sender": block(sender_lines(config, said["organisation_number"])),
        "reason": block(flow(reason(config, edition.language))),
        "unsubscribe_line": block([f"{said['unsubscribe']}:", f"<{tokens.slot(UNSUBSCRIBE)}>"]),
        "rule": "-" * WIDTH,
    }


def _contents(edition: Edition, layout: Layout) -> list[str]:
    lines: list[str] = []
    for _, title, items in section_titles(edition, layout.contents_skip):
        lines += [*wrap(title, first="- ", rest="  "), *wrap(items, first="  ", rest="  ")]
    return lines


def _social_outside(edition: Edition, config: Config) -> list[str]:
    """The places to follow, where no section of the edition shows them."""
    shown = any(section.kind == "social" for section in edition.sections)
    return [] if shown else social_lines(config.social)


def sender_lines(config: Config, number_label: str) -> list[str]:
    """Give what the end of a text says of the sender."""
    sender = config.sender
    number = f"{number_label} {sender.organisation_number}" if sender.organisation_number else ""
    site = link_text(bare_address(sender.website), sender.website) if sender.website else ""
    parts = (own_names(config)["organisation"], sender.postal_address, number)
    wrapped = [line for part in parts for line in wrap(part)]
    return [*wrapped, sender.reply_to or sender.email, *([site] if site else [])]
