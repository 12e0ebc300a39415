"""Resolve ``::: excerpt``: the seed's own words, with the corrections made openly."""

from dataclasses import replace

from smakom_mail.content.directive import Directive, Entry
from smakom_mail.content.matching import find_words, fold
from smakom_mail.content.passages import Piece, choose_passage
from smakom_mail.content.sources import Sources, credit_note, credit_of
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.document import (
    Correction,
    Excerpt,
    Inline,
    LineBreak,
    Link,
    Passage,
    Text,
)


def resolve_excerpt(
    directive: Directive, sources: Sources, file: str
) -> tuple[Excerpt | None, list[Diagnostic]]:
    """Turn an excerpt block into the seed's own words, or say at which line what is wrong."""
    seed, findings = sources.resolve(directive.argument, file, directive.line)
    if seed is None:
        return None, findings
    too_much = finding("sources-exhausted", file, directive.line)
    if not sources.search(paragraph.text for paragraph in seed.paragraphs):
        return None, [*findings, too_much]
    pieces, faults = choose_passage(directive, seed, sources, file)
    findings += faults
    if not sources.take(piece.text for piece in pieces):
        return None, [*findings, too_much]
    pieces, corrections, faults = _fix(directive, pieces, sources, file)
    findings += faults
    passages, links, faults = _link(directive, pieces, sources, file)
    findings += faults
    findings += credit_note(seed, file, directive.line)
    excerpt = Excerpt(
        seed=seed.slug,
        passages=passages,
        credit=credit_of(seed),
        corrections=(*corrections, *links),
        title=directive.value("title"),
        line=directive.line,
    )
    return excerpt, findings


def _fix(
    directive: Directive, pieces: tuple[Piece, ...], sources: Sources, file: str
) -> tuple[tuple[Piece, ...], list[Correction], list[Diagnostic]]:
    corrections: list[Correction] = []
    findings: list[Diagnostic] = []
    for entry in directive.all("fix"):
        found, replacement = _arrow(entry)
        if not found or not replacement:
            findings.append(_form(entry, file, "utredningasansvarig -> utredningsansvarig"))
            continue
        place, faults = _only_place(entry, found, [p.text for p in pieces], sources, file)
        findings += faults
        if place:
            index, start, end = place
            text = pieces[index].text
            fixed = replace(pieces[index], text=text[:start] + replacement + text[end:])
            pieces = (*pieces[:index], fixed, *pieces[index + 1 :])
            corrections.append(Correction("fix", text[start:end], replacement, entry.line))
            findings.append(
                finding(
                    "correction-shown",
                    file,
                    entry.line,
                    found=text[start:end],
                    replacement=replacement,
                )
            )
    return pieces, corrections, findings


def _arrow(entry: Entry) -> tuple[str, str]:
    found, _, replacement = entry.value.partition("->")
    return found.strip(), replacement.strip()


def _form(entry: Entry, file: str, example: str) -> Diagnostic:
    return finding(
        "correction-form", file, entry.line, key=entry.key, value=entry.value, example=example
    )


def _only_place(
    entry: Entry, words: str, texts: list[str], sources: Sources, file: str
) -> tuple[tuple[int, int, int] | None, list[Diagnostic]]:
    """Find where `words` stand in the passage: (piece, start, end), if that is one place."""
    if not sources.search(texts):
        return None, [finding("sources-exhausted", file, entry.line)]
    places = []
    for index, text in enumerate(texts):
        folded = fold(text, case=True)
        places += [(index, *folded.span(*found)) for found in find_words(folded, words, case=True)]
    if len(places) == 1:
        return places[0], []
    if places:
        return None, [
            finding(
                "correction-ambiguous",
                file,
                entry.line,
                key=entry.key,
                words=words,
                count=len(places),
            )
        ]
    close = sources.nearest(enumerate(texts), words)
    return None, [
        finding(
            "correction-not-in-passage",
            file,
            entry.line,
            key=entry.key,
            words=words,
            nearest=close.text,
        )
    ] if texts else []


def _link(
    directive: Directive, pieces: tuple[Piece, ...], sources: Sources, file: str
) -> tuple[tuple[Passage, ...], list[Correction], list[Diagnostic]]:
    links: list[tuple[int, int, int, str, int]] = []
    corrections: list[Correction] = []
    findings: list[Diagnostic] = []
    for entry in directive.all("link"):
        words, address = _arrow(entry)
        if not words or not address:
            findings.append(_form(entry, file, "våra ramavtal -> https://…"))
            continue
        place, faults = _only_place(entry, words, [p.text for p in pieces], sources, file)
        findings += faults
        if place is None:
            continue
        index, start, end = place
        if any(i == index and s < end and start < e for i, s, e, _, _ in links):
            findings.append(
                finding("correction-overlap", file, entry.line, key=entry.key, words=words)
            )
            continue
        found = " ".join(pieces[index].text[start:end].split())
        links.append((*place, address, entry.line))
        corrections.append(Correction("link", found, address, entry.line))
        findings.append(finding("link-shown", file, entry.line, found=found, address=address))
    passages = tuple(
        Passage(
            piece.number,
            piece.style,
            _children(
                piece.text, sorted(link[1:] for link in links if link[0] == index), directive.line
            ),
            piece.gap,
        )
        for index, piece in enumerate(pieces)
    )
    return passages, corrections, findings


def _children(text: str, links: list[tuple[int, int, str, int]], line: int) -> tuple[Inline, ...]:
    nodes: list[Inline] = []
    at = 0
    for start, end, address, link_line in links:
        nodes += _lines(text[at:start], line)
        nodes.append(Link(address, tuple(_lines(text[start:end], link_line)), link_line))
        at = end
    return (*nodes, *_lines(text[at:], line))


def _lines(text: str, line: int) -> list[Inline]:
    nodes: list[Inline] = []
    for index, part in enumerate(text.split("\n")):
        if index:
            nodes.append(LineBreak(line))
        if part:
            nodes.append(Text(part, line))
    return nodes
