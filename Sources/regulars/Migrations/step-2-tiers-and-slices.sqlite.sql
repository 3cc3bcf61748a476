-- A return remembers what was printed where the rest was priced anew, and its place among the returns of its receipt. Returns that are
-- there are counted in the order in which they were made.
alter table receipt_return add column documents text;

alter table receipt_return add column step integer not null default 0;

update receipt_return set step = (
  select count(*) from receipt_return earlier
  where earlier.owner_id = receipt_return.owner_id and earlier.receipt_id = receipt_return.receipt_id
    and earlier.id < receipt_return.id);

-- Tiers and segments that rules can name, and what each instance may use of a shared limit without asking the others.
create table tier (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  rank integer not null,
  constraint tier_check_1 check (length(code) > 0),
  constraint tier_check_2 check (rank >= 0)
) strict;

create unique index tier_one_programme_id_code on tier (programme_id, code);

create table tier_grant (
  id integer not null,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  starts_at integer not null,
  ends_at integer,
  withdrawn_at integer,
  reason text not null,
  actor text not null,
  primary key (owner_id, id),
  constraint tier_grant_check_1 check (ends_at is null or ends_at > starts_at),
  constraint tier_grant_check_2 check (length(reason) > 0)
) strict, without rowid;

create table segment (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  kind text not null,
  made_at integer not null,
  constraint segment_check_1 check (length(code) > 0),
  constraint segment_check_2 check (kind in ('dynamic', 'static', 'snapshot'))
) strict;

create unique index segment_one_account_id_code on segment (account_id, code);

create table segment_member (
  owner_id integer not null,
  segment_id integer not null,
  account_id integer not null,
  since integer not null,
  primary key (owner_id, segment_id)
) strict, without rowid;

create index segment_member_by_segment_id_owner_id on segment_member (segment_id, owner_id);

create table promotion_slice (
  account_id integer not null,
  promotion_id integer not null,
  node integer not null,
  uses integer not null,
  money integer not null,
  points integer not null,
  primary key (promotion_id, node)
) strict, without rowid;
