-- What docs/administrator/warehouse.md tells of: views for whoever asks this database in SQL. Ids are numbers, money, points and
-- quantities whole numbers of the smallest unit, days are dates, times have their zone.

create view feed_stores as
select s.account_id, s.id as store_id, s.code as store, s.name, b.code as brand, e.code as legal_entity, z.code as price_zone, s.region,
  s.city, s.street, s.zone, s.is_closed
from store s join brand b on b.id = s.brand_id join legal_entity e on e.id = s.legal_entity_id
left join price_zone z on z.id = s.price_zone_id;

create view feed_products as
select p.account_id, p.id as product_id, p.code as product, coalesce(p.name_ru, p.name_en) as name_ru,
  coalesce(p.name_en, p.name_ru) as name_en, c.code as category, b.code as brand, m.code as manufacturer, p.unit, p.is_archived
from product p left join category c on c.id = p.category_id left join product_brand b on b.id = p.brand_id
left join manufacturer m on m.id = p.manufacturer_id;

create view feed_categories as
select c.account_id, c.id as category_id, c.code as category, coalesce(c.name_ru, c.name_en) as name_ru,
  coalesce(c.name_en, c.name_ru) as name_en, u.code as parent
from category c left join category u on u.id = c.parent_id;

create view feed_members as
select m.programme_id, m.owner_id as member_id, m.kind, m.status, to_timestamp(m.joined_at / 1000000.0) as joined_at,
  m.joined_in as joined_store_id, m.merged_into, m.household_id,
  cast(extract(year from date '1970-01-01' + cast(p.birthday as integer)) as bigint) as birth_year, p.sex, p.city, p.language
from member m left join member_person p on p.owner_id = m.owner_id;

create view feed_promotions as
select p.account_id, p.programme_id, p.id as promotion_id, p.code as promotion, p.status, p.version, p.body as rules
from promotion p;

create view feed_tiers as
select t.account_id, t.programme_id, t.id as tier_id, t.code as tier, t.name_ru, t.name_en, t.rank from tier t;

create view feed_segments as
select s.account_id, s.id as segment_id, s.code as segment, s.name_ru, s.name_en, s.kind from segment s;

create view feed_segment_members as
select s.account_id, s.segment_id, s.owner_id as member_id from segment_member s;

create view feed_documents as
select r.programme_id, r.id as document_id,
  case r.state when 4 then 'undone' when 2 then 'cancelled' when 5 then 'cancelled' else 'sale' end as state, cast(null as bigint) as sale_id,
  coalesce(m.merged_into, case when r.owner_id = r.store_id then a.owner_id else r.owner_id end) as member_id, r.store_id,
  split_part(r.key, chr(9), 2) as register,
  split_part(r.key, chr(9), 4) as shift,
  split_part(r.key, chr(9), 5) as number,
  date '1970-01-01' + cast(r.business_day as integer) as business_day, to_timestamp(r.sold_at / 1000000.0) as happened_at
from receipt r left join receipt_alias a on r.owner_id = r.store_id and a.receipt_id = r.id
left join member m on m.owner_id = case when r.owner_id = r.store_id then a.owner_id else r.owner_id end
union all
select t.programme_id, t.id, case when s.state in (2, 5) then 'cancelled' else 'returned' end, t.receipt_id, coalesce(m.merged_into, nullif(t.owner_id, t.store_id)),
  t.store_id,
  split_part(t.key, chr(9), 2),
  split_part(t.key, chr(9), 4),
  split_part(t.key, chr(9), 5),
  date '1970-01-01' + cast(t.business_day as integer), to_timestamp(t.returned_at / 1000000.0)
from receipt_return t left join member m on m.owner_id = t.owner_id left join receipt s on s.id = t.receipt_id
where t.matched_as is null;

create view feed_lines as
select r.programme_id, r.id as document_id, p.place as line, cast(p.product as bigint) as product_id,
  coalesce(cast(d.doc -> 'n' ->> p.at as bigint) * 1000, cast(d.doc -> 'q' ->> p.at as bigint), 0) as quantity,
  coalesce(cast(d.doc -> 't' ->> p.at as bigint), 0) + coalesce(cast(d.doc -> 'd' ->> p.at as bigint), 0)
    + coalesce(cast(d.doc -> 'm' ->> p.at as bigint), 0) + coalesce(cast(d.doc -> 'a' ->> p.at as bigint), 0) as shelf,
  coalesce(cast(d.doc -> 't' ->> p.at as bigint), 0) as till_reduced,
  coalesce(cast(d.doc -> 'd' ->> p.at as bigint), 0) as discount,
  coalesce(cast(d.doc -> 'm' ->> p.at as bigint), 0) as paid_with_points,
  coalesce(cast(d.doc -> 'a' ->> p.at as bigint), 0) as amount,
  coalesce(cast(d.doc -> 'w' ->> p.at as bigint), 0) as points_spent,
  case when a.receipt_id is not null and p.at = 0 then a.earned
    else coalesce(cast(d.doc -> 'e' ->> p.at as bigint), 0) end as points_earned
from receipt r cross join lateral (select cast(r.lines as jsonb) as doc) d
cross join lateral (
  select x.product, x.place, cast(x.place - 1 as integer) as at
  from jsonb_array_elements_text(d.doc -> 'p') with ordinality as x (product, place)
) p left join receipt_alias a on r.owner_id = r.store_id and a.receipt_id = r.id
where r.state in (1, 3, 4)
union all
select t.programme_id, t.id, x.place, cast(cast(s.lines as jsonb) -> 'p' ->> cast(x.line ->> 0 as integer) as bigint),
  -cast(x.line ->> 1 as bigint), -cast(x.line ->> 2 as bigint) - cast(x.line ->> 3 as bigint), 0, 0, -cast(x.line ->> 3 as bigint),
  -cast(x.line ->> 2 as bigint), -cast(x.line ->> 4 as bigint), case x.place when 1 then -t.taken_back else 0 end
from receipt_return t cross join lateral jsonb_array_elements(cast(t.lines as jsonb)) with ordinality as x (line, place)
left join receipt s on s.id = t.receipt_id
where t.matched_as is null and (s.id is null or s.state in (1, 3, 4));

create view feed_accounts as
select a.number, a.word from (values (1, 'pending'), (2, 'active'), (3, 'active'), (4, 'debt'), (5, 'status'),
  (10, 'issued'), (11, 'spent'), (12, 'expired'), (13, 'taken-back'), (14, 'partner'), (15, 'discrepancy'), (16, 'late-confirm'),
  (17, 'goodwill'), (18, 'correction'), (19, 'opening'), (20, 'status-issued'), (21, 'regrouped'), (22, 'merged'), (23, 'gifts'),
  (24, 'household'), (25, 'transferred'), (26, 'fees'), (27, 'charity')) as a (number, word);

create view feed_points as
select p.programme_id, p.id as posting_id, x.place as entry, p.owner_id as member_id, p.cause, p.cause_id, f.word as from_account,
  g.word as to_account, cast(x.line ->> 2 as bigint) as points, cast(x.line ->> 3 as bigint) as lot,
  to_timestamp(p.event_at / 1000000.0) as happened_at, to_timestamp(p.posted_at / 1000000.0) as posted_at
from posting p cross join lateral jsonb_array_elements(cast(p.entries as jsonb)) with ordinality as x (line, place)
join feed_accounts f on f.number = cast(x.line ->> 0 as integer) join feed_accounts g on g.number = cast(x.line ->> 1 as integer)
where f.word <> g.word;
