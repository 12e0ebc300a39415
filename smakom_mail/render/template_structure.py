"""Whether a template's elements are closed by their own names and stand where they may.

Jinja's branches are taken as they are: a branch closes what it opens, or all branches open the
same, or a later block on the same condition closes it. A file, a macro, a call and a block are
fragments: each closes what it opens. Where only the conditions could tell, a warning says so
and nothing more is said of the file's structure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from smakom_mail.diagnostics import nearest
from smakom_mail.render.mjml import MAX_DEPTH
from smakom_mail.render.template_branches import (
    UNKNOWN,
    Choice,
    Closing,
    Context,
    Effect,
    Frame,
    Open,
    is_mjml,
)
from smakom_mail.render.template_faults import Faults
from smakom_mail.render.template_markup import UNREADABLE, Tag
from smakom_mail.render.template_places import ROOT, Root, misplaced
from smakom_mail.render.template_schema import REFUSED, schema
from smakom_mail.render.template_source import HOLE, VALUE, Statement

MAX_BLOCKS = 18
"""Jinja makes Python of its blocks, and Python takes 20 in one another."""
_FRAGMENTS = ("macro", "call", "set", "block")
_FRAMES = ("if", "for", "filter", "with", "autoescape", *_FRAGMENTS)
_ASSIGNED = re.compile(r"[\w.,\s()]+=")
_WORD = re.compile(rf"[^\s{HOLE}{VALUE}]")
_INCLUDED = re.compile(r"\"([^\"]*)\"|'([^']*)'|[^\"'~+]+|[~+]")


@dataclass(frozen=True, slots=True)
class Included:
    """An include: a pattern of the names that it may mean, and the element around it."""

    pattern: str
    context: Context


@dataclass(slots=True)
class Structure:
    """Reads the tags and statements of one template, in order."""

    faults: Faults
    statements: Sequence[Statement]
    frames: list[Frame] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    given_up: bool = False
    told: set[int] = field(default_factory=set)
    taken: int = 0
    following: str = ""

    def read(self, tags: Sequence[Tag]) -> None:
        """Read the whole template."""
        extends = any(statement.word == "extends" for statement in self.statements)
        self.frames.append(Frame("file", -1, UNKNOWN if extends else (ROOT, True)))
        for tag, self.following in zip(tags, _following(tags), strict=True):
            self._tag(tag)
            if self.given_up or self.faults.many:
                return
        if len(self.frames) == 1:
            self._left_open(self.frames[0])

    def _tag(self, tag: Tag) -> None:
        inside = list(self._statements(tag.end))
        if tag.kind == "text":
            start = tag.start
            for statement in inside:
                self._text(start, statement.start)
                self._statement(statement)
                start = statement.end
            self._text(start, tag.end)
        elif not _balanced(inside):
            # A block that begins inside a tag and ends elsewhere: nobody can follow that.
            self.given_up = True
        elif tag.fault in UNREADABLE:
            # Where such a tag ends is a guess: what follows may be a part of it.
            self.given_up = True
        elif tag.kind in ("open", "empty"):
            self._element(tag)
        elif tag.kind == "close":
            self._close(Closing(tag.name.lower(), tag.name, tag.start))

    def _statements(self, end: int) -> Iterator[Statement]:
        while self.taken < len(self.statements) and self.statements[self.taken].start < end:
            self.taken += 1
            yield self.statements[self.taken - 1]

    # ------------------------------------------------------------------- elements and words

    def _element(self, tag: Tag) -> None:
        frame, name = self.frames[-1], tag.name.lower()
        context = frame.inside
        self._place(name, tag, context)
        if tag.kind == "empty":
            return
        inside: Context = (name, True) if is_mjml(name) else (context[0], False)
        frame.stack.append(Open(name, self._shown(tag), tag.start, inside))
        if frame.depth + len(frame.stack) == MAX_DEPTH + 1 and -2 not in self.told:
            self.told.add(-2)
            self.faults.add("tag-depth", tag.start, limit=MAX_DEPTH)

    def _shown(self, tag: Tag) -> str:
        """Give a tag's name as it is written, with the Jinja in it."""
        length = len(tag.name)
        start = tag.start + 1
        return self.faults.source.text[start : start + length]

    def _place(self, name: str, tag: Tag, context: Context) -> None:
        if VALUE in name:
            return
        if name in REFUSED:
            self.faults.add(REFUSED[name], tag.start, name=name)
        elif is_mjml(name) and (name not in schema().components or name != tag.name):
            close = nearest(name, schema().elements)
            self.faults.add("mjml-unknown", tag.start, name=tag.name, nearest=close)
        else:
            self._stands(name, tag.start, context)

    def _text(self, start: int, end: int) -> None:
        """Look at words between tags: they may not stand in a section or a column."""
        if not self.frames[-1].inside[1] or self.given_up:
            return
        if found := _WORD.search(self.faults.source.blank, start, end):
            self._stands("", found.start(), self.frames[-1].inside)

    def _stands(self, name: str, at: int, context: Context) -> None:
        """Say once for each parent what may not stand in it."""
        parent = self.frames[-1].parent
        if not is_mjml(name) and parent in self.told:
            return
        if context[0] == ROOT and context[1]:
            self.roots.append(Root(name, at))
        elif context[0] not in (ROOT, None) and not misplaced(self.faults, name, at, context):
            return
        if not is_mjml(name):
            self.told.add(parent)

    # ------------------------------------------------------------------------------ closing

    def _close(self, tag: Closing) -> None:
        frame = self.frames[-1]
        if self._closes_choice(frame, tag):
            return
        if not frame.stack:
            if frame.word == "file" or frame.word in _FRAGMENTS:
                self.faults.add("tag-stray-close", tag.at, name=tag.shown)
            else:
                frame.closes.append(tag)
            return
        top = frame.stack[-1]
        if top.key == tag.name:
            frame.stack.pop()
        elif any(item.key == tag.name for item in frame.stack):
            line = self.faults.line(tag.at)
            self.faults.add("tag-unclosed", top.at, name=top.shown, other=tag.shown, line=line)
            while frame.stack.pop().key != tag.name:
                continue
        elif self.following == top.key:
            self.faults.add("tag-stray-close", tag.at, name=tag.shown)
        else:
            line = self.faults.line(top.at)
            self.faults.add("tag-wrong-close", tag.at, name=top.shown, other=tag.shown, line=line)
            frame.stack.pop()

    def _closes_choice(self, frame: Frame, tag: Closing) -> bool:
        """Say what only some branches opened and what is closed here whatever they did."""
        while frame.stack and isinstance(top := frame.stack[-1], Choice):
            frame.stack.pop()
            self.faults.add("tag-branch", top.at, name=top.shown)
            if any(tag.name in opened for opened in top.alternatives):
                return True
        return False

    def _left_open(self, frame: Frame) -> None:
        """Say what a fragment never closed: the innermost three are enough to find it."""
        for item in frame.stack[-3:]:
            kind = "tag-branch" if isinstance(item, Choice) else "tag-never-closed"
            self.faults.add(kind, item.at, name=item.shown)

    # ---------------------------------------------------------------------------- statements

    def _statement(self, statement: Statement) -> None:
        if self.given_up:
            return
        word, frame = statement.word, self.frames[-1]
        if word in _FRAMES and not (word == "set" and _ASSIGNED.match(statement.rest)):
            self._enter(statement)
        elif word in ("elif", "else"):
            frame.end_branch()
            frame.tests.append(f"{word} {statement.rest}")
            frame.complete = word == "else" or frame.complete
        elif word.startswith("end") and len(self.frames) > 1:
            self._leave(self.frames.pop())
        elif word in ("include", "extends"):
            context = frame.inside if word == "include" else (ROOT, True)
            self.included.append(Included(_pattern(statement.rest), context))

    def _enter(self, statement: Statement) -> None:
        word, around = statement.word, self.frames[-1]
        base = UNKNOWN if word in ("macro", "call", "set") else around.inside
        depth = around.depth + len(around.stack)
        frame = Frame(word, statement.start, base, depth, [f"{word} {statement.rest}"])
        # Only what may be skipped has a branch that does nothing.
        frame.complete = word not in ("if", "for")
        self.frames.append(frame)
        if len(self.frames) == MAX_BLOCKS + 2:
            self.faults.add("template-depth", statement.start, limit=MAX_BLOCKS)
            self.given_up = True

    def _leave(self, frame: Frame) -> None:
        if frame.word in _FRAGMENTS:
            self._left_open(frame)
            return
        frame.end_branch()
        effects = frame.effects()
        if len({effect.key for effect in effects}) == 1:
            self._apply(effects[0])
        elif all(effect.neutral for effect in effects):
            self._apply(max(effects, key=lambda effect: len(effect.closes)))
        elif not any(effect.closes for effect in effects):
            self.frames[-1].stack.append(frame.choice())
        elif not self._answers(frame, effects):
            self._unsure(next(c for effect in effects for c in effect.closes))

    def _apply(self, effect: Effect) -> None:
        """Do in the block around what a branch did."""
        self.following = ""
        for closing in effect.closes:
            self._close(closing)
        self.frames[-1].stack += effect.opens

    def _answers(self, frame: Frame, effects: list[Effect]) -> bool:
        """Say whether the branches close what the branches of an earlier block opened."""
        stack = self.frames[-1].stack
        if not stack or not isinstance(choice := stack[-1], Choice):
            return False
        closed = {tuple(reversed(effect.key[0])) for effect in effects}
        if closed != choice.alternatives or any(effect.opens for effect in effects):
            return False
        stack.pop()
        if tuple(frame.tests) != choice.tests:
            self._warn(next(c for effect in effects for c in effect.closes), choice.at)
        return True

    def _unsure(self, closing: Closing) -> None:
        self._warn(closing, self.frames[-1].parent)
        self.given_up = True

    def _warn(self, closing: Closing, opened: int) -> None:
        line = self.faults.line(max(opened, 0))
        self.faults.add("tag-conditions", closing.at, name=closing.shown, line=line)


def _balanced(statements: list[Statement]) -> bool:
    """Say whether the blocks that begin among `statements` end among them."""
    level = 0
    for statement in statements:
        if statement.word in _FRAMES:
            level += 1
        elif statement.word.startswith("end"):
            level -= 1
        elif statement.word in ("elif", "else") and level == 0:
            return False
        if level < 0:
            return False
    return level == 0


def _following(tags: Sequence[Tag]) -> list[str]:
    """Give for each tag the name of the next closing tag behind it."""
    names, name = [], ""
    for tag in reversed(tags):
        names.append(name)
        if tag.kind == "close":
            name = tag.name.lower()
    return names[::-1]


def _pattern(rest: str) -> str:
    """Turn what an include names into a pattern: what is computed may be anything."""
    rest = re.sub(r"(\s+ignore missing)?(\s+with(out)? context)?\s*$", "", rest)
    parts = []
    for found in _INCLUDED.finditer(rest):
        if found[1] is not None or found[2] is not None:
            parts.append(re.escape(found[1] or found[2] or ""))
        elif found[0].strip(" ~+"):
            parts.append(".*")
    # A name that is computed from its start may be any.
    return "" if parts[:1] == [".*"] else "".join(parts)
