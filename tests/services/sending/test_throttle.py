"""The throttle: in no window more than the limit, whatever happens to clocks and programs."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.config import Rate
from smakom_mail.config.measures import parse_rate
from smakom_mail.services.sending.throttle import UNLIMITED, Throttle
from smakom_mail.store.spending import Spending

NOON = 1_700_000_000.0  # some time of the wall's clock, no whole minute
ACCOUNT = "nytt@smtp.leverantor.example"


def rate(text: str) -> Rate:
    found = parse_rate(text)
    assert isinstance(found, Rate)
    return found


def throttle(text: str, **domains: str) -> Throttle:
    """Make one for a rate, and rates of domains as in ``any="1/s"`` or ``a_example="1/s"``."""
    named = {"*" if key == "any" else key.replace("_", "."): rate(t) for key, t in domains.items()}
    return Throttle(rate(text), named.items(), relay=ACCOUNT)


def take(limits: Throttle, now: float, wish: int = UNLIMITED, domain: str = "") -> int:
    """Spend as much as may go, at most `wish`; give how much that was."""
    number = min(wish, limits.allowance(now, domain))
    if number:
        limits.spent(now, domain, number)
    return number


# ------------------------------------------------------------------------------------ one window


def test_without_a_rate_everything_may_go() -> None:
    limits = throttle("unlimited")
    limits.spent(0, "a.example", 1_000_000)

    assert limits.allowance(0) == limits.allowance(0, "a.example") == UNLIMITED
    assert limits.wait(0) == 0.0


def test_what_was_spent_comes_back_when_its_window_has_passed() -> None:
    limits = throttle("30/min")

    assert take(limits, 100.0, 20) == 20
    assert limits.allowance(110.0) == 10
    assert take(limits, 110.0) == 10
    assert [limits.allowance(now) for now in (110.0, 159.9, 160.0, 169.9, 170.0)] == [
        *(0, 0, 20, 20, 30)
    ]


def test_every_window_of_a_rate_holds() -> None:
    limits = throttle("10/s, 25/min")

    assert [take(limits, float(now)) for now in (0, 0.5, 1, 2, 3, 60, 61, 62)] == [
        *(10, 0, 10, 5, 0, 10, 10, 5)
    ]


@pytest.mark.parametrize(("now", "wait"), [(0.0, 60.0), (30.0, 30.0), (59.5, 0.5), (60.0, 0.0)])
def test_it_says_how_long_to_wait(now: float, wait: float) -> None:
    limits = throttle("2/min")
    take(limits, 0.0)

    assert limits.wait(now) == pytest.approx(wait, abs=0.002)


def test_who_spends_more_than_allowed_waits_the_longer() -> None:
    limits = throttle("2/min")
    limits.spent(0.0, number=3)
    limits.spent(50.0, number=2)

    assert limits.allowance(50.0) == 0
    assert limits.wait(50.0) == pytest.approx(60.0, abs=0.002)
    assert limits.allowance(110.0) == 2


def test_a_clock_that_goes_back_by_a_day_stops_nobody_for_a_day() -> None:
    limits = throttle("2/min")
    assert take(limits, 100_000.0) == 2

    assert limits.allowance(13_600.0) == 0
    assert limits.wait(13_600.0) == pytest.approx(60, abs=0.002)
    assert limits.allowance(13_660.0) == 2


# --------------------------------------------------------------------------------- the domains


def test_a_domain_has_its_own_limit_below_that_of_all() -> None:
    limits = throttle("100/min", a_example="3/min", any="5/min", free_example="unlimited")

    assert take(limits, 0.0, domain="a.example") == 3
    assert take(limits, 0.0, domain="b.example") == 5
    assert take(limits, 0.0, domain="c.example") == 5
    assert limits.allowance(0.0, "free.example") == limits.allowance(0.0) == 87
    assert limits.allowance(0.0, "a.example") == 0
    assert limits.wait(0.0) == 0.0
    assert limits.wait(0.0, "a.example") == pytest.approx(60.0, abs=0.002)
    assert take(limits, 0.0, domain="free.example") == 87
    assert limits.allowance(0.0, "d.example") == 0


def test_a_limit_of_domains_works_without_one_for_all() -> None:
    limits = throttle("unlimited", a_example="1/min")

    assert take(limits, 0.0, 5, "a.example") == 1
    assert take(limits, 0.0, 5, "b.example") == 5


def test_very_many_domains_are_forgotten_when_they_are_quiet() -> None:
    limits = throttle("unlimited", any="1/s")
    for number in range(20_000):
        take(limits, number * 0.01, domain=f"d{number}.example")

    assert len(limits._domains) <= 5000  # noqa: SLF001 - memory is what this is about
    assert limits.allowance(200.0, "d19999.example") == 0
    assert limits.allowance(200.0, "d3.example") == 1


# ------------------------------------------------------------------------------------- complaints


def paced(limits: Throttle, start: float, seconds: float, wish: int = UNLIMITED) -> int:
    """Spend whatever may go every tenth of a second; give how much that was."""
    return sum(take(limits, start + tenth / 10, wish) for tenth in range(1, int(seconds * 10) + 1))


def test_a_complaint_halves_the_rate_and_a_tenth_of_it_comes_back_each_minute() -> None:
    limits = throttle("20/s")
    assert paced(limits, 0.0, 10) == pytest.approx(200, abs=20)

    limits.slower(10.0)

    assert paced(limits, 10.0, 10) / 10 == pytest.approx(10, rel=0.1)
    assert paced(limits, 60.0, 10) / 10 == pytest.approx(12, rel=0.2)
    assert paced(limits, 190.0, 10) / 10 == pytest.approx(16, rel=0.2)
    assert paced(limits, 310.0, 10) / 10 == pytest.approx(20, rel=0.1)


def test_another_complaint_halves_again_but_those_of_one_moment_are_one() -> None:
    limits = throttle("16/s")
    paced(limits, 0.0, 10)
    for moment in (10.0, 10.1, 10.2, 11.0):
        limits.slower(moment)
    assert paced(limits, 11.0, 10) / 10 == pytest.approx(8, rel=0.15)

    limits.slower(21.0)
    assert paced(limits, 21.0, 10) / 10 == pytest.approx(4, rel=0.15)


def test_without_a_rate_a_complaint_halves_what_went_lately() -> None:
    limits = throttle("unlimited")
    assert paced(limits, 0.0, 20, wish=4) == 800

    limits.slower(20.0)

    assert paced(limits, 20.0, 10) / 10 == pytest.approx(20, rel=0.15)
    assert limits.allowance(20.0 + 16 * 60) == UNLIMITED


def test_a_complaint_before_anything_went_changes_nothing() -> None:
    limits = throttle("unlimited")
    limits.slower(0.0)

    assert limits.allowance(1.0) == UNLIMITED


def test_a_slowed_one_still_keeps_to_the_day() -> None:
    limits = throttle("10/s, 100/day")
    assert paced(limits, 0.0, 9) <= 100
    limits.slower(9.0)

    assert paced(limits, 9.0, 30) <= 20
    assert limits.allowance(3000.0) == 0


# -------------------------------------------------------------------------------- what is durable


def test_what_was_spent_is_kept_in_minutes_and_for_short_windows_in_seconds() -> None:
    def kept(limits: Throttle) -> list[tuple[str, int, int, int]]:
        rows = limits.spending(125.5, ["a.example", "b.example", "a.example"])
        assert {row.relay for row in rows} == {ACCOUNT}
        return [(row.domain, row.width, row.start, row.number) for row in rows]

    assert kept(throttle("unlimited")) == [("", 60, 2, 3)]
    assert kept(throttle("30/min, 10000/day")) == [("", 60, 2, 3)]
    assert kept(throttle("14/s, 200/h")) == [("", 1, 125, 3), ("", 60, 2, 3)]
    assert kept(throttle("5/30 s")) == [("", 1, 125, 3), ("", 60, 2, 3)]
    assert kept(throttle("unlimited", a_example="1/s")) == [
        ("", 60, 2, 3),
        ("a.example", 1, 125, 2),
    ]
    assert kept(throttle("unlimited", any="5/min", a_example="unlimited")) == [
        ("", 60, 2, 3),
        ("b.example", 60, 2, 1),
    ]
    assert throttle("14/s").spending(125.5, []) == []


def test_a_restart_knows_what_was_spent_before() -> None:
    rows = [
        Spending(ACCOUNT, "", 60, int(NOON // 60) - 59, 150),
        Spending(ACCOUNT, "", 60, int(NOON // 60), 30),
        Spending(ACCOUNT, "a.example", 60, int(NOON // 60), 10),
        Spending(ACCOUNT, "gone.example", 60, int(NOON // 60), 10),
    ]
    limits = throttle("200/h", a_example="10/min")
    limits.load(rows, now=5.0, wall=NOON)

    assert limits.allowance(5.0) == 20
    assert limits.allowance(5.0, "a.example") == 0
    assert limits.allowance(125.0) == 170
    assert limits.allowance(125.0, "a.example") == 10
    assert limits.allowance(3665.0) == 200


def test_what_was_spent_in_the_future_counts_as_spent_now() -> None:
    """The clock was set back by a day between the two programs."""
    limits = throttle("200/h")
    limits.load([Spending(ACCOUNT, "", 60, int(NOON // 60) + 1440, 200)], now=0.0, wall=NOON)

    assert limits.allowance(0.0) == 0
    assert limits.wait(0.0) == pytest.approx(3600, abs=0.002)


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        (throttle("unlimited"), 60),
        (throttle("14/s"), 61),
        (throttle("30/min, 10000/day"), 86_460),
        (throttle("1/s", a_example="2/h"), 3660),
    ],
)
def test_it_says_how_far_back_it_has_to_know(limits: Throttle, seconds: int) -> None:
    assert limits.horizon == seconds


# ----------------------------------------------------------------------------------- no more, ever


class Ledger:
    """What a store keeps of the rows: the sums."""

    def __init__(self) -> None:
        """Begin empty."""
        self._rows: dict[tuple[str, int, int], int] = {}

    def keep(self, rows: Iterable[Spending]) -> None:
        """Add the numbers of rows to what is kept."""
        for row in rows:
            key = (row.domain, row.width, row.start)
            self._rows[key] = self._rows.get(key, 0) + row.number

    def kept(self, since: float) -> list[Spending]:
        """Give the spans that end later."""
        return [
            Spending(ACCOUNT, domain, width, start, number)
            for (domain, width, start), number in self._rows.items()
            if (start + 1) * width > since
        ]


def require_no_window_over(limit: int, width: float, gone: list[tuple[float, int]]) -> None:
    """See that no window of `width`, its end left out, holds more than `limit`."""
    for start, _ in gone:
        inside = sum(number for at, number in gone if start <= at < start + width)
        assert inside <= limit, f"{inside} in the {width} s from {start}"


PAUSES = st.sampled_from([0.0, 0.005, 0.3, 0.9, 1.0, 10.0, 31.0, 59.0, 60.0]) | st.floats(0, 90)
STEPS = st.lists(
    st.tuples(
        PAUSES,
        st.sampled_from(["", "", "", "wait", "restart", "clock back", "complaint"]),
        st.sampled_from([1, 2, 5, UNLIMITED]),
    ),
    max_size=50,
)
"""A pause, what happens after it, and how many are sent then as far as they may be."""
RATES = st.dictionaries(
    st.sampled_from([1, 2, 30, 60, 90, 300, 3600]), st.integers(1, 30), min_size=1, max_size=3
).map(lambda found: Rate(tuple((found[width], width) for width in sorted(found))))


@given(RATES, RATES, STEPS, st.sampled_from(["", "a.example", "b.example"]))
@settings(max_examples=300)
def test_no_window_holds_more_than_its_limit_through_restarts_and_clocks_set_back(
    all_: Rate, each: Rate, steps: list[tuple[float, str, int]], domain: str
) -> None:
    ledger, gone = Ledger(), list[tuple[float, int]]()
    true, back, began = 0.0, 0.0, 0.0

    def started() -> Throttle:
        fresh = Throttle(all_, [("*", each)], relay=ACCOUNT)
        wall = NOON + true - back
        fresh.load(ledger.kept(wall - fresh.horizon), 0.0, wall)
        return fresh

    limits = started()
    for pause, event, wish in steps:
        true += pause
        if event == "wait":
            true += limits.wait(true - began, domain)
            assert limits.allowance(true - began, domain) >= 1
        elif event == "restart":
            began = true  # each program has a clock of its own
            limits = started()
        elif event == "clock back":
            back += pause * wish
        elif event == "complaint":
            limits.slower(true - began)
        if number := take(limits, true - began, wish, domain):
            gone.append((true, number))
            ledger.keep(limits.spending(NOON + true - back, [domain] * number))
    for limit, width in (*all_.limits, *(each.limits if domain else ())):
        require_no_window_over(limit, width, gone)


@given(RATES, STEPS)
def test_also_where_the_clock_that_should_not_goes_back(
    held: Rate, steps: list[tuple[float, str, int]]
) -> None:
    limits, gone, true, back = Throttle(held), list[tuple[float, int]](), 0.0, 0.0
    for pause, event, wish in steps:
        true += pause
        if event == "wait":
            true += limits.wait(true - back)
        elif event == "clock back":
            limits.allowance(true - back)  # it was looked at just before
            back += pause * wish
        if number := take(limits, true - back, wish):
            gone.append((true, number))
    for limit, width in held.limits:
        require_no_window_over(limit, width, gone)


@given(RATES, st.lists(st.tuples(st.floats(0, 100), st.integers(1, 40)), max_size=40))
def test_within_one_program_the_wall_may_do_what_it_likes(
    held: Rate, sent: list[tuple[float, int]]
) -> None:
    """The clock jumps forth and back at every message; what is kept never runs backwards."""
    limits, true, starts = Throttle(held), 0.0, list[int]()
    limits.load([], 0.0, NOON)
    for number, (pause, wish) in enumerate(sent):
        true += pause
        take(limits, true, wish)
        rows = limits.spending(NOON + true + (-1) ** number * 5000 * number, [""])
        starts += [row.start for row in rows if row.width == 60]

    assert all(one <= other for one, other in pairwise(starts))


def test_it_counts_what_is_asked_and_nothing_else() -> None:
    """A look, at the allowance or at the wait, spends nothing."""
    looks: list[Callable[[Throttle], object]] = [
        lambda t: t.allowance(1.0),
        lambda t: t.allowance(1.0, "a.example"),
        lambda t: t.wait(1.0),
        lambda t: t.wait(1.0, "a.example"),
        lambda t: t.spending(NOON, ["a.example"]),
    ]
    limits = throttle("5/min", any="5/min")
    for look in looks * 10:
        look(limits)

    assert take(limits, 1.0, domain="a.example") == 5
