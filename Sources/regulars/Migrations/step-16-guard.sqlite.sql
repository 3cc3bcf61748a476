-- Guard: limits that alert and stop, figures of cashiers, tills and members by day and by ten minutes, refused codes, blocks.
alter table receipt add column cashier text;

alter table receipt_return add column cashier text;

create table guard_day (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  day integer not null,
  subject text not null,
  account_id integer not null,
  receipts integer not null default 0,
  named integer not null default 0,
  amount integer not null default 0,
  discount integer not null default 0,
  earned integer not null default 0,
  spent integer not null default 0,
  returns integer not null default 0,
  returned integer not null default 0,
  cancelled integer not null default 0,
  by_hand integer not null default 0,
  breadth integer not null default 0,
  peak integer not null default 0,
  refused integer not null default 0,
  hop integer,
  last_store integer not null default 0,
  last_at integer not null default 0,
  receipts_seen text not null default '',
  primary key (programme_id, kind, store_id, day, subject)
) strict, without rowid;

create index guard_day_by_programme_id_kind_subject_day on guard_day (programme_id, kind, subject, day);

create index guard_day_by_programme_id_kind_day on guard_day (programme_id, kind, day);

create index guard_day_by_busy on guard_day (programme_id, day, named) where kind = 1 and named > 2;

create table guard_pair (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  day integer not null,
  subject text not null,
  owner_id integer not null,
  account_id integer not null,
  receipts integer not null,
  points integer not null,
  primary key (programme_id, kind, store_id, day, subject, owner_id)
) strict, without rowid;

create index guard_pair_by_programme_id_day on guard_pair (programme_id, day);

create table guard_slot (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  slot integer not null,
  owner_id integer not null,
  account_id integer not null,
  named integer not null default 0,
  discount integer not null default 0,
  earned integer not null default 0,
  spent integer not null default 0,
  returns integer not null default 0,
  by_hand integer not null default 0,
  refused integer not null default 0,
  primary key (programme_id, kind, store_id, subject, slot, owner_id)
) strict, without rowid;

create index guard_slot_by_programme_id_slot on guard_slot (programme_id, slot);

create table guard_refusal (
  programme_id integer not null,
  day integer not null,
  store_id integer not null,
  name text not null,
  account_id integer not null,
  register text not null,
  cashier text,
  owner_id integer not null,
  at integer not null,
  reason text not null,
  primary key (programme_id, day, store_id, name)
) strict, without rowid;

create index guard_refusal_by_programme_id_store_id_day on guard_refusal (programme_id, store_id, day);

create index guard_refusal_by_programme_id_owner_id_day on guard_refusal (programme_id, owner_id, day);

create table guard_alert (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  limit_code text not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  day integer not null,
  is_hard integer not null check (is_hard in (0, 1)),
  measure text not null,
  days integer not null,
  hours integer not null,
  figure integer not null,
  threshold integer not null,
  receipts_seen text not null default '',
  state text not null,
  at integer not null,
  decided_at integer,
  decided_by text,
  note text,
  told_as text not null,
  constraint guard_alert_check_1 check (state in ('open', 'seen', 'dismissed', 'confirmed'))
) strict;

create unique index guard_alert_one_programme_id_told_as on guard_alert (programme_id, told_as);

create index guard_alert_by_programme_id_state_id on guard_alert (programme_id, state, id);

create index guard_alert_by_programme_id_kind_subject_id on guard_alert (programme_id, kind, subject, id);

create table guard_block (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  reason text not null,
  limit_code text,
  day integer,
  made_at integer not null,
  made_by text not null,
  ends_at integer,
  ended_at integer,
  ended_by text,
  told_as text
) strict;

create unique index guard_block_one_programme_id_told_as on guard_block (programme_id, told_as);

create index guard_block_by_live on guard_block (programme_id, kind) where ended_at is null;

create index guard_block_by_subject on guard_block (programme_id, kind, subject, id);
