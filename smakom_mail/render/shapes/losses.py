"""What was lost: collected while a mail is changed, told and marked on its elements at the end."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smakom_mail.render.shapes.model import Client, Loss

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

MARK = "data-lost"
_MOST_VALUES = 5
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is lost, one sentence a language; ``{client}`` is the program's name."""

    sv: str
    en: str


@dataclass(slots=True)
class _Entry:
    values: dict[str, None] = field(default_factory=dict)
    elements: "dict[Element, None]" = field(default_factory=dict)
    times: int = 0


class LossBook:
    """The losses of one mail in one program."""

    def __init__(self, client: Client) -> None:
        """Begin for `client`."""
        self.client = client
        self._entries: dict[tuple[str, str, Why], _Entry] = {}

    def add(  # noqa: PLR0913, PLR0917 - what, why and where, as they stand in a sentence
        self,
        feature: str,
        group: str,
        value: str,
        why: Why,
        elements: "Iterable[Element]" = (),
        times: int = 0,
    ) -> None:
        """Note that `value` of `group` went from `elements`, or (without any) so many times."""
        entry = self._entries.setdefault((feature, group, why), _Entry())
        if value:
            entry.values[" ".join(value.split())] = None
        entry.elements.update(dict.fromkeys(elements))
        entry.times += times

    def features(self) -> set[str]:
        """Give the features that something was lost by."""
        return {feature for feature, _, _ in self._entries}

    def close(self) -> tuple[Loss, ...]:
        """Give the losses in order, and mark the elements that lost something."""
        told = sorted(
            (
                (feature, _what(group, entry), why, entry)
                for (feature, group, why), entry in self._entries.items()
            ),
            key=lambda loss: (loss[0], loss[1], loss[2].en),
        )
        marks: dict[Element, list[str]] = {}
        for number, (_, _, _, entry) in enumerate(told):
            for element in entry.elements:
                marks.setdefault(element, []).append(str(number))
        for element, numbers in marks.items():
            element.set(MARK, " ".join(numbers))
        return tuple(
            Loss(
                feature,
                what,
                why.sv.format(client=self.client.name_sv),
                why.en.format(client=self.client.name_en),
                len(entry.elements) or max(1, entry.times),
            )
            for feature, what, why, entry in told
        )


def _what(group: str, entry: _Entry) -> str:
    values = list(entry.values)
    shown = "; ".join(values[:_MOST_VALUES]) + ("; …" if len(values) > _MOST_VALUES else "")
    what = f"{group}: {shown}" if group and shown else group or shown
    return what if len(what) <= _LONGEST else what[: _LONGEST - 1].rstrip() + "…"
