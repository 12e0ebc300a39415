"""What a template's Jinja does: files that it names, filters, values that it changes (M01, M07).

Templates get tokens, not text: what works on the letters of a value works on the token. Looked
at is only what is surely a token: names of the frame and fields that are text in every view
(see `frame`, `view` and `text_frame`), unless the template makes such a thing of its own.
Import it late: it brings Jinja with it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

from smakom_mail.diagnostics import nearest
from smakom_mail.render.template_faults import Faults

FIELDS = frozenset(
    """alt byline calendar calendar_label caption day email heading html label line mail
    mail_url meaning month monogram name organisation_number place postal_address role
    speaker src telephone telephone_url title to to_url url url_label website website_name
    when""".split()  # noqa: SIM905 - a list to read
)
"""Fields that hold a token, or nothing, wherever a template meets them."""
FRAME = frozenset(
    """title subject date preheader preheader_filler web_url unsubscribe_url newsletter
    organisation reason""".split()  # noqa: SIM905 - a list to read
)
"""Values of the HTML templates."""
TEXT_FRAME = frozenset(
    """preheader web_line organisation title date contents_title contents social sender
    reason unsubscribe_line""".split()  # noqa: SIM905 - a list to read
)
"""Values of edition.txt.j2."""
MAX_NESTING = 100
"""Deeper expressions are refused: Python could not take what Jinja makes of them."""
_CHANGING = frozenset(
    """abs batch capitalize center count dictsort filesizeformat first float groupby int
    items join last length list lower map max min random reject rejectattr replace reverse
    round select selectattr slice sort sum title truncate unique upper wordcount""".split()  # noqa: SIM905 - a list to read
)
_HARMLESS = {"default", "d", "e", "escape", "forceescape", "safe", "string", "trim", "striptags"}
_LEAVES = {nodes.Name, nodes.Const, nodes.TemplateData}
# Most nodes are of these kinds, and say nothing on their own.
_PLAIN = {nodes.Name, nodes.Const, nodes.TemplateData, nodes.Output, nodes.Getattr, nodes.If}
_METHODS = frozenset(dir(str)) - {"format", "join", "lstrip", "rstrip", "strip"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An include, import or extends: the first of `names` that is there is read.

    `optional` ones may be missing; `always` says that no condition stands before it.
    """

    names: tuple[str, ...]
    line: int
    column: int
    optional: bool
    always: bool


@dataclass(slots=True)
class Values:
    """Reads the syntax tree of one template; `text` says that it is the text part's."""

    faults: Faults
    environment: Environment
    text: bool
    references: list[Reference] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    outermost: set[int] = field(default_factory=set)
    deep: bool = False

    def read(self, tree: nodes.Template) -> None:
        """Note what is wrong, and the files that are named."""
        found = [node for node in self._walk(tree) if type(node) not in _PLAIN]
        if self.deep:
            return
        self.outermost = {id(node) for node in tree.body}
        for node in found:
            self._learn(node)
        for node in found:
            self._look(node)
            if self.faults.many:
                return

    def _walk(self, tree: nodes.Template) -> Iterator[nodes.Node]:
        """Give all nodes in the order of the text."""
        stack: list[tuple[nodes.Node, int]] = [(tree, 0)]
        while stack:
            node, depth = stack.pop()
            if depth > MAX_NESTING:
                self._add("template-depth", node.lineno, r"\{[{%]", limit=MAX_NESTING)
                self.deep = True
                return
            yield node
            if type(node) not in _LEAVES:
                stack += [(child, depth + 1) for child in [*node.iter_child_nodes()][::-1]]

    # ---------------------------------------------------------------- the template's own names

    def _learn(self, node: nodes.Node) -> None:
        """Learn what the template makes itself, so that it is taken for no token."""
        match node:
            case nodes.Assign(target=target) | nodes.AssignBlock(target=target):
                self.made |= _names(target)
            case nodes.With(targets=targets):
                self.made |= {name for target in targets for name in _names(target)}
            case nodes.Macro(args=arguments) | nodes.CallBlock(args=arguments):
                self.own |= {name for argument in arguments for name in _names(argument)}
            case nodes.For(target=target, iter=iterated):
                self.own |= _names(target)
                if isinstance(iterated, nodes.Literal | nodes.Call):
                    self.made |= _names(target)
            case nodes.Import(target=name):
                self.made.add(name)
            case nodes.FromImport(names=names):
                self.made |= {n if isinstance(n, str) else n[1] for n in names}
            case nodes.Dict():
                # What a macro gets may then be made of it.
                self.made |= self.own

    def _token(self, node: nodes.Node | None) -> str:
        """Give the name of a value that is surely a token, or nothing."""
        while isinstance(node, nodes.Filter) and node.name in _HARMLESS:
            node = node.node
        match node:
            case nodes.Name(name=name):
                frame = TEXT_FRAME if self.text else FRAME
                return name if name in frame and name not in self.own | self.made else ""
            case nodes.Getattr(node=inner, attr=name):
                path = _path(inner)
                known = name in FIELDS or path == "said"
                mine = path.partition(".")[0] in self.made
                return f"{path}.{name}" if path and known and not mine and not self.text else ""
            case nodes.Concat(nodes=parts):
                return next(filter(None, map(self._token, parts)), "")
            case nodes.Add(left=left, right=right) | nodes.Or(left=left, right=right):
                return self._token(left) or self._token(right)
            case nodes.CondExpr(expr1=yes, expr2=no):
                return self._token(yes) or self._token(no)
        return ""

    # -------------------------------------------------------------------------------- findings

    def _look(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Filter):
            self._known(node, self.environment.filters)
        elif isinstance(node, nodes.Test):
            self._known(node, self.environment.tests)
        elif isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            self._refers(node)
            return
        value, change, pattern = self._change(node)
        if value:
            self._add("value-changed", node.lineno, pattern, value=value, change=change)

    def _change(self, node: nodes.Node) -> tuple[str, str, str]:
        """Give the token that `node` changes, how, and a pattern for the place; or nothing."""
        match node:
            case nodes.Filter(node=inner, name=name) if name in _CHANGING:
                return self._token(inner), f"| {name}", rf"\|\s*{name}\b"
            case nodes.FilterBlock(filter=nodes.Filter(name=name), body=body):
                value = self._printed(body) if name in _CHANGING else ""
                return value, f"filter {name}", rf"filter\s+{name}\b"
            case nodes.Getitem(node=inner, arg=nodes.Slice() | nodes.Const(value=int())):
                return self._token(inner), "[…]", r"\["
            case nodes.Call(node=nodes.Getattr(node=inner, attr=name)) if name in _METHODS:
                return self._token(inner), f".{name}()", rf"\.{name}\b"
            case nodes.For(iter=iterated):
                return self._token(iterated), "for", r"\bfor\b"
        return "", "", ""

    def _printed(self, body: Iterable[nodes.Node]) -> str:
        outputs = (output for node in body for output in node.find_all(nodes.Output))
        direct = (node for node in body if isinstance(node, nodes.Output))
        parts = (part for output in (*direct, *outputs) for part in output.nodes)
        return next(filter(None, map(self._token, parts)), "")

    def _known(self, node: nodes.Filter | nodes.Test, known: Iterable[str]) -> None:
        if node.name not in known:
            close = nearest(node.name, known)
            self._add(
                "template-filter", node.lineno, rf"\b{node.name}\b", name=node.name, nearest=close
            )

    def _refers(
        self, node: nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends
    ) -> None:
        named = node.template
        parts = named.items if isinstance(named, nodes.Tuple | nodes.List) else [named]
        names = [part.value for part in parts if isinstance(part, nodes.Const)]
        if names and len(names) == len(parts) and all(isinstance(name, str) for name in names):
            line, column = self._place(node.lineno, re.escape(names[0]))
            optional = isinstance(node, nodes.Include) and node.ignore_missing
            always = id(node) in self.outermost
            self.references.append(Reference(tuple(names), line, column, optional, always))

    def _add(self, kind: str, line: int, pattern: str, **values: object) -> None:
        _, column = self._place(line, pattern)
        self.faults.add(kind, self.faults.source.offset(line, column), **values)

    def _place(self, line: int, pattern: str) -> tuple[int, int]:
        """Find the column: the syntax tree knows lines only. The next such words are meant."""
        number = self.seen[line, pattern] = self.seen.get((line, pattern), -1) + 1
        found = [match.start() for match in re.finditer(pattern, self.faults.source.line(line))]
        return line, (found[min(number, len(found) - 1)] if found else 0) + 1


def _names(target: nodes.Node) -> set[str]:
    """Give the names that an assignment or a loop sets."""
    return {name.name for name in (target, *target.find_all(nodes.Name)) if hasattr(name, "name")}


def _path(node: nodes.Node) -> str:
    """Give `section.credit` for such an expression, nothing for any other."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return ".".join([node.name, *parts[::-1]]) if isinstance(node, nodes.Name) else ""
