"""The branches of a template and what each leaves open: plain data for template_structure."""

from dataclasses import dataclass, field

Context = tuple[str | None, bool]
"""The nearest MJML element around a place, None where unknown, and whether nothing is between."""
UNKNOWN: Context = (None, False)


def is_mjml(name: str) -> bool:
    """Say whether an element is MJML's, not HTML's."""
    return name.startswith("mj-") or name == "mjml"


@dataclass(frozen=True, slots=True)
class Open:
    """An open element; `inside` is the context of what stands in it."""

    name: str
    shown: str
    at: int
    inside: Context

    @property
    def key(self) -> object:
        """What must be equal for two branches to open the same."""
        return self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """What the branches of one condition left open, where they differ."""

    tests: tuple[str, ...]
    alternatives: frozenset[tuple[object, ...]]
    shown: str
    at: int
    inside: Context

    @property
    def key(self) -> object:
        """What must be equal for two branches to open the same."""
        return self.tests, self.alternatives


Item = Open | Choice


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing tag whose element was opened outside the branch."""

    name: str
    shown: str
    at: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a branch does to what is around it: it closes, then opens."""

    closes: tuple[Closing, ...] = ()
    opens: tuple[Item, ...] = ()

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[object, ...]]:
        """What must be equal for two branches to do the same."""
        return tuple(c.name for c in self.closes), tuple(item.key for item in self.opens)

    @property
    def neutral(self) -> bool:
        """Whether it opens again what it closes (or does nothing): `</tr><tr>`."""
        closed, opened = self.key
        return tuple(reversed(closed)) == opened


@dataclass(slots=True)
class Frame:
    """A fragment or a Jinja block that is being read, with its branches so far."""

    word: str
    start: int
    base: Context
    depth: int = 0
    tests: list[str] = field(default_factory=list)
    done: list[Effect] = field(default_factory=list)
    closes: list[Closing] = field(default_factory=list)
    stack: list[Item] = field(default_factory=list)
    complete: bool = False

    @property
    def inside(self) -> Context:
        """The context of what comes next."""
        if self.stack:
            return self.stack[-1].inside
        return UNKNOWN if self.closes else self.base

    @property
    def parent(self) -> int:
        """A place that stands for the innermost open element."""
        return self.stack[-1].at if self.stack else self.start

    def end_branch(self) -> None:
        """Keep what the branch did and begin the next."""
        self.done.append(Effect(tuple(self.closes), tuple(self.stack)))
        self.closes, self.stack = [], []

    def effects(self) -> list[Effect]:
        """Give what each branch did; without an `else`, doing nothing is one of them."""
        return self.done if self.complete else [*self.done, Effect()]

    def choice(self) -> Choice:
        """Give what the branches open as one thing, for they differ."""
        opens = [item for effect in self.done for item in effect.opens]
        html = all(isinstance(item, Open) and not is_mjml(item.name) for item in opens)
        return Choice(
            tuple(self.tests),
            frozenset(effect.key[1] for effect in self.effects()),
            opens[0].shown,
            opens[0].at,
            (self.base[0], False) if html else UNKNOWN,
        )
