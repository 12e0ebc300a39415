"""The chair's report: one page that says what an edition holds, quotes and still lacks."""

from html import escape
from typing import Protocol

from smakom_mail.content.usage import SeedUse, seed_uses
from smakom_mail.diagnostics import Diagnostic, Severity
from smakom_mail.locale import format_date
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition

_WORDS = {
    "sv": {
        "title": "Granskning av {title}",
        "subject": "Ämnesrad",
        "preheader": "Förhandstext",
        "date": "Datum",
        "size": "Brevets storlek",
        "bytes": "{kb} kB; Gmail klipper vid 102",
        "digest": "Fingeravtryck",
        "ready": "Inget hindrar att numret går ut.",
        "not_ready": "Numret kan inte gå ut än: {count} att rätta.",
        "error": "Måste rättas",
        "warning": "Bör ses över",
        "note": "Bra att veta",
        "contents": "Innehåll",
        "sources": "Källor",
        "excerpt": "utdrag",
        "quotation": "citat",
        "paragraphs": "stycke {numbers}",
        "corrected": "rättat: ”{found}” till ”{replacement}”",
        "linked": "länkat: ”{found}”",
        "none": "Inga källor citeras.",
    },
    "en": {
        "title": "Review of {title}",
        "subject": "Subject",
        "preheader": "Preheader",
        "date": "Date",
        "size": "Size of the mail",
        "bytes": "{kb} kB; Gmail clips at 102",
        "digest": "Digest",
        "ready": "Nothing keeps the edition from leaving.",
        "not_ready": "The edition cannot leave yet: {count} to mend.",
        "error": "Must be mended",
        "warning": "Should be looked at",
        "note": "Good to know",
        "contents": "Contents",
        "sources": "Sources",
        "excerpt": "excerpt",
        "quotation": "quotation",
        "paragraphs": "paragraph {numbers}",
        "corrected": "corrected: “{found}” to “{replacement}”",
        "linked": "linked: “{found}”",
        "none": "No sources are quoted.",
    },
}

_STYLE = """
:root { --ground: #F3F1EB; --paper: #fff; --ink: #22302C; --muted: #55635E; --line: #D9DED9;
  --accent: #1E5B4F; --bad: #8C2F25; --sans: -apple-system, "Segoe UI", Roboto, Arial, sans-serif;
  --serif: Georgia, "Times New Roman", serif; }
@media (prefers-color-scheme: dark) { :root { --ground: #101614; --paper: #18211E;
  --ink: #E8EEEA; --muted: #AEBBB5; --line: #2E3B36; --accent: #8FD0BC; --bad: #F0A79E; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.6 var(--sans);
  overflow-wrap: anywhere; }
main { max-width: 720px; min-height: 100vh; margin: 0 auto; padding: 40px 32px 56px;
  background: var(--paper); }
h1, h2 { margin: 0; font-family: var(--serif); line-height: 1.25; }
h1 { font-size: 2rem; font-weight: normal; }
h2 { margin-top: 36px; padding-top: 20px; border-top: 1px solid var(--line); font-size: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 20px 0 0; }
dt, small, .place { color: var(--muted); }
dd { margin: 0; }
.state { margin: 16px 0 0; font-weight: bold; color: var(--accent); }
.state.bad { color: var(--bad); }
ul, ol { margin: 12px 0 0; padding-left: 1.3em; }
li { margin-bottom: 10px; }
small, .place { font-size: 0.875rem; }
.place { display: block; }
@media (max-width: 479px) { main { padding: 28px 20px; } dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; } }
@media print { body, main { background: #fff; color: #000; } main { padding: 0; } }
"""


class Reviewed(Protocol):
    """What the report is about: a checked edition, or the preview's snapshot of one."""

    @property
    def edition(self) -> Edition:
        """The edition as it was written."""

    @property
    def rendered(self) -> RenderedEdition | None:
        """What was made of it."""

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What was found in it."""

    def count(self, severity: Severity) -> int:
        """Give how many findings are of `severity`."""


def chair_report(checked: Reviewed, language: str, more: str = "", style: str = "") -> str:
    """Give a self-contained HTML page: no script, nothing fetched, all text escaped.

    `more` is HTML that follows the report, `style` its CSS.
    """
    said = _WORDS[language]
    edition = checked.edition
    title = escape(said["title"].format(title=edition.title or edition.slug))
    errors = checked.count(Severity.ERROR)
    state = said["not_ready"].format(count=errors) if errors else said["ready"]
    parts = [
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}{style}</style></head><body><main>",
        f'<h1>{title}</h1><p class="state{" bad" if errors else ""}">{escape(state)}</p>',
        _facts(checked, said, language),
        *(_findings(checked, severity, said, language) for severity in Severity),
        _contents(checked, said),
        _sources(checked, said),
        f"{more}</main></body></html>\n",
    ]
    return "".join(parts)


def _facts(checked: Reviewed, said: dict[str, str], language: str) -> str:
    edition = checked.edition
    facts = [
        (said["subject"], edition.subject),
        (said["preheader"], edition.preheader),
        (said["date"], format_date(edition.date, language)),
    ]
    if checked.rendered:
        size = sum(len(p.encode()) for p in checked.rendered.html.parts if isinstance(p, str))
        facts.append((said["size"], said["bytes"].format(kb=round(size / 1000))))
        facts.append((said["digest"], checked.rendered.short_digest))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f"<dl>{rows}</dl>"


def _findings(checked: Reviewed, severity: Severity, said: dict[str, str], language: str) -> str:
    found = [f for f in checked.findings if f.severity is severity]
    if not found:
        return ""
    items = "".join(_finding(f, language) for f in found)
    return f"<h2>{escape(said[severity])} ({len(found)})</h2><ul>{items}</ul>"


def _finding(found: Diagnostic, language: str) -> str:
    hint = found.hint(language)
    more = f"<br><small>{escape(hint)}</small>" if hint else ""
    place = f"{found.location} · {found.code}"
    message = found.message(language)
    message = message[:1].upper() + message[1:]
    return f'<li>{escape(message)}{more}<span class="place">{escape(place)}</span></li>'


def _contents(checked: Reviewed, said: dict[str, str]) -> str:
    items = "".join(f"<li>{escape(section.title)}</li>" for section in checked.edition.sections)
    return f"<h2>{escape(said['contents'])}</h2><ol>{items}</ol>" if items else ""


def _sources(checked: Reviewed, said: dict[str, str]) -> str:
    uses = seed_uses(checked.edition)
    seeds = {seed.slug: seed for seed in checked.edition.seeds}
    if not uses:
        return f"<h2>{escape(said['sources'])}</h2><p>{escape(said['none'])}</p>"
    items = []
    for slug in dict.fromkeys(use.seed for use in uses):
        seed = seeds[slug]
        name = ", ".join(p for p in (seed.title or seed.label or slug, seed.publisher) if p)
        rows = "".join(f"<li>{_use(use, said)}</li>" for use in uses if use.seed == slug)
        items.append(
            f'<li>{escape(name)}<span class="place">{escape(seed.file)}</span><ul>{rows}</ul></li>'
        )
    return f"<h2>{escape(said['sources'])}</h2><ul>{''.join(items)}</ul>"


def _use(use: SeedUse, said: dict[str, str]) -> str:
    numbers = ", ".join(str(number) for number in use.numbers)
    text = f"{said[use.kind]}, {said['paragraphs'].format(numbers=numbers)}"
    for correction in use.corrections:
        word = said["corrected"] if correction.kind == "fix" else said["linked"]
        text += "; " + word.format(found=correction.found, replacement=correction.replacement)
    return f'{escape(text)}<span class="place">{escape(use.file)}:{use.line}</span>'
