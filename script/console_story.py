"""The console's story, played by script/story: see there."""

import io
import json
import pathlib
import sys
import time
import urllib.request
import uuid

import openpyxl
from playwright.sync_api import sync_playwright

import console_browser

address, token, once, chromium = sys.argv[1:5]
pictures = pathlib.Path(sys.argv[5]) if len(sys.argv) > 5 else None
password = "a story of some length"
faults = []
sold = 0


def sell(quantity):
    """A receipt of the card 1001, as a till sends it: milk and coffee. Returns the answer."""
    global sold
    sold += 1
    body = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 3 * 3600)),
        "receipt": {"shift": 1, "number": str(sold)},
        "member": {"identifier": "1001", "shown": "scanned"},
        "lines": [
            {"id": "1", "product": "101", "quantity": str(quantity), "price": "90.00"},
            {"id": "2", "product": "103", "quantity": "1", "price": "640.00"},
        ],
    }
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    request = urllib.request.Request(address + "/till/v1/receipts", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Story:
    def __init__(self, browser, language, width):
        self.browser, self.language, self.width = browser, language, width
        self.mode = {"viewport": {"width": width, "height": 900}, "locale": language}
        # The pages' own policy would keep axe out; that it is sent, and that pages work under it, the first story shows.
        self.context = browser.new_context(**self.mode, bypass_csp=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.fault(f"a script failed: {error}"))
        self.step = "begin"

    def fault(self, text):
        faults.append(f"{self.language} at {self.width}, {self.step}: {text}")

    def expect(self, holds, text):
        if not holds:
            self.fault(text)

    def say(self, ru, en):
        return ru if self.language == "ru" else en

    def look(self, name):
        """Axe in both themes, and a picture of each."""
        self.step = name
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            for objection in console_browser.objections(self.page, self.width):
                self.fault(f"{scheme}: {objection}")
            if pictures:
                self.page.screenshot(path=pictures / f"{name}-{self.language}-{self.width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")

    def enter(self, password):
        self.page.goto(address + "/console")
        self.look("sign-in")
        console_browser.sign_in(self.page, address, "olga", password)
        self.page.wait_for_load_state()

    def choose_password(self):
        self.step = "the first password"
        self.expect(self.page.url.endswith("/console/profile"), "whoever was given a password was not asked for their own")
        for field, value in (("old", once), ("new", password), ("again", password)):
            self.page.fill(f"#p-{field}", value)
        self.page.locator("form[action='/console/password'] button").click()
        self.page.wait_for_load_state()

    def watch(self):
        """A sale that happens while somebody looks at the overview."""
        page = self.page
        page.goto(address + "/console")
        page.locator("[data-live-mark]").wait_for(state="visible")
        rows = page.locator("[data-part=feed] li")
        before = rows.count()
        sale = sell(2 + sold)
        self.step = "a sale while one looks"
        newest = page.locator(f"[data-row='{sale['receipt']['id']}']")
        newest.wait_for()
        self.expect(rows.count() == min(before + 1, 8), "the receipt did not come by itself")
        self.look("overview")
        newest.locator("a").click()
        page.wait_for_load_state()

    def explain(self):
        page = self.page
        self.step = "the receipt explained"
        lines = page.locator(".receipt-lines details")
        self.expect(lines.count() == 2, f"the receipt has {lines.count()} lines")
        lines.last.locator("summary").click()
        trace = lines.last.inner_text()
        self.expect(self.say("Кофе −10 %", "Coffee 10 % off") in trace, f"the line is not explained: {trace}")
        self.look("receipt")

    def find(self):
        """The member by the palette: with keys on a desk, with a finger on a phone."""
        page = self.page
        self.step = "the palette"
        if self.width > 720:
            page.keyboard.press("Control+k")
        else:
            page.locator("header [data-palette]").click()
        box = page.locator("#palette [role=combobox]")
        box.wait_for()
        page.locator("#palette [role=option]").first.wait_for()
        self.look("palette")
        box.fill("1001")
        member = page.locator("#palette [role=option]").filter(has_text=self.say("участник с", "member since"))
        member.wait_for()
        self.expect(member.get_attribute("aria-selected") == "true", "what was found first is not chosen")
        box.press("Enter")
        page.wait_for_url("**/console/members/*")

    def adjust(self):
        page = self.page
        self.look("member")
        self.step = "points by hand"
        before = self.balance()
        page.fill("#points", "50")
        for field in page.locator("form[action$='/points'] [required]").all():
            if not field.input_value():
                field.fill(self.say("долго ждала", "waited long"))
        page.locator("form[action$='/points'] button").click()
        page.wait_for_load_state()
        self.expect(self.balance() == before + 50, f"{before} and 50 points are {self.balance()}")

    def balance(self):
        text = self.page.locator(".stats .value").first.inner_text()
        return int("".join(letter for letter in text.split("\n")[0] if letter.isdigit()))

    def keep(self):
        """The chart's table as a workbook, opened by a reader that knows nothing of ours."""
        self.step = "the workbook"
        self.page.goto(address + "/console")
        with self.page.expect_download() as download:
            self.page.locator("a[href*='takings.xlsx']").click()
        book = openpyxl.load_workbook(io.BytesIO(pathlib.Path(download.value.path()).read_bytes()))
        rows = list(book.active.iter_rows())
        self.expect(len(rows) == 29, f"{len(rows)} rows")
        day, amount = rows[1][0], rows[1][2]
        self.expect(day.is_date and amount.data_type == "n" and "₽" in amount.number_format, "days and amounts are not typed")
        self.expect(book.active.freeze_panes == "A2", "the head does not stay")

    def read_chart(self):
        self.step = "the chart under the keys"
        chart = self.page.get_by_role("slider")
        chart.focus()
        chart.press("Home")
        chart.press("ArrowRight")
        self.expect(chart.get_attribute("aria-valuenow") == "2", "the arrows do not move along the chart")
        self.expect(bool(chart.get_attribute("aria-valuetext")), "the value is not told")

    def rooms(self):
        for name in ("members", "receipts", "promotions", "stores", "staff", "audit", "profile", "components", "find"):
            answer = self.page.goto(f"{address}/console/{name}")
            self.expect(answer.status == 200, f"{name} answers {answer.status}")
            self.look(name)

    def without_script(self):
        """The same search as a page, under the policy that is sent."""
        self.step = "without script"
        context = self.browser.new_context(**self.mode, storage_state=self.context.storage_state(), java_script_enabled=False)
        page = context.new_page()
        page.goto(address + "/console")
        page.goto(address + page.locator("a[data-palette]").last.get_attribute("href"))
        page.fill("main [name=q]", "1001")
        page.locator("main form button").click()
        page.locator("main a[href^='/console/members/']").first.wait_for()
        context.close()

    def under_the_policy(self):
        """Nothing that a page does is forbidden by what it is sent with."""
        self.step = "under the policy"
        context = self.browser.new_context(**self.mode, storage_state=self.context.storage_state())
        page = context.new_page()
        page.on("console", lambda message: self.fault(message.text) if message.type == "error" else None)
        for path in ("", "/components", "/profile"):
            page.goto(f"{address}/console{path}")
            page.keyboard.press("Control+k")
            page.locator("#palette [role=option]").first.wait_for()
        context.close()

    def colours(self):
        """Brands from pale to dark: text on the accent stays readable."""
        for colour in ("#ffe14d", "#0a1a4a", "#e3000b", "#ffffff", "#00ff66"):
            self.step = f"the colour {colour}"
            self.page.goto(address + "/console/profile")
            self.page.fill("#f-colour", colour)
            self.page.locator("form[action='/console/colour'] button").first.click()
            self.page.wait_for_load_state()
            self.page.goto(address + "/console/components")
            self.look("components")
        self.page.goto(address + "/console/profile")
        self.page.locator("form[action='/console/colour'] [name=remove]").click()
        self.page.wait_for_load_state()

    def play(self, isFirst):
        self.enter(once if isFirst else password)
        if isFirst:
            self.choose_password()
            sell(1)
        self.watch()
        self.explain()
        self.find()
        self.adjust()
        self.keep()
        self.read_chart()
        self.rooms()
        self.without_script()
        if isFirst:
            self.under_the_policy()
            self.colours()
        self.context.close()


began = time.monotonic()
with sync_playwright() as playwright:
    browser = console_browser.launch(playwright, chromium)
    for language, width in (("en", 1440), ("ru", 390), ("ru", 1440), ("en", 390)):
        story = Story(browser, language, width)
        try:
            story.play(isFirst=(language, width) == ("en", 1440))
        except Exception as error:
            story.fault(f"came to no end: {str(error)[:400]}")
            if pictures:
                story.page.screenshot(path=pictures / f"end-{language}-{width}.png", full_page=True)
    browser.close()

print(f"story: {sold} receipts, {len(faults)} faults, {time.monotonic() - began:.0f} s")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
