"""A layout: the folder of templates, styles and pictures that gives an edition its looks.

Templates run in Jinja's immutable sandbox with undefined names forbidden; they see names and
tokens only (see `view`), no file, no environment and no author's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smakom_mail.content.pictures import load_picture
from smakom_mail.content.reading import is_inside, read_text
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Picture

if TYPE_CHECKING:
    from jinja2.nodes import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = "layouts"
LIMIT = 100_000
"""The longest template or stylesheet that is read, in bytes: Gmail clips a mail of that size."""
REQUIRED = ("layout.toml", "edition.mjml.j2", "edition.txt.j2", "web.html.j2", "inline.css")


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout read whole: template sources by name, CSS, pictures by the name used for them."""

    name: str
    templates: tuple[tuple[str, str], ...]
    inline_css: str
    head_css: tuple[str, ...]
    pictures: tuple[tuple[str, Picture], ...]
    contents_skip: tuple[str, ...] = ()
    stylesheets: tuple[tuple[str, str], ...] = ()
    findings: tuple[Diagnostic, ...] = field(default=(), compare=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The section kinds that the layout can draw."""
        return tuple(
            name.removeprefix("sections/").removesuffix(".mjml.j2")
            for name, _ in self.templates
            if name.startswith("sections/") and name.endswith(".mjml.j2")
        )


def load_layout(root: Path, name: str) -> Layout:
    """Read layouts/`name`; what is missing or unreadable is among the layout's findings."""
    folder = root / FOLDER / name
    if not is_inside(root, folder):
        outside = finding("file-outside", f"{FOLDER}/{name}", path=f"{FOLDER}/{name}")
        return Layout(name, (), "", (), (), findings=(outside,))
    findings: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for path in sorted(p for p in folder.rglob("*") if _is_source(p)):
        text, faults = read_text(root, path)
        if (size := len(text.encode("utf-8"))) > LIMIT:
            file = path.relative_to(root).as_posix()
            text, faults = "", (finding("file-too-large", file, size=size, limit=LIMIT),)
        findings += faults
        texts[path.relative_to(folder).as_posix()] = text
    base = f"{FOLDER}/{name}"
    findings += [
        finding("layout-file-missing", f"{base}/layout.toml", name=required)
        for required in REQUIRED
        if required not in texts
    ]
    pictures = []
    for path in sorted(p for p in (folder / "images").glob("*.*") if not _is_litter(p)):
        source = path.relative_to(root).as_posix()
        picture, spoiled = load_picture(root, source, f"{base}/layout.toml", 1)
        findings += spoiled
        if picture:
            pictures.append((path.stem, picture))
    settings, wrong = _settings(f"{base}/layout.toml", texts.get("layout.toml", ""))
    findings += wrong
    return Layout(
        name=name,
        templates=tuple((key, text) for key, text in texts.items() if key.endswith(".j2")),
        inline_css=texts.get("inline.css", ""),
        head_css=tuple(text for key, text in texts.items() if key.startswith("head/")),
        pictures=tuple(pictures),
        contents_skip=tuple(settings.get("contents_skip", ())),
        stylesheets=tuple((key, text) for key, text in texts.items() if key.endswith(".css")),
        findings=tuple(findings),
    )


def _is_source(path: Path) -> bool:
    return path.suffix in (".j2", ".css", ".toml") and not _is_litter(path)


def _is_litter(path: Path) -> bool:
    """Whether a desktop left the file behind: .DS_Store, ._page.css, Thumbs.db."""
    return path.name.startswith(".") or path.name.casefold() in ("thumbs.db", "desktop.ini")


def _settings(file: str, text: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    from smakom_mail.config.toml import Key, parse_toml, read_table

    toml = parse_toml(file, text)
    keys = {"description": Key("text", '"…"'), "contents_skip": Key("texts", '["contact"]')}
    return read_table(toml, toml.data, keys), toml.findings


_WIDENING = ("center", "expandtabs", "format", "format_map", "indent", "ljust", "rjust", "zfill")
"""Filters and methods that make as much text as a number says: "%09999999999d" is 10 GB."""

_TREES: "dict[str, Template]" = {}
_KEPT = 256


@cache
def _sandbox_class() -> "type[ImmutableSandboxedEnvironment]":
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """Refuses what only serves to burn memory: 'a' * 10**9."""

        intercepted_binops = frozenset({"*", "**", "%"})

        def _parse(self, source: str, name: str | None, filename: str | None) -> "Template":
            # A template is read twice, by the rules and to be compiled: one parsing serves both.
            if source not in _TREES:
                if len(_TREES) >= _KEPT:
                    _TREES.clear()
                _TREES[source] = super()._parse(source, name, filename)
            return _TREES[source]

        def call_binop(self, _: object, operator: str, left: object, right: object) -> object:
            if isinstance(left, int) and isinstance(right, int) and operator != "**":
                return left * right if operator == "*" else left % right
            raise SecurityError(f"a template may not compute {operator} of such values")

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            return attr not in _WIDENING and super().is_safe_attribute(obj, attr, value)

    return Sandbox


@lru_cache(maxsize=8)
def environment(templates: tuple[tuple[str, str], ...]) -> "ImmutableSandboxedEnvironment":
    """Make the sandbox for a layout's templates; kept, since compiling them costs most."""
    from jinja2 import FunctionLoader, StrictUndefined

    sources = dict(templates)
    sandbox = _sandbox_class()(
        # The name doubles as file name, so that a traceback tells which template it was.
        loader=FunctionLoader(
            lambda name: (sources[name], name, None) if name in sources else None
        ),
        finalize=_printable,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    for name in _WIDENING:
        sandbox.filters.pop(name, None)
    return sandbox


def _printable(value: object) -> object:
    """Refuse to print a group of values: it would be its Python form."""
    from jinja2 import Undefined

    if isinstance(value, str | int | float | Undefined):
        return value
    raise TypeError("only a single value can be printed, not a group of them")


class TemplateFault(Exception):  # noqa: N818 - it is turned into a finding, never shown
    """A template that does not compile or run, with its place."""

    def __init__(self, finding_: Diagnostic) -> None:
        """Carry the finding."""
        super().__init__(finding_.kind)
        self.finding = finding_


def render_template(layout: Layout, name: str, values: Mapping[str, object]) -> str:
    """Run the template `name`; raise TemplateFault naming file and line where it cannot."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    base = f"{FOLDER}/{layout.name}/"
    known = {key for key, _ in layout.templates}
    try:
        return environment(layout.templates).get_template(name).render(values)
    except TemplateSyntaxError as error:
        where, line, reason = error.name or name, error.lineno, error.message or ""
    except TemplateNotFound as error:
        where, line = _place(error, name, known)
        reason = f"there is no template {error.name}"
    except RecursionError as error:
        where, line = _place(error, name, known)
        reason = "it nests too deeply, or includes itself"
    except SyntaxError as error:  # Jinja makes Python of it, and Python has limits of its own
        where, line, reason = error.filename or name, 1, error.msg
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        where, line = _place(error, name, known)
        reason = f"{error}"
    raise TemplateFault(finding("layout-template", base + where, line, reason=reason))


def _place(error: BaseException, name: str, known: set[str]) -> tuple[str, int]:
    """Give the innermost template and line that the traceback passes through."""
    where, line = name, 1
    traceback = error.__traceback__
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if file in known:
            where, line = file, traceback.tb_lineno
        traceback = traceback.tb_next
    return where, line
