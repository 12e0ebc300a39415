"""From an Edition to a RenderedEdition: the whole pipeline, pure, with every fault a finding."""

import re
from html import escape
from urllib.parse import quote

from smakom_mail.config import Config
from smakom_mail.config.addresses import ascii_address
from smakom_mail.content.markdown import split_fields
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Edition, Picture
from smakom_mail.model.rendered import (
    Addresses,
    PersonalText,
    RenderedEdition,
    Slot,
)
from smakom_mail.render import checks
from smakom_mail.render.checks_page import check_page
from smakom_mail.render.frame import frame_values
from smakom_mail.render.layout import FOLDER, Layout, TemplateFault, render_template
from smakom_mail.render.mail import finish, normalise, with_heights
from smakom_mail.render.mjml import MjmlFault, mjml_to_html
from smakom_mail.render.placeholders import Placeholders, free_prefix
from smakom_mail.render.text import TextWriter
from smakom_mail.render.text_frame import text_values
from smakom_mail.render.view import ViewBuilder
from smakom_mail.render.wrapping import stuff

_MAIL = "edition.mjml.j2"
_TEXT = "edition.txt.j2"
_WEB = "web.html.j2"


def render_edition(
    edition: Edition, layout: Layout, config: Config
) -> tuple[RenderedEdition | None, tuple[Diagnostic, ...]]:
    """Render mail, text and web version; None where a template stops it.

    The same edition, layout and settings give the same bytes, on any machine.
    """
    prefix = free_prefix(edition, config)
    mail = _views(edition, config, Placeholders(prefix), f"{_web_url(edition, config)}")
    try:
        html, faults = _mail(edition, layout, config, mail)
        text, text_faults = _text(edition, layout, config, mail, prefix)
        web, web_faults = _web(edition, layout, config, prefix)
    except TemplateFault as fault:
        return None, (fault.finding,)
    sender = config.sender
    name = sender.name or config.newsletter.name
    rendered = RenderedEdition(
        slug=edition.slug,
        language=edition.language,
        subject=_subject(edition),
        addresses=Addresses(
            (name, ascii_address(sender.email)),
            (name, ascii_address(sender.reply_to or sender.email)),
        ),
        html=html,
        text=text,
        web=web,
        pictures=_shown(_pictures(edition, layout), html, web),
        calendars=tuple(mail.calendars[name] for name in sorted(mail.calendars)),
    )
    findings = [*faults, *text_faults, *web_faults]
    findings += checks.check_rendered(rendered, edition, config, f"{FOLDER}/{layout.name}")
    findings += check_page(rendered, edition, layout)
    return rendered, tuple(findings)


def _web_url(edition: Edition, config: Config) -> str:
    return f"{config.site_url}/archive/{quote(edition.slug)}/"


def _views(edition: Edition, config: Config, tokens: Placeholders, base: str) -> ViewBuilder:
    return ViewBuilder(
        edition, config, tokens, base, personal=lambda node: tokens.slot(node.name, node.default)
    )


def _mail(
    edition: Edition, layout: Layout, config: Config, views: ViewBuilder
) -> tuple[PersonalText, list[Diagnostic]]:
    source = render_template(layout, _MAIL, frame_values(edition, config, layout, views))
    file = f"{FOLDER}/{layout.name}/{_MAIL}"
    try:
        page = mjml_to_html(source)
    except MjmlFault as fault:
        raise TemplateFault(finding("layout-mjml", file, 1, reason=fault)) from fault
    spoiled = spoiled_attributes(page)
    filled, missing = views.tokens.fill(normalise(page, layout.inline_css, layout.head_css))
    by_name = {picture.name: picture for picture in _pictures(edition, layout)}
    try:
        html = views.tokens.split(with_heights(finish(filled), by_name))
    except RecursionError as fault:
        file, reason = f"{FOLDER}/{layout.name}/inline.css", "blocks lie in blocks too deep"
        raise TemplateFault(finding("layout-template", file, 1, reason=reason)) from fault
    left = [*spoiled, *left_tokens(html, views.tokens.prefix)]
    return html, [*_missing(missing, file, "html"), *_left(left, file, "html")]


def spoiled_attributes(page: str) -> list[str]:
    r"""Give the attributes of templates whose odd characters the engine wrote as escapes.

    A no-break space has become ``\u{a0}``, a line break ``\n``; a reader would see that.
    """
    if "\\" not in page:
        return []
    tags = re.findall(r"<[a-zA-Z][^<>]*>", page)
    return [found for tag in tags for found in re.findall(r'[\w-]+="[^"]*\\[^"]*"', tag)]


def left_tokens(text: PersonalText, prefix: str) -> list[str]:
    """Give what still looks like a token in a finished document."""
    return [
        found
        for part in text.parts
        if isinstance(part, str)
        for found in re.findall(rf"{prefix}\w*", part)
    ]


def _left(left: list[str], file: str, part: str) -> list[Diagnostic]:
    return [finding("slot-left", file, 1, part=part, text=text) for text in dict.fromkeys(left)]


def _missing(missing: tuple[str, ...], file: str, part: str) -> list[Diagnostic]:
    return [finding("slot-unused", file, 1, what=f"“{value[:60]}”", part=part) for value in missing]


def _subject(edition: Edition) -> PersonalText:
    parts = split_fields(edition.subject)
    return PersonalText(tuple(p if isinstance(p, str) else Slot(*p) for p in parts))


def _pictures(edition: Edition, layout: Layout) -> tuple[Picture, ...]:
    by_name = {picture.name: picture for picture in edition.pictures}
    by_name |= {picture.name: picture for _, picture in layout.pictures}
    return tuple(by_name[name] for name in sorted(by_name))


def _shown(pictures: tuple[Picture, ...], html: PersonalText, web: str) -> tuple[Picture, ...]:
    """Leave out the layout's pictures that this edition does not use."""
    pages = "".join(part for part in html.parts if isinstance(part, str)) + web
    return tuple(picture for picture in pictures if picture.name in pages)


def _web(
    edition: Edition, layout: Layout, config: Config, prefix: str
) -> tuple[str, list[Diagnostic]]:
    """Render the page for everybody: pictures beside it, no reader's name, no way to leave."""
    tokens = Placeholders(prefix)
    views = ViewBuilder(
        edition, config, tokens, "", personal=lambda node: escape(node.default or ""), anchors=True
    )
    values = frame_values(edition, config, layout, views)
    values["subject"] = tokens.text(_public(edition))
    del values["unsubscribe_url"], values["preheader_filler"]
    page, missing = tokens.fill(render_template(layout, _WEB, values))
    file = f"{FOLDER}/{layout.name}/{_WEB}"
    left = left_tokens(PersonalText((page,)), prefix)
    return page, [*_missing(missing, file, "web"), *_left(left, file, "web")]


def _public(edition: Edition) -> str:
    return "".join(p if isinstance(p, str) else p[1] or "" for p in split_fields(edition.subject))


def _text(
    edition: Edition, layout: Layout, config: Config, views: ViewBuilder, prefix: str
) -> tuple[PersonalText, list[Diagnostic]]:
    tokens = Placeholders(prefix)
    writer = TextWriter(edition.language, tokens, views)
    values = text_values(edition, config, layout, writer)
    source = render_template(layout, _TEXT, values)
    filled, missing = tokens.fill(source)
    text = tokens.split(stuff(filled.strip("\n") + "\n"))
    file = f"{FOLDER}/{layout.name}/{_TEXT}"
    return text, [*_missing(missing, file, "text"), *_left(left_tokens(text, prefix), file, "text")]
