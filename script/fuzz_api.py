"""Values for script/fuzz-api: where the description names a format, what the shop of the test knows, and a little that it does not."""

import os
from datetime import datetime, timedelta, timezone

import schemathesis
from hypothesis import strategies as st

START = datetime.now(timezone.utc).replace(microsecond=0)
MOSCOW = timezone(timedelta(hours=3))


def moment(minutes):
    return (START + timedelta(minutes=minutes)).astimezone(MOSCOW)


def known(name, *values):
    schemathesis.openapi.format(name, st.sampled_from(values))


known("store-code", "S1", "S1", "S2")
known("register-code", "1", "1", "2", "web")
known("product-code", "101", "102", "103", "104", "999", "Новый товар")
known("barcode", "4606068001234", "101", "04606068001234")
known("legal-entity-code", "lavka")
known("identifier", "1001", "1002", "+7 916 123-45-67", "8 (903) 765-43-21", "9161234567", "nobody@example.org", "000")
known("identifier-kind", "phone", "card", "email", "app", "external")
known("member-id", "mem_0000000000000", "mem_1zr6n61kkg001")
known("hold-id", "hld_1zr6n61kkg003.mem_1zr6n61kkg001")
known("confirmation-id", "cnf_1zr6n61kkg004.mem_1zr6n61kkg001")
known("calculation-id", "clc_1zr6n61kkg002.1.tjfhs0")
known("receipt-key", "S1~1~1~1~2026-03-02", "fn~9289000100012345~31", "S2~2~0~A%7E1~2026-11-21", "S1~1~274~31~2026-11-21")
known("shift-key", "S1~1~274~2026-11-21", "S1~1~1~2026-03-02")
known("receipt-qr", "t=20261121T0930&s=342.00&fn=9289000100012345&i=31&fp=1234567890&n=1")
schemathesis.openapi.format("request-key", st.uuids().map(str))
schemathesis.openapi.format("money", st.decimals(0, 5000, places=2).map(str))
schemathesis.openapi.format("points", st.integers(0, 400).map(str))
schemathesis.openapi.format("quantity", st.one_of(st.integers(1, 5).map(str), st.sampled_from(["0.347", "1.5", "12.000"])))
schemathesis.openapi.format("birthday", st.dates(datetime(1930, 1, 1).date(), datetime(2010, 1, 1).date()).map(str))
schemathesis.openapi.format(
    "time-of-sale",
    st.integers(-40 * 24 * 60, 20 * 24 * 60).flatmap(
        lambda minutes: st.sampled_from([moment(minutes).isoformat(), moment(minutes).strftime("%Y-%m-%dT%H:%M:%S")])
    ),
)


@schemathesis.hook
def map_body(context, body):
    """Another system says for which till it asks; a till's own token needs no such thing."""
    if os.environ.get("FUZZ_AS") == "system" and isinstance(body, dict):
        return {"store": "S1", "register": "1", **body}
    return body
