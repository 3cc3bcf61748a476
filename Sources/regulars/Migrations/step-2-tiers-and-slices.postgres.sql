-- A return remembers what was printed where the rest was priced anew, and its place among the returns of its receipt. Returns that are
-- there are counted in the order in which they were made.
alter table receipt_return add column documents text collate "C";

alter table receipt_return add column step bigint not null default 0;

update receipt_return set step = (
  select count(*) from receipt_return earlier
  where earlier.owner_id = receipt_return.owner_id and earlier.receipt_id = receipt_return.receipt_id
    and earlier.id < receipt_return.id);

-- Tiers and segments that rules can name, and what each instance may use of a shared limit without asking the others.
create table tier (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  rank bigint not null,
  primary key (id),
  constraint tier_check_1 check (length(code) > 0),
  constraint tier_check_2 check (rank >= 0)
);

create unique index tier_one_programme_id_code on tier (programme_id, code);

create table tier_grant (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  starts_at bigint not null,
  ends_at bigint,
  withdrawn_at bigint,
  reason text collate "C" not null,
  actor text collate "C" not null,
  primary key (owner_id, id),
  constraint tier_grant_check_1 check (ends_at is null or ends_at > starts_at),
  constraint tier_grant_check_2 check (length(reason) > 0)
);

create table segment (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  kind text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  constraint segment_check_1 check (length(code) > 0),
  constraint segment_check_2 check (kind in ('dynamic', 'static', 'snapshot'))
);

create unique index segment_one_account_id_code on segment (account_id, code);

create table segment_member (
  owner_id bigint not null,
  segment_id bigint not null,
  account_id bigint not null,
  since bigint not null,
  primary key (owner_id, segment_id)
);

create index segment_member_by_segment_id_owner_id on segment_member (segment_id, owner_id);

create table promotion_slice (
  account_id bigint not null,
  promotion_id bigint not null,
  node bigint not null,
  uses bigint not null,
  money bigint not null,
  points bigint not null,
  primary key (promotion_id, node)
);
