"""The steps of a build, one by one, and the MJML that goes from them to npm."""

from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

from benchmarks.cost import Cost, Value, timed
from smakom_mail.content.project import load_edition
from smakom_mail.mail.message import compose
from smakom_mail.mail.quoted_printable import quoted_printable
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import UNSUBSCRIBE
from smakom_mail.render import checks
from smakom_mail.render.edition import _mail, _text, _views, _web, _web_url  # its steps, one by one
from smakom_mail.render.frame import frame_values
from smakom_mail.render.layout import Layout, load_layout, render_template
from smakom_mail.render.mail import finish, normalise
from smakom_mail.render.mjml import mjml_to_html
from smakom_mail.render.placeholders import Placeholders, free_prefix
from smakom_mail.render.view import ViewBuilder
from smakom_mail.services.building import (
    BuiltEdition,
    make_files,
    make_manifest,
    sample_envelope,
    sample_token,
    write_build,
)
from smakom_mail.services.workplace import Workplace

STAGES = {
    "read": "– read: settings, Markdown, seeds, pictures, rules",
    "layout": "– layout: templates, styles, pictures",
    "chain": "– mail chain: values, Jinja, MJML, fill, premailer",
    "text": "– text part",
    "web": "– web version",
    "checks": "– checks of the finished artefacts",
    "compose": "– compose message.eml",
    "manifest": "– digest and manifest",
    "size": "– quoted-printable size",
    "write": "– write and rename",
}
"""What `staged_build` measures, in order, and how the table calls it."""


def staged_build(place: Workplace, built: BuiltEdition, out: Path) -> dict[str, Cost]:
    """Build once more, by the steps of `build_edition`; give what each took, in order.

    `built` is the result of a build, whose rendered form feeds the steps after rendering.
    """
    root, config, slug = place.root, place.config, built.checked.edition.slug
    rendered = built.checked.rendered
    if rendered is None:
        raise SystemExit(f"{slug} cannot be rendered: smakom-mail check {slug} says why")
    costs: dict[str, Cost] = {}

    def stage(name: str, action: Callable[[], Value]) -> Value:
        value, costs[name] = timed(action)
        return value

    edition = stage("read", lambda: load_edition(root, slug, config)).edition
    layout = stage("layout", lambda: load_layout(root, edition.layout))
    stage("chain", lambda: mail_chain(place, edition, layout))
    views = fresh_views(place, edition)
    prefix = views.tokens.prefix
    stage("text", lambda: _text(edition, layout, config, views, prefix))
    stage("web", lambda: _web(edition, layout, config, prefix))
    folder = f"layouts/{layout.name}"
    stage("checks", lambda: tuple(checks.check_rendered(rendered, edition, config, folder)))
    values = sample_values(place, edition)
    envelope = sample_envelope(edition, config, values[UNSUBSCRIBE])
    stage("compose", lambda: compose(rendered, values, envelope))
    files = make_files(edition, rendered, config)
    manifest = stage("manifest", lambda: make_manifest(edition, rendered, files))
    stage("size", lambda: quoted_printable(files["message.html"].decode("utf-8")))
    stage("write", lambda: write_build(out, {**files, "manifest.json": manifest.encode()}))
    return costs


def fresh_views(place: Workplace, edition: Edition) -> ViewBuilder:
    """Begin a mail: no token is given out yet."""
    tokens = Placeholders(free_prefix(edition, place.config))
    return _views(edition, place.config, tokens, _web_url(edition, place.config))


def mail_chain(place: Workplace, edition: Edition, layout: Layout) -> str:
    """Render the HTML mail: values, Jinja, MJML, filling in, inlining."""
    html, _ = _mail(edition, layout, place.config, fresh_views(place, edition))
    return html.fill(sample_values(place, edition), escape)


def mjml_source(place: Workplace, edition: Edition, layout: Layout) -> str:
    """Give the MJML that the layout renders, with all text filled in: what npm gets."""
    views = fresh_views(place, edition)
    values = frame_values(edition, place.config, layout, views)
    source, _ = views.tokens.fill(render_template(layout, "edition.mjml.j2", values))
    return views.tokens.split(source).fill(sample_values(place, edition), escape)


def engines(source: str, layout: Layout) -> str:
    """Do to that MJML what npm does, with the two engines that smakom-mail uses."""
    return finish(normalise(mjml_to_html(source), layout.inline_css, layout.head_css))


def sample_values(place: Workplace, edition: Edition) -> dict[str, str]:
    """Give the values of the invented reader that a build is for."""
    reader = place.config.samples[0]
    link = f"{place.config.site_url}/u/{sample_token(edition.slug)}"
    return {
        "name": reader.name,
        "organisation": reader.organisation,
        "email": reader.email,
        UNSUBSCRIBE: link,
    }


def lost_titles(edition: Edition, page: str) -> list[str]:
    """Give the sections whose titles a page lacks: what does less is no faster."""
    text = " ".join(unescape(page).split())
    return [s.title for s in edition.sections if " ".join(s.title.split()) not in text]
