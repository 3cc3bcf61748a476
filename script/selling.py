"""A shop of the scripts: a database, servers over it, and tills that sell and return over HTTP and lose nothing.

script/pulled-plug pulls plugs under it, script/rehearse-upgrade upgrades it.
"""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".build" / "release" / "regulars"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One instance of a program over a shop's database; it may die."""

    def __init__(self, shop, program, name="server"):
        self.shop, self.program, self.name = shop, program, name
        self.port = free_port()
        self.process = None

    def start(self):
        with open(self.shop.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), "serve", "--port", str(self.port), "--database", self.shop.database], cwd=self.shop.folder,
                env=self.shop.environment, stdout=log, stderr=log)
        self.wait()

    def is_ready(self, timeout=2):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def wait(self, seconds=30):
        end = time.time() + seconds
        while time.time() < end:
            if self.is_ready():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"the server did not become ready; see {self.shop.folder}/{self.name}.log")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}; see {self.shop.folder}/{self.name}.log")


class Shop:
    """One database, and what is sold into it."""

    def __init__(self, folder, database, tills, program=PROGRAM, environment=None):
        self.folder, self.database, self.tills, self.program = pathlib.Path(folder), database, tills, program
        self.environment = dict(environment or os.environ, REGULARS_TILL_RATE_REGISTER="100000", REGULARS_LOG_FORMAT="text")
        self.server = Server(self, program)

    def run(self, *words, program=None, database=None, may_refuse=False):
        words = [str(program or self.program), *words, "--database", database or self.database]
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode not in (0, 1) and not may_refuse:
            raise SystemExit(f"{' '.join(words)}: {done.stderr}")
        return done

    def open(self):
        for file in (ROOT / "examples" / "first-shop").iterdir():
            shutil.copy(file, self.folder)
        self.run("migrate")
        self.run("account", "create", "lavka", "--name", "Lavka", "--currency", "RUB")
        self.run("brand", "save", "lavka", "--account", "lavka", "--name", "Lavka")
        self.run("legal-entity", "save", "lavka", "--account", "lavka", "--name", "Lavka", "--tax-number", "7707083893",
                 "--tax-system", "general")
        self.run("programme", "save", "club", "--account", "lavka", "--settings", "programme.json")
        for name in ("stores", "products"):
            self.run("import", name + ".csv", "--mapping", name + ".json", "--account", "lavka")
        self.run("import", "members.csv", "--mapping", "members.json", "--account", "lavka", "--programme", "club")
        self.run("rules", "publish", "--account", "lavka", "--programme", "club", "--rules", "rules.json")
        tokens = []
        for till in range(self.tills):
            self.run("register", "save", f"{till + 1}", "--account", "lavka", "--store", "S1")
            tokens.append(
                self.run("token", "issue", "--account", "lavka", "--programme", "club", "--store", "S1", "--register",
                         f"{till + 1}", "--name", f"till-{till + 1}").stdout.strip())
        return tokens

    def start(self):
        self.server.start()

    def kill(self):
        self.server.kill()

    def stop(self):
        self.server.stop()


class Till(threading.Thread):
    """Sells until it is told to stop, and writes down what it printed."""

    def __init__(self, number, token, port, dice, end):
        super().__init__()
        self.number, self.token, self.port, self.dice, self.end = number, token, port, dice, end
        self.line = None
        self.printed = []
        self.waiting = []
        self.repeats = 0
        self.trouble = []
        self.offline_until = 0
        # Seconds that a shopper waits for the answer to a sale; for ever, where nobody looks at the clock.
        self.patience = None

    def connect(self):
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        return self.line

    def disconnect(self):
        if self.line:
            self.line.close()
        self.line = None

    def answered(self, path, status, seconds):
        """For whoever counts."""

    def is_offline(self):
        return time.time() < self.offline_until

    def prepare(self, body):
        """What a till asks before it sells; it may change what is sold."""

    def sold(self, number, body, key, answer):
        """For whoever remembers."""

    def rest(self):
        """Between two shoppers."""

    def ask(self, method, path, body, key, patience=None):
        """Sends until there is an answer: what came of a request without one nobody knows."""
        text = json.dumps(body)
        stop = None if patience is None else time.time() + patience
        while True:
            try:
                line = self.connect()
                headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
                if key:
                    headers["Idempotency-Key"] = key
                began = time.monotonic()
                line.request(method, path, text, headers)
                answer = line.getresponse()
                data = answer.read()
                self.answered(path, answer.status, time.monotonic() - began)
                if answer.status < 500 and answer.status != 429:
                    return answer.status, json.loads(data)
            except (OSError, http.client.HTTPException, ValueError):
                self.disconnect()
            self.repeats += 1
            if stop and time.time() > stop:
                return None, None
            time.sleep(0.02 + self.dice.random() * 0.1)

    def receipt(self):
        number = str(len(self.printed) + 1)
        lines = []
        for place in range(self.dice.randint(1, 4)):
            price, count = self.dice.randint(1, 300) * 100, self.dice.randint(1, 3)
            lines.append({"id": str(place + 1), "product": self.dice.choice(["101", "102", "103"]), "quantity": str(count),
                          "price": f"{price // 100}.00", "amount": f"{price * count // 100}.00"})
        body = {"receipt": {"shift": 1, "number": number}, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "lines": lines}
        if self.dice.random() < 0.8:
            body["member"] = {"identifier": self.dice.choice(["1001", "1002"]), "shown": "scanned"}
        total = sum(int(line["amount"][:-3]) for line in lines)
        self.printed.append({"kind": "sale", "number": number, "amount": f"{total}.00", "date": body["time"][:10]})
        return number, body

    def run(self):
        while time.time() < self.end:
            number, body = self.receipt()
            key = f"till-{self.number}-sale-{number}"
            if self.is_offline():
                self.waiting.append(dict(body, requestKey=key))
                time.sleep(0.05)
                continue
            if self.waiting:
                self.send_waiting()
            self.prepare(body)
            status, answer = self.ask("POST", "/till/v1/receipts", body, key, self.patience)
            if status is None:
                # Printed all the same: it goes again in a batch, under its key.
                self.waiting.append(dict(body, requestKey=key))
                continue
            if status != 201:
                self.trouble.append((status, answer))
                continue
            self.sold(number, body, key, answer)
            if self.dice.random() < 0.05:
                self.take_back(number, body)
            elif self.dice.random() < 0.1:
                again, same = self.ask("POST", "/till/v1/receipts", body, key)
                if again != 201 or same["receipt"] != answer["receipt"]:
                    self.trouble.append((again, same, answer))
            self.rest()
        if self.waiting:
            self.send_waiting()

    def send_waiting(self):
        while self.waiting:
            some = self.waiting[:50]
            status, answer = self.ask("POST", "/till/v1/receipt-batches", {"receipts": some}, None)
            if status != 200 or any(result["status"] != 201 for result in answer["results"]):
                self.trouble.append((status, answer))
            self.waiting = self.waiting[50:]

    def take_back(self, sold, body):
        number = f"{sold}r"
        line = body["lines"][0]
        goods = {"receipt": {"shift": 1, "number": number}, "time": body["time"], "lines": [{"line": "1", "quantity": line["quantity"]}]}
        path = f"/till/v1/receipts/S1~{self.number}~1~{sold}~{time.strftime('%Y-%m-%d', time.gmtime(time.time() + 3 * 3600))}/returns"
        status, answer = self.ask("POST", path, goods, f"till-{self.number}-back-{number}")
        if status == 201 and not any(note["cause"] == "unmatched" for note in answer["discrepancies"]):
            self.printed.append({"kind": "return", "number": number, "amount": answer["amount"], "date": body["time"][:10]})
        else:
            # Over midnight the date in the path is another than the printed one: the goods then come back without their receipt.
            self.printed.append({"kind": "return", "number": number, "amount": "0.00", "date": body["time"][:10]})
            if status != 201:
                self.trouble.append((status, answer))

    def close(self):
        zone = 3 * 3600
        for item in self.printed:
            item["date"] = time.strftime("%Y-%m-%d", time.gmtime(self.began + zone)) if item["date"] is None else item["date"]
        def total(kind):
            some = [int(item["amount"][:-3]) * 100 + int(item["amount"][-2:]) for item in self.printed if item["kind"] == kind]
            return {"count": len(some), "amount": f"{sum(some) // 100}.{sum(some) % 100:02d}"}
        body = {"shift": 1, "opened": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.began - 60)),
                "closed": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60)), "sales": total("sale"),
                "returns": total("return")}
        status, answer = self.ask("POST", "/till/v1/shift-closings", body, f"till-{self.number}-shift", patience=30)
        if status != 201 or not answer["ties"]:
            self.trouble.append(("the shift does not tie", status, answer and {k: answer[k] for k in ("sales", "returns", "missingCount", "surplusCount")}, body))


class NotTested(Exception):
    """What a part needs is not here."""


def postgres(folder, *words):
    environment = dict(os.environ, REGULARS_POSTGRES_DIR=f"{folder}/postgres")
    return subprocess.run(
        [str(ROOT / "script" / "postgres"), *words], env=environment, capture_output=True, text=True, check=True).stdout.strip()


def start_postgres(folder, *words):
    """Starts one, and does so much more to it; the last address."""
    os.chmod(folder, 0o711)
    try:
        address = postgres(folder, "start", "durable")
        for word in words:
            address = postgres(folder, word)
        return address
    except (OSError, subprocess.CalledProcessError) as trouble:
        stop_postgres(folder)
        raise NotTested(f"PostgreSQL could not be started: {getattr(trouble, 'stderr', None) or trouble}") from trouble


def stop_postgres(folder):
    environment = dict(os.environ, REGULARS_POSTGRES_DIR=f"{folder}/postgres")
    subprocess.run([str(ROOT / "script" / "postgres"), "stop"], env=environment, capture_output=True)


@contextlib.contextmanager
def database(kind, folder):
    """The address of a database of the part's own."""
    if kind == "sqlite":
        yield f"sqlite:{folder}/shop.db"
        return
    address = start_postgres(folder)
    try:
        yield address
    finally:
        stop_postgres(folder)
