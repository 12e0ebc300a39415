"""What the plan of `send` says of the time that it takes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.services.receiving import EDITION, add, append, newsletter, opened, person
from tests.services.running import as_json, ran

Cli = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with ten readers, of whom four share a domain."""
    root = newsletter(tmp_path / "brev")
    domains = ["a.example"] * 4 + [f"b{number}.example" for number in range(6)]
    with opened(root) as store:
        add(store, *(person(store, f"r{n}@{domain}") for n, domain in enumerate(domains)))
    return root


@pytest.mark.parametrize(
    ("settings", "limit", "said", "seconds", "domain"),
    [
        ("", (), "as fast as it takes them", 0, None),
        ('rate = "10/min"', (), "as fast as it takes them", 0, None),
        ('rate = "5/min"', (), "5/min; that takes 60 s", 60, None),
        ('rate = "1/min"', ("--limit", "3"), "1/min; that takes 2 min", 120, None),
        (
            'domain_rate = { "a.example" = "1/min" }',
            (),
            "unlimited; that takes 3 min, by the limit for a.example",
            180,
            "a.example",
        ),
        (
            'rate = "5/min"\ndomain_rate = { "*" = "1/h" }',
            (),
            "5/min; that takes 3 h, by the limit for a.example",
            10_800,
            "a.example",
        ),
        (
            'rate = "5/min"\ndomain_rate = { "a.example" = "4/min" }',
            (),
            "5/min; that takes 60 s",
            60,
            None,
        ),
    ],
)
def test_the_plan_says_how_long_it_takes_and_which_limit_decides(  # noqa: PLR0913, PLR0917 - what is set, and what is said
    cli: Cli,
    project: Path,
    settings: str,
    limit: tuple[str, ...],
    said: str,
    seconds: float,
    domain: str | None,
) -> None:
    relay = f'\n[relay]\nhost = "smtp.leverantor.example"\n{settings}\n'
    append(project / "smakom-mail.toml", relay)
    plan = ("send", EDITION, "--dry-run", *limit)

    out, _ = ran(cli(*plan))
    found = as_json(cli(*plan, "--format", "json"))

    assert f"    relay     smtp.leverantor.example:587, {said}" in out.splitlines()
    assert (found["expected_seconds"], found["slowest_domain"]) == (seconds, domain)
