"""axe-core in a Playwright page, from the installed package: nothing is fetched.

The script is axe-core (MPL-2.0, by Deque Systems) as axe-playwright-python carries it.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# Up to WCAG 2.2 AA, and the best practices; AAA, experimental and deprecated rules stay out.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

# Rules are switched on one by one, because axe leaves some of them (target-size) off by default.
_RUN = """
async ({tags, disable, iframes}) => {
    const unwanted = new Set(axe.getRules(["experimental", "deprecated"]).map(r => r.ruleId));
    const wanted = axe.getRules(tags).map(rule => rule.ruleId).filter(id => !unwanted.has(id));
    const unknown = disable.filter(id => !wanted.includes(id));
    if (unknown.length) throw new Error("axe has no rule " + unknown.join(", "));
    const runOnly = {type: "rule", values: wanted.filter(id => !disable.includes(id))};
    const {violations} = await axe.run(document, {runOnly, iframes, resultTypes: ["violations"]});
    return {rules: runOnly.values, violations};
}
"""


# A frame answers only pages of its own origin, and a page that a test writes itself has none.
_CONFIGURE = 'axe.configure({allowedOrigins: ["<unsafe_all_origins>"]})'


@cache
def axe_source() -> str:
    """Read the script that the installed package carries, set up for pages in tests."""
    script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    return f"{script}\n{_CONFIGURE}"


def run_axe(page: Page, disable: tuple[str, ...] = (), *, iframes: bool = True) -> dict[str, Any]:
    """Run axe on a page and its frames; give the rules that ran and what violates them."""
    for frame in page.frames if iframes else (page.main_frame,):
        frame.evaluate(axe_source())
    asked = {"tags": TAGS, "disable": disable, "iframes": iframes}
    result: dict[str, Any] = page.evaluate(_RUN, asked)
    return result


def violations(page: Page, disable: tuple[str, ...] = (), *, iframes: bool = True) -> list[str]:
    """List what axe finds on a page, one line for each element: rule, impact, target, summary."""
    return [
        f"{violation['id']} ({node['impact']}) at {_target(node['target'])}: {_summary(node)}"
        for violation in run_axe(page, disable, iframes=iframes)["violations"]
        for node in violation["nodes"]
    ]


def _target(target: list[str | list[str]]) -> str:
    """Write a selector; inside frames it is a list, inside shadow trees a list in the list."""
    return " > ".join(part if isinstance(part, str) else " >> ".join(part) for part in target)


def _summary(node: dict[str, Any]) -> str:
    return "; ".join(line.strip() for line in str(node["failureSummary"]).splitlines())
