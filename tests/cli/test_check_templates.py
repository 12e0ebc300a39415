"""A layout with a slip: a line for each, and nothing is built."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

EDITION = "layouts/smakom/edition.mjml.j2"
ARTICLE = "layouts/smakom/sections/article.mjml.j2"
FOOTER = "layouts/smakom/partials/footer.mjml.j2"

SLIPS = {
    "a Jinja error": (
        *(FOOTER, "{{ reason }}", "{% if %}"),
        (
            f"{FOOTER}:5: error[M01]: mallen går inte att använda: "
            "Expected an expression, got 'end of statement block'"
        ),
    ),
    "an unclosed tag": (
        *(ARTICLE, "  </mj-column>\n", ""),
        (
            f"{ARTICLE}:2: error[M01]: kolumn 3: <mj-column> är inte stängd "
            "när </mj-section> kommer på rad 5"
        ),
    ),
    "an unknown element": (
        *(ARTICLE, "{{ draw.top(section) }}", "<mj-delare />"),
        f"{ARTICLE}:3: error[M02]: kolumn 5: MJML har inget element <mj-delare>",
    ),
    "an include that leaves the folder": (
        *(EDITION, '"partials/footer.mjml.j2"', '"../../smakom-mail.toml"'),
        (
            f"{EDITION}:24: error[M01]: kolumn 17: ”../../smakom-mail.toml” leder ut "
            "ur layoutens mapp"
        ),
    ),
    "an import in CSS": (
        *(EDITION, "<mj-head>", "<mj-head><mj-style>@import url(http://127.0.0.1/x);</mj-style>"),
        f"{EDITION}:3: error[C01]: CSS hämtar något utifrån: @import url(http://127.0.0.1/x)",
    ),
    "ten thousand elements in one another": (
        *(
            ARTICLE,
            "{{ draw.top(section) }}",
            f"<mj-raw>{'<p>' * 10_000}{'</p>' * 10_000}</mj-raw>",
        ),
        f"{ARTICLE}:3: error[M01]: kolumn 304: element ligger i element djupare än 100 steg",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_template_is_one_line_and_nothing_is_built(
    slip: str, project: Path, cli: Callable[..., Result]
) -> None:
    file, old, new, expected = SLIPS[slip]
    template = project / file
    text = template.read_text(encoding="utf-8")
    assert old in text
    template.write_text(text.replace(old, new, 1), encoding="utf-8")

    checked = cli("check", "januari-2021")
    built = cli("build", "januari-2021")

    errors = [line for line in checked.output.splitlines() if ": error[" in line]
    assert errors == [expected]
    assert (checked.exit_code, built.exit_code) == (1, 1)
    assert not (project / "build").exists()


def test_slips_in_several_files_are_told_in_one_run(
    project: Path, cli: Callable[..., Result]
) -> None:
    for file, old, new in (
        (FOOTER, "{{ reason }}", "{{ reason | upper }}"),
        (ARTICLE, "36px 32px 0px 32px", "36px 32px 0 32px"),
    ):
        path = project / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    output = cli("check", "januari-2021").output

    assert [line for line in output.splitlines() if ": error[" in line] == [
        (
            f"{FOOTER}:5: error[M07]: kolumn 20: | upper ändrar reason, "
            "som är en platshållare när mallen körs"
        ),
        (
            f"{ARTICLE}:1: error[M06]: kolumn 62: en nolla utan enhet i "
            'padding="36px 32px 0 32px" gör bredderna fel'
        ),
    ]
