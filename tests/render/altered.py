"""The January edition with one thing wrong in it: in its layout, its mail, its web version."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from smakom_mail.diagnostics import in_order
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import PersonalText, RenderedEdition
from smakom_mail.render.checks import open_form
from smakom_mail.render.checks_page import check_page
from smakom_mail.render.edition import render_edition
from smakom_mail.render.layout import Layout
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.render.making import said


@cache
def january() -> tuple[Edition, Layout, RenderedEdition]:
    """Build the repository's own edition of January 2021."""
    checked = check_edition(open_workplace(ROOT, {}), "januari-2021")
    assert checked.layout is not None
    assert checked.rendered is not None
    return checked.edition, checked.layout, checked.rendered


def changed(text: str, old: str, new: str) -> str:
    """Put `new` in the place of the first `old`, which must be there."""
    assert old in text
    return text.replace(old, new, 1)


def at(file: str, words: str) -> str:
    """Give the place of the first line of the layout's `file` that holds `words`."""
    _, layout, _ = january()
    text = (dict(layout.stylesheets) | dict(layout.templates))[file]
    assert words in text
    return f"layouts/smakom/{file}:{text.count(chr(10), 0, text.index(words)) + 1}"


def after(file: str, lines: int = 0) -> str:
    """Give the place where words put at the end of the layout's `file` stand."""
    _, layout, _ = january()
    text = (dict(layout.stylesheets) | dict(layout.templates))[file]
    return f"layouts/smakom/{file}:{text.count(chr(10)) + 1 + lines}"


def layout_with(file: str, *pairs: tuple[str, str]) -> Layout:
    """Give the layout with words of one of its files changed; no pair of words: at the end."""
    _, layout, _ = january()
    sheets, templates = dict(layout.stylesheets), dict(layout.templates)
    texts = sheets if file.endswith(".css") else templates
    for old, new in pairs:
        texts[file] = changed(texts.get(file, ""), old, new) if old else texts.get(file, "") + new
    return replace(
        layout,
        templates=tuple(templates.items()),
        stylesheets=tuple(sheets.items()),
        inline_css=sheets["inline.css"],
        head_css=tuple(text for name, text in sorted(sheets.items()) if name.startswith("head/")),
    )


def rebuilt(layout: Layout, edition: Edition | None = None) -> list[str]:
    """Render January (or `edition`) in `layout` and give what the rules over pages say."""
    own = edition or january()[0]
    rendered, findings = render_edition(own, layout, open_workplace(ROOT, {}).config)
    assert rendered is not None, said(findings)
    return said(in_order(check_page(rendered, own, layout)))


def built_with(file: str, *pairs: tuple[str, str]) -> list[str]:
    """Render January in a changed layout and give what the rules over pages say."""
    return rebuilt(layout_with(file, *pairs))


def mail_with(old: str, new: str) -> list[str]:
    """Give what the rules say of January's finished mail with some of its HTML changed."""
    return _altered(lambda html: changed(html, old, new), lambda html: html)


def web_with(old: str, new: str) -> list[str]:
    """Give what the rules say of January's web version with some of its HTML changed."""
    return _altered(lambda html: html, lambda html: changed(html, old, new))


def _altered(mail: Callable[[str], str], web: Callable[[str], str]) -> list[str]:
    edition, layout, rendered = january()
    altered = replace(
        rendered,
        html=PersonalText((mail(open_form(rendered.html)),)),
        web=web(rendered.web),
    )
    return said(in_order(check_page(altered, edition, layout)))
