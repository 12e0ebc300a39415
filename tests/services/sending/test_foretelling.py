"""How long it takes is told before: what each limit demands, and what the queue then does."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.config import Rate
from smakom_mail.config.measures import parse_rate
from smakom_mail.model.campaign import Recipient, Wish
from smakom_mail.model.delivery import State
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.foretelling import Foretold, foretell
from smakom_mail.services.sending.queue import Queue, domain_of
from smakom_mail.services.sending.throttle import Throttle

if TYPE_CHECKING:
    from smakom_mail.store.ledger import Ledger


def rate(text: str) -> Rate:
    found = parse_rate(text)
    assert isinstance(found, Rate)
    return found


def told(text: str, people: Sequence[str], **domains: str) -> Foretold:
    """Foretell, with rates of domains as in ``any="1/s"`` or ``a_example="1/s"``."""
    return foretell(rate(text), named(domains), people)


def named(domains: dict[str, str]) -> list[tuple[str, Rate]]:
    return [("*" if k == "any" else k.replace("_", "."), rate(v)) for k, v in domains.items()]


# ------------------------------------------------------------------------------- one limit


@pytest.mark.parametrize(
    ("text", "number", "hours"),
    [
        ("unlimited", 1_000_000, 0),
        ("200/h", 0, 0),
        ("200/h", 200, 0),
        ("200/h", 201, 1),
        ("200/h", 1200, 5),
        ("14/s", 14 * 3600 + 1, 1),
        ("30/min", 30 * 60 + 1, 1),
        ("10000/day", 10_000, 0),
        ("10000/day", 10_001, 24),
        ("10000/day", 30_000, 48),
        ("30/min, 10000/day", 1801, 1),
        ("30/min, 10000/day", 10_001, 24),
        ("30/min, 10000/day", 11_801, 25),
        ("1/s, 1000000/h", 7201, 2),
    ],
)
def test_what_is_within_a_limit_goes_at_once_and_the_rest_as_its_windows_pass(
    text: str, number: int, hours: float
) -> None:
    assert told(text, ["a.example"] * number) == Foretold(hours * 3600)


# ------------------------------------------------------------------------------ the domains


def test_where_many_share_a_domain_its_limit_decides_and_is_named() -> None:
    people = ["a.example", "b.example", "c.example", "a.example", "d.example"] * 200

    # The first 20 of them stand among the first 50, who take 4 s.
    assert told("10/s", people, a_example="20/min") == Foretold(19 * 60 + 4, "a.example")
    assert told("unlimited", people, a_example="20/min") == Foretold(19 * 60, "a.example")
    assert told("10/s", people, a_example="20/s") == Foretold(99)
    assert told("10/s", people) == Foretold(99)


def test_the_limit_of_every_other_domain_is_each_one_s_own() -> None:
    people = ["a.example"] * 30 + ["b.example"] * 20 + ["c.example"] * 10

    assert told("unlimited", people, any="10/min") == Foretold(120, "a.example")
    assert told("unlimited", people, any="10/min", a_example="unlimited") == Foretold(
        60, "b.example"
    )


def test_a_domain_whose_people_come_last_begins_late() -> None:
    """The others take the relay ten minutes; the first 30 go until 629 s, and then nine times."""
    people = ["b.example"] * 600 + ["a.example"] * 300

    assert told("1/s", people, a_example="30/min") == Foretold(629 + 9 * 60, "a.example")


# ---------------------------------------------------------------- as the queue would really do


class Waiting:
    """What the queue asks of a ledger: people who all wait, and nothing is written down."""

    def __init__(self, domains: Sequence[str]) -> None:
        """Let a reader of each domain wait."""
        self._rest = [
            Recipient(number, f"r{number}@{domain}", "", "", "", "")
            for number, domain in enumerate(domains)
        ]

    def claim(self, state: State, most: int, now: str) -> list[Recipient]:
        """Give the next ones."""
        del state, now
        some, self._rest = self._rest[:most], self._rest[most:]
        return some

    def wish(self) -> Wish:
        """Say that it is to be sent."""
        return Wish.SENDING


def simulated(
    held: Rate, domain_rates: Sequence[tuple[str, Rate]], domains: Sequence[str]
) -> float:
    """Let queue and throttle send to a relay that takes no time; give when the last one went."""
    now = last = 0.0
    throttle = Throttle(held, domain_rates)
    ledger = cast("Ledger", Waiting(domains))
    queue = Queue(ledger, throttle, Clock(lambda: now, lambda: now), lambda: None)
    left = Counter(domains)
    while left:
        if (recipient := queue.take()) is not None:
            left -= Counter([domain_of(recipient)])
            last = now
        else:
            waits = (throttle.wait(now, domain) for domain in left)
            now += max(0.01, throttle.wait(now), min(waits))
    return last


SHARES = st.lists(
    st.tuples(st.sampled_from(["a.example", "b.example", "c.example"]), st.integers(1, 40)),
    min_size=1,
    max_size=12,
)
RATES = st.dictionaries(st.sampled_from([1, 5, 60, 3600]), st.integers(1, 50), max_size=2).map(
    lambda found: Rate(tuple((found[width], width) for width in sorted(found)))
)


@given(RATES, RATES, RATES, SHARES)
@settings(max_examples=300, deadline=None)
def test_it_is_no_less_than_any_limit_demands_and_what_the_queue_would_take(
    held: Rate, of_a: Rate, of_others: Rate, shares: list[tuple[str, int]]
) -> None:
    """Where two may go at the same moment, the order can differ, by one window."""
    domains = [domain for domain, number in shares for _ in range(number)]
    rates = [("a.example", of_a), ("*", of_others)]
    seconds = foretell(held, rates, domains).seconds
    counts = Counter(domains)
    demanded = [(held, len(domains)), (of_a, counts["a.example"])]
    demanded += [(of_others, counts[name]) for name in ("b.example", "c.example")]
    for each, number in demanded:
        for limit, width in each.limits:
            assert seconds >= max(0, number - 1) // limit * width

    widest = max((width for each, _ in demanded for _, width in each.limits), default=0)
    assert simulated(held, rates, domains) == pytest.approx(seconds, rel=0.1, abs=widest * 1.05)


@pytest.mark.parametrize(
    ("held", "of_a", "shares"),
    [
        ("200/h", "unlimited", (1, 1)),
        ("14/s, 10000/day", "30/min", (2, 3)),
        ("unlimited", "20/min", (2, 3)),
        ("2/s", "30/min", (2, 3)),
        ("30/min", "30/min", (2, 3)),
        ("10/min, 400/h", "100/h", (2, 3)),
    ],
)
def test_a_long_sending_is_foretold_to_a_tenth(
    held: str, of_a: str, shares: tuple[int, int]
) -> None:
    """Two of five people share a domain, wherever they stand in the list."""
    one, all_ = shares
    domains = [*["a.example"] * one, *(f"b{number}.example" for number in range(all_))] * 500
    Random(20210129).shuffle(domains)  # noqa: S311 - an order, no secret
    rates = [("a.example", rate(of_a))]

    seconds = foretell(rate(held), rates, domains).seconds

    assert simulated(rate(held), rates, domains) == pytest.approx(seconds, rel=0.1)
