"""A single letter through the layout: the same templates, engine and inlining as an edition.

As there, no text passes through Jinja or the MJML engine: they see tokens, which are filled
afterwards. So an address or a name that looks like a template, a tag or a token stays what it is.
"""

from html import escape
from types import SimpleNamespace

from smakom_mail.config import Config
from smakom_mail.diagnostics import finding
from smakom_mail.locale import words
from smakom_mail.model.letter import Group, LetterContent, RenderedLetter
from smakom_mail.model.rendered import PersonalText
from smakom_mail.render.edition import left_tokens, spoiled_attributes
from smakom_mail.render.frame import FILLER, Said, own_names, sender_values
from smakom_mail.render.layout import FOLDER, Layout, TemplateFault, render_template
from smakom_mail.render.mail import finish, normalise
from smakom_mail.render.mjml import MjmlFault, mjml_to_html
from smakom_mail.render.placeholders import Placeholders, free_prefix
from smakom_mail.render.text import link_text
from smakom_mail.render.text_frame import sender_lines
from smakom_mail.render.wrapping import WIDTH, flow, stuff, underline, wrap

MAIL = "letter.mjml.j2"
TEXT = "letter.txt.j2"
_INLINE, _HEAD = "letter/inline.css", "letter/head/"
_INDENT = "  "


def has_letter(layout: Layout) -> bool:
    """Say whether a layout has templates for letters: one from before there were any has none."""
    return {MAIL, TEXT} <= {name for name, _ in layout.templates}


def render_letter(content: LetterContent, layout: Layout, config: Config) -> RenderedLetter:
    """Draw a letter; the same content, layout and settings give the same bytes.

    Raises TemplateFault where a template cannot be used, or leaves out what must be said.
    """
    prefix = free_prefix(content, config)
    html = _mail(content, layout, config, Placeholders(prefix))
    text = _text(content, layout, config, Placeholders(prefix))
    return RenderedLetter(content.subject, html, text)


def _mail(content: LetterContent, layout: Layout, config: Config, tokens: Placeholders) -> str:
    source = render_template(layout, MAIL, _mail_values(content, config, tokens))
    file = f"{FOLDER}/{layout.name}/{MAIL}"
    try:
        page = mjml_to_html(source)
    except MjmlFault as fault:
        raise TemplateFault(finding("layout-mjml", file, 1, reason=fault)) from fault
    spoiled = spoiled_attributes(page)
    sheets = dict(layout.stylesheets)
    inline = layout.inline_css + sheets.get(_INLINE, "")
    head = [css for name, css in layout.stylesheets if name.startswith(_HEAD)]
    html, missing = tokens.fill(normalise(page, inline, (*layout.head_css, *head)))
    finished = finish(html)
    _require_whole(file, "html", missing, [*spoiled, *_left(finished, tokens)])
    return finished


def _mail_values(content: LetterContent, config: Config, tokens: Placeholders) -> dict[str, object]:
    names = own_names(config)
    return {
        "language": content.language,
        "subject": tokens.text(content.subject),
        "preheader": tokens.text(content.preheader),
        "preheader_filler": tokens.html(FILLER),
        "title": tokens.text(content.title, required=True),
        "organisation": tokens.text(names["organisation"]),
        "newsletter": tokens.text(names["newsletter"]),
        "before": [tokens.text(each, required=True) for each in content.before],
        "link": _link(content, tokens),
        "after": [tokens.text(each, required=True) for each in content.after],
        "groups": [_group(each, tokens) for each in content.groups],
        "reason": tokens.text(content.reason),
        "privacy": _privacy(content, tokens),
        "said": Said(tokens, content.language, names),
        "sender": sender_values(config, tokens),
    }


def _link(content: LetterContent, tokens: Placeholders) -> SimpleNamespace | None:
    if not content.label:
        return None
    return SimpleNamespace(
        label=tokens.text(content.label, required=True),
        url=tokens.html(escape(content.url, quote=True), required=True),
        instead=tokens.text(content.instead),
    )


def _privacy(content: LetterContent, tokens: Placeholders) -> SimpleNamespace | None:
    label, url = content.privacy
    return SimpleNamespace(label=tokens.text(label), url=tokens.text(url)) if url else None


def _group(group: Group, tokens: Placeholders) -> SimpleNamespace:
    return SimpleNamespace(
        title=tokens.text(group.title, required=True),
        rows=[
            SimpleNamespace(label=tokens.text(label), value=tokens.text(value, required=True))
            for label, value in group.rows
        ],
    )


def _text(content: LetterContent, layout: Layout, config: Config, tokens: Placeholders) -> str:
    source = render_template(layout, TEXT, _text_values(content, config, tokens))
    filled, missing = tokens.fill(source)
    text = stuff(filled.strip("\n") + "\n")
    _require_whole(f"{FOLDER}/{layout.name}/{TEXT}", "text", missing, _left(text, tokens))
    return text


def _text_values(content: LetterContent, config: Config, tokens: Placeholders) -> dict[str, object]:
    def block(lines: list[str], *, required: bool = False) -> str:
        return tokens.html("\n".join(lines), required=required)

    number = words(content.language)["organisation_number"]
    link = [*wrap(f"{content.label}:"), f"<{content.url}>"] if content.label else []
    return {
        "organisation": block(wrap(own_names(config)["organisation"])),
        "title": block(underline(content.title, "="), required=True),
        "before": block(_paragraphs(content.before), required=True),
        "link": block(link, required=True),
        "after": block(_paragraphs(content.after), required=True),
        "groups": [block(_lines(each), required=True) for each in content.groups],
        "reason": block(flow(content.reason)),
        "privacy": block(wrap(link_text(*content.privacy)) if content.privacy[1] else []),
        "sender": block(sender_lines(config, number)),
        "rule": "-" * WIDTH,
    }


def _paragraphs(paragraphs: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    for each in paragraphs:
        lines += ["", *flow(each)]
    return lines[1:]


def _lines(group: Group) -> list[str]:
    lines = [*underline(group.title, "-"), ""]
    for label, value in group.rows:
        said = f"{label}: {value}" if label else value
        lines += wrap(said, first="- ", rest=_INDENT)
    return lines


def _left(document: str, tokens: Placeholders) -> list[str]:
    return left_tokens(PersonalText((document,)), tokens.prefix)


def _require_whole(file: str, part: str, missing: tuple[str, ...], left: list[str]) -> None:
    """See that a letter says all that it must, and nothing that is ours alone.

    Raises TemplateFault.
    """
    for text in left:
        raise TemplateFault(finding("slot-left", file, 1, part=part, text=text))
    for value in missing:
        raise TemplateFault(finding("slot-unused", file, 1, what=f"“{value[:60]}”", part=part))
