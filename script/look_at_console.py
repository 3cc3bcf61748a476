"""Pictures of the console's pages and what axe says of them. Called by script/screenshots."""

import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

import console_browser

address, password, chromium = sys.argv[1:4]
only_looks = "--look" in sys.argv
pictures = pathlib.Path("docs/pictures")
faults = []


def sign_in(browser, language):
    """A signed-in browser's cookies."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    console_browser.sign_in(page, address, "demo", password)
    page.wait_for_url(address + "/console")
    return context.storage_state()


def pages(browser, state):
    """Every page by its name; a receipt and a member are those of the latest purchase with points spent, or any."""
    page = browser.new_context(storage_state=state).new_page()
    page.goto(address + "/console/receipts")
    rows = page.locator("tbody tr")
    texts = rows.all_inner_texts()
    place = next((number for number, text in enumerate(texts) if "\u2212" in text), 0)
    receipt = rows.nth(place).locator("th a").get_attribute("href")
    page.goto(address + receipt)
    member = page.locator("aside a").first.get_attribute("href")
    of_receipt = {
        "receipt": receipt,
        "return": receipt + "/return?show=all",
        "other-rules": receipt + "/rules?version=1",
        "receipt-to-member": nameless(page) + "/member",
        "answers": "/console/receipts/answers",
    }
    rooms = [
        "components", "find", "members", "receipts", "programme", "promotions", "coupons", "certificates", "catalogue", "stores", "shifts", "staff", "imports", "integrations", "jobs", "audit", "settings", "profile",
    ]
    deeper = {
        "store": "/console/stores?order=revenue",
        "shift": "/console/shifts?show=untied",
        "product": "/console/catalogue",
        "category": "/console/catalogue/categories",
        "webhook": "/console/integrations",
        "coupon-series": "/console/coupons",
        "certificate-series": "/console/certificates",
    }
    deeper = {name: first_link(page, list_path) for name, list_path in deeper.items()}
    promotion = first_link(page, "/console/promotions")
    for name in ("edit", "versions", "preview", "step", "text", "what-if", "beside"):
        deeper["promotion-" + name] = promotion + "/" + name
    deeper["promotion"] = promotion
    page.goto(address + "/console/imports")
    page.select_option("#f-kind", "members")
    page.set_input_files("#f-file", "examples/first-shop/members.csv")
    page.click("form[enctype] .button.primary")
    deeper |= {"register": "/console/members/new", "edit": member + "/edit", "import": page.url.removeprefix(address)}
    return {"overview": "/console", "member": member} | of_receipt | deeper | {room: "/console/" + room for room in rooms} | forms


# Forms that are pages of their own.
forms = {
    "new-promotion": "/console/promotions/new",
    "programme-versions": "/console/programme/versions",
    "new-coupons": "/console/coupons/new",
    "new-certificates": "/console/certificates/new",
    "certificates-owed": "/console/certificates/liability",
    "new-store": "/console/stores/new",
    "signs": "/console/signs",
    "silent-tills": "/console/stores/silent", "discrepancies": "/console/discrepancies",
    "new-product": "/console/catalogue/new",
    "token": "/console/integrations/token",
    "new-webhook": "/console/integrations/webhook",
    "tills": "/console/integrations/tills",
    "analysis": "/console/analysis",
    "effect": "/console/analysis/effect",
    "saved-reports": "/console/analysis/saved",
    "reports": "/console/analysis/reports",
    "key-figures": "/console/analysis/reports/kpi",
    "rfm": "/console/analysis/reports/rfm",
    "cohorts": "/console/analysis/reports/cohorts",
    "why-sales-changed": "/console/analysis/reports/kpi-tree",
    "definitions": "/console/analysis/definitions",
    "segments": "/console/segments",
    "new-segment": "/console/segments/new",
    "guard": "/console/guard",
}


def nameless(page):
    """A receipt without a card, or any."""
    page.goto(address + "/console/receipts")
    paths = [link.get_attribute("href") for link in page.locator("tbody th a").all()]
    for path in paths:
        page.goto(address + path)
        if page.locator(f'a[href="{path}/member"]').count():
            return path
    return paths[0]


def first_link(page, path):
    """Where the first row of a list leads; the list itself where it has no rows."""
    page.goto(address + path)
    link = page.locator("tbody th a, .branches a, a[href*='/integrations/webhooks/']").first
    return link.get_attribute("href") if link.count() else path


def look(page, name, path, width, scheme, language):
    """Pictures are kept in English: wide ones of every page, narrow ones of two."""
    answer = page.goto(address + path)
    if name == "receipt":
        page.locator("details.line").first.click()
    for fault in check(page, answer, width):
        faults.append(f"{path} in {language} at {width}, {scheme}: {fault}")
    if not only_looks and language == "en" and (width == 1440 or name in ("overview", "receipt")):
        ending = "" if scheme == "light" else "-dark"
        narrow = "" if width == 1440 else "-narrow"
        page.screenshot(path=pictures / f"{name}{narrow}{ending}.png")


def check(page, answer, width):
    if answer.status != 200:
        yield f"status {answer.status}"
    yield from console_browser.objections(page, width)


def times(browser, state, found):
    """How long the server takes for each page, the middle of five, in milliseconds; the slowest are told, those above 100 are faults.
    A what-if prices 5,000 receipts twice while the page opens, and may take half a second."""
    request = browser.new_context(storage_state=state).request
    taken = {}
    for name, path in found.items():
        runs = []
        for _ in range(5):
            began = time.perf_counter()
            request.get(address + path, max_redirects=0)
            runs.append((time.perf_counter() - began) * 1000)
        taken[name] = sorted(runs)[2]
    slowest = sorted(taken.items(), key=lambda item: -item[1])
    print("slowest pages, ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in slowest[:6]))
    faults.extend(f"{found[name]} takes {ms:.0f} ms" for name, ms in slowest if ms > (500 if name == "promotion-what-if" else 100))


with sync_playwright() as playwright:
    browser = console_browser.launch(playwright, chromium)
    pictures.mkdir(exist_ok=True)
    for language in ("en", "ru"):
        state = sign_in(browser, language)
        found = pages(browser, state)
        if language == "en":
            times(browser, state, found)
        for scheme in ("light", "dark"):
            for width in (1440, 390):
                # The page's own policy would keep axe out; that it is sent is another test's affair.
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state, locale=language, bypass_csp=True)
                page = context.new_page()
                for name, path in found.items():
                    look(page, name, path, width, scheme, language)
                context.close()
    browser.close()

for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
