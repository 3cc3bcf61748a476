"""The console's story, told once by script/story: see there."""

import io
import json
import pathlib
import sys
import time
import urllib.parse
import urllib.request
import uuid

import openpyxl
from playwright.sync_api import sync_playwright

import console_browser

language, width, door, chromium = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
pictures = pathlib.Path(sys.argv[5]) if len(sys.argv) > 5 else None
address = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(door))
password = "a story of some length"
phone = "+7 916 123-45-67"

# Every page that stands without a thing of its own.
rooms = [
    "members", "members/new", "receipts", "receipts/answers", "programme", "programme/versions", "promotions", "promotions/new", "coupons", "coupons/new",
    "catalogue", "catalogue/new", "catalogue/categories", "stores", "stores/new", "stores/silent", "discrepancies", "signs", "shifts", "imports",
    "integrations", "integrations/token", "integrations/webhook", "integrations/tills", "staff", "jobs", "audit", "settings", "profile",
    "components", "find",
]
steps = ["brand", "store", "till", "programme", "promotion", "receipt"]


class Story:
    def __init__(self, browser):
        self.browser = browser
        self.mode = {"viewport": {"width": width, "height": 900}, "locale": language}
        # The pages' own policy would keep axe out; that it is sent, and that pages work under it, is looked at by itself.
        self.context = browser.new_context(**self.mode, bypass_csp=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.fault(f"a script failed: {error}"))
        self.step, self.faults, self.sold, self.looked = "begin", [], 0, set()

    def fault(self, text):
        self.faults.append(f"{language} at {width}, {self.step}: {text}")

    def expect(self, holds, text):
        if not holds:
            self.fault(text)

    def say(self, ru, en):
        return ru if language == "ru" else en

    def open(self, path):
        answer = self.page.goto(address + path)
        self.expect(answer.status == 200, f"{path} answers {answer.status}")

    def press(self, place):
        """A button that leads to another page."""
        with self.page.expect_navigation():
            place.click()

    def look(self, name):
        """Axe in both themes, and a picture of each. What is no colour is the same in both."""
        self.step = name
        self.looked.add(name)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            for objection in console_browser.objections(self.page, width, only_colours=scheme == "dark"):
                self.fault(f"{scheme}: {objection}")
            if pictures:
                self.page.screenshot(path=pictures / f"{name.replace('/', '-')}-{language}-{width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")

    # What is told.

    def arrive(self):
        """From the address that the server says to the set-up."""
        page = self.page
        page.goto(door)
        self.look("first-run")
        for field, value in (("company", self.say("Лавка", "Pantry")), ("name", "Olga"), ("login", "olga"), ("password", password)):
            page.fill(f"[name={field}]", value)
        self.press(page.locator("main button.primary"))
        self.expect(page.url.endswith("/console/setup/brand"), f"the first run leads to {page.url}")
        self.expect(page.goto(door).url.startswith(address + "/console"), "the first run's address still opens something")
        self.open("/console/setup")

    def set_up(self):
        page = self.page
        typed = {
            "brand": {"seller": self.say("ООО «Лавка»", "Pantry Ltd"), "taxNumber": "7707083893"},
            "store": {"name": self.say("На Арбате", "High Street"), "city": self.say("Москва", "Moscow")},
        }
        for step, following in zip(steps, steps[1:]):
            self.expect(page.url.endswith("/setup/" + step), f"{page.url} is not the step {step}")
            self.look("setup-" + step)
            if step == "store":  # Left and come back to: what is done is kept, and the step waits.
                self.open("/console/setup")
                self.expect(page.url.endswith("/setup/store"), "the set-up does not go on where it was left")
            for field, value in typed.get(step, {}).items():
                page.fill(f"[name={field}]", value)
            self.press(page.locator("main footer button.primary"))
            self.expect(page.url.endswith("/setup/" + following), f"{step} leads to {page.url}")

    def sell_on_screen(self):
        page = self.page
        self.step = "the till on the screen"
        page.fill("[name=phone]", phone)
        self.press(page.locator("[value=calculate]"))
        self.expect(page.locator("aside .till-sum").is_visible(), "the basket is not priced")
        self.look("setup-receipt")
        self.press(page.locator("[value=sell]"))
        self.press(page.locator("main .notice.good a"))

    def explain(self):
        page = self.page
        self.step = "the receipt explained"
        lines = page.locator(".receipt-lines details")
        self.expect(lines.count() == 3, f"the receipt has {lines.count()} lines")
        lines.first.locator("summary").click()
        trace = lines.first.inner_text()
        self.expect("5" in trace and self.say("балл", "point") in trace.lower(), f"the line is not explained: {trace}")
        self.look("receipt")
        self.receipt = urllib.parse.urlsplit(page.url).path

    def connect(self):
        """The till's token, as the set-up's last page offers it."""
        page = self.page
        self.open("/console/setup/receipt")
        self.press(page.locator("form[action$='/tokens'] button"))
        self.look("register-token")
        self.register = urllib.parse.urlsplit(page.url).path.removesuffix("/tokens")
        self.token = next(word for word in page.locator("main").inner_text().split() if word.startswith("rgt_"))
        self.open(self.register)
        self.expect(self.token not in page.content(), "the secret is shown twice")

    def sell(self):
        """A receipt of the member, as a till sends it. Returns the answer."""
        self.sold += 1
        body = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 3 * 3600)),
            "receipt": {"shift": 1, "number": str(self.sold)},
            "member": {"identifier": phone, "shown": "typed"},
            "lines": [{"id": "1", "product": self.product, "quantity": str(1 + self.sold), "price": "90.00"}],
        }
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        request = urllib.request.Request(address + "/till/v1/receipts", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def watch(self):
        """A sale that happens while somebody looks at the overview."""
        page = self.page
        self.open("/console/catalogue")
        self.press(page.locator("tbody th a").first)
        self.look("product")
        self.product = page.locator(".page-sub span").first.inner_text()
        self.open("/console")
        page.locator("[data-live-mark]").wait_for(state="visible")
        rows = page.locator("[data-part=feed] li")
        before = rows.count()
        sale = self.sell()
        self.step = "a sale while one looks"
        newest = page.locator(f"[data-row='{sale['receipt']['id']}']")
        newest.wait_for()
        self.expect(rows.count() == min(before + 1, 8), "the receipt did not come by itself")
        self.look("overview")
        self.press(newest.locator("a"))
        self.look("receipt-of-a-till")

    def find(self):
        """The member by the palette: with keys on a desk, with a finger on a phone."""
        page = self.page
        self.step = "the palette"
        if width > 720:
            page.keyboard.press("Control+k")
        else:
            page.locator("header [data-palette]").click()
        box = page.locator("#palette [role=combobox]")
        box.wait_for()
        page.locator("#palette [role=option]").first.wait_for()
        self.look("palette")
        box.fill(phone)
        member = page.locator("#palette [role=option]").filter(has_text=self.say("участник с", "member since"))
        member.wait_for()
        self.expect(member.get_attribute("aria-selected") == "true", "what was found first is not chosen")
        box.press("Enter")
        page.wait_for_url("**/console/members/*")

    def adjust(self):
        page = self.page
        self.look("member")
        self.member = urllib.parse.urlsplit(page.url).path
        self.step = "points by hand"
        before = self.balance()
        page.fill("#points", "50")
        for field in page.locator("form[action$='/points'] [required]").all():
            if not field.input_value():
                field.fill(self.say("долго ждала", "waited long"))
        self.press(page.locator("form[action$='/points'] button"))
        self.expect(self.balance() == before + 50, f"{before} and 50 points are {self.balance()}")

    def balance(self):
        text = self.page.locator(".stats .value").first.inner_text()
        return int("".join(letter for letter in text.split("\n")[0] if letter.isdigit()))

    def bring_back(self):
        """One product of the receipt that the set-up sold."""
        page = self.page
        self.step = "a return"
        self.open(self.receipt + "/return")
        page.fill("[name=line0]", "1")
        self.press(page.locator("main [name=show]"))
        self.look("return")
        confirm = page.locator("form[method=post][action$='/return'] button").first
        for field in page.locator("form[method=post][action$='/return'] [required]").all():
            if field.evaluate("e => e.tagName") != "SELECT" and not field.input_value():
                field.fill(self.say("передумала", "changed their mind"))
        self.press(confirm)
        self.expect(page.url.startswith(address + self.receipt), f"the return leads to {page.url}")
        self.look("receipt-returned")
        story = page.locator("main").inner_text().lower()
        self.expect(self.say("возврат", "return") in story, "the receipt does not tell of its return")

    def keep(self):
        """The chart's table as a workbook, opened by a reader that knows nothing of ours."""
        self.step = "the workbook"
        self.open("/console")
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

    def grow_a_tree(self):
        """Categories in categories, which open where they stand."""
        self.step = "categories"
        form = "form[action='/console/catalogue/categories']"
        for code, parent in (("food", ""), ("dairy", "food"), ("milk", "dairy")):
            self.open("/console/catalogue/categories")
            for field, value in (("code", code), ("name", code), ("nameEn", code), ("parent", parent)):
                self.page.fill(f"{form} [name='{field}']", value)
            self.press(self.page.locator(f"{form} button"))
        self.open("/console/catalogue/categories")
        self.page.locator(".branches summary").first.click()
        self.expect(self.page.get_by_role("link", name="dairy").is_visible(), "a category does not open")

    def see_rooms(self):
        for name in rooms:
            self.step = name
            self.open("/console/" + name)
            self.look(name)
        of_things = {"member-edit": self.member + "/edit", "store": self.register.rsplit("/registers/", 1)[0], "register": self.register}
        for name, place in (("promotion", "/console/promotions"), ("shift-day", "/console/shifts")):
            self.open(place)
            link = self.page.locator("main tbody th a, main .branches a").first
            if link.count():
                of_things[name] = link.get_attribute("href")
            else:
                self.fault(f"{place} lists nothing")
        for name in ("edit", "versions", "preview", "step", "text") if "promotion" in of_things else ():
            of_things["promotion-" + name] = of_things["promotion"] + "/" + name
        of_things["other-rules"] = self.receipt + "/rules?version=1"
        for name, path in of_things.items():
            self.step = name
            self.open(path)
            self.look(name)

    def go_and_come(self):
        """Out, and in again by the door."""
        page = self.page
        self.step = "out and in"
        self.open("/console/profile")
        if width < 720:
            page.locator("header [popovertarget=rail]").click()
        self.press(page.locator("form[action='/console/sign-out'] button").first)
        self.look("sign-in")
        page.fill("#login", "olga")
        page.fill("#password", password + "!")
        self.press(page.locator("button.primary"))
        self.expect(not page.url.endswith("/console"), "another password opens the door")
        page.fill("#login", "olga")
        page.fill("#password", password)
        self.press(page.locator("button.primary"))
        self.expect(page.url == address + "/console", f"the door leads to {page.url}")

    def without_script(self):
        """The same search as a page, under the policy that is sent."""
        self.step = "without script"
        context = self.browser.new_context(**self.mode, storage_state=self.context.storage_state(), java_script_enabled=False)
        page = context.new_page()
        page.goto(address + "/console")
        page.goto(address + page.locator("a[data-palette]").last.get_attribute("href"))
        page.fill("main [name=q]", phone)
        page.locator("main form button").click()
        page.locator("main a[href^='/console/members/']").first.wait_for()
        context.close()

    def under_the_policy(self):
        """Nothing that a page does is forbidden by what it is sent with."""
        self.step = "under the policy"
        context = self.browser.new_context(**self.mode, storage_state=self.context.storage_state())
        page = context.new_page()
        page.on("console", lambda message: self.fault(message.text) if message.type == "error" else None)
        page.goto(f"{address}/console/setup/receipt")
        for path in ("", "/components", "/profile", self.receipt.removeprefix("/console")):
            page.goto(f"{address}/console{path}")
            page.keyboard.press("Control+k")
            page.locator("#palette [role=option]").first.wait_for()
        context.close()

    def colours(self):
        """Brands from pale to dark: text on the accent stays readable."""
        for colour in ("#ffe14d", "#0a1a4a", "#e3000b", "#ffffff", "#00ff66"):
            self.step = f"the colour {colour}"
            self.open("/console/profile")
            self.page.fill("#f-colour", colour)
            self.press(self.page.locator("form[action='/console/colour'] button").first)
            self.open("/console/components")
            self.look("components in " + colour[1:])
        self.open("/console/profile")
        self.press(self.page.locator("form[action='/console/colour'] [name=remove]"))

    def tell(self):
        self.arrive()
        self.set_up()
        self.sell_on_screen()
        self.explain()
        self.connect()
        self.watch()
        self.find()
        self.adjust()
        self.bring_back()
        self.keep()
        self.read_chart()
        self.grow_a_tree()
        self.look("category-tree")
        self.see_rooms()
        self.go_and_come()
        self.without_script()
        self.under_the_policy()
        if language == "en" and width > 720:
            self.colours()
        self.context.close()


began = time.monotonic()
with sync_playwright() as playwright:
    browser = console_browser.launch(playwright, chromium)
    story = Story(browser)
    try:
        story.tell()
    except Exception as error:
        story.fault(f"came to no end: {str(error)[:600]}")
        if pictures:
            story.page.screenshot(path=pictures / f"end-{language}-{width}.png", full_page=True)
    browser.close()

print(f"story in {language} at {width}: {len(story.looked)} pages, {len(story.faults)} faults, {time.monotonic() - began:.0f} s", flush=True)
for fault in story.faults:
    print(fault, flush=True)
sys.exit(1 if story.faults else 0)
