"""What scripts that look at the console have in common: a browser, the way in, and what is wrong with a page."""

import pathlib

import axe_playwright_python

_axe = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_ask = "async (rules) => (await axe.run(document, { runOnly: rules })).violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`)"


def launch(playwright, chromium):
    return playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


def sign_in(page, address, login, password):
    page.goto(address + "/console/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("button.primary")


def objections(page, width, only_colours=False):
    """Sentences on what is wrong with the page as it stands; of a page that was looked at before, only what its colours change."""
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield "wider than the window"
    page.evaluate(_axe)
    yield from page.evaluate(_ask, ["color-contrast"] if only_colours else _rules)
