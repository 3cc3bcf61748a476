-- Guard: limits that alert and stop, figures of cashiers, tills and members by day and by ten minutes, refused codes, blocks.
alter table receipt add column cashier text collate "C";

alter table receipt_return add column cashier text collate "C";

create table guard_day (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  day bigint not null,
  subject text collate "C" not null,
  account_id bigint not null,
  receipts bigint not null default 0,
  named bigint not null default 0,
  amount bigint not null default 0,
  discount bigint not null default 0,
  earned bigint not null default 0,
  spent bigint not null default 0,
  returns bigint not null default 0,
  returned bigint not null default 0,
  cancelled bigint not null default 0,
  by_hand bigint not null default 0,
  breadth bigint not null default 0,
  peak bigint not null default 0,
  refused bigint not null default 0,
  hop bigint,
  last_store bigint not null default 0,
  last_at bigint not null default 0,
  receipts_seen text collate "C" not null default '',
  primary key (programme_id, kind, store_id, day, subject)
);

create index guard_day_by_programme_id_kind_subject_day on guard_day (programme_id, kind, subject, day);

create index guard_day_by_programme_id_kind_day on guard_day (programme_id, kind, day);

create index guard_day_by_busy on guard_day (programme_id, day, named) where kind = 1 and named > 2;

create table guard_pair (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  day bigint not null,
  subject text collate "C" not null,
  owner_id bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  points bigint not null,
  primary key (programme_id, kind, store_id, day, subject, owner_id)
);

create index guard_pair_by_programme_id_day on guard_pair (programme_id, day);

create table guard_slot (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  slot bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  named bigint not null default 0,
  discount bigint not null default 0,
  earned bigint not null default 0,
  spent bigint not null default 0,
  returns bigint not null default 0,
  by_hand bigint not null default 0,
  refused bigint not null default 0,
  primary key (programme_id, kind, store_id, subject, slot, owner_id)
);

create index guard_slot_by_programme_id_slot on guard_slot (programme_id, slot);

create table guard_refusal (
  programme_id bigint not null,
  day bigint not null,
  store_id bigint not null,
  name text collate "C" not null,
  account_id bigint not null,
  register text collate "C" not null,
  cashier text collate "C",
  owner_id bigint not null,
  at bigint not null,
  reason text collate "C" not null,
  primary key (programme_id, day, store_id, name)
);

create index guard_refusal_by_programme_id_store_id_day on guard_refusal (programme_id, store_id, day);

create index guard_refusal_by_programme_id_owner_id_day on guard_refusal (programme_id, owner_id, day);

create table guard_alert (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  limit_code text collate "C" not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  day bigint not null,
  is_hard bigint not null check (is_hard in (0, 1)),
  measure text collate "C" not null,
  days bigint not null,
  hours bigint not null,
  figure bigint not null,
  threshold bigint not null,
  receipts_seen text collate "C" not null default '',
  state text collate "C" not null,
  at bigint not null,
  decided_at bigint,
  decided_by text collate "C",
  note text collate "C",
  told_as text collate "C" not null,
  primary key (id),
  constraint guard_alert_check_1 check (state in ('open', 'seen', 'dismissed', 'confirmed'))
);

create unique index guard_alert_one_programme_id_told_as on guard_alert (programme_id, told_as);

create index guard_alert_by_programme_id_state_id on guard_alert (programme_id, state, id);

create index guard_alert_by_programme_id_kind_subject_id on guard_alert (programme_id, kind, subject, id);

create table guard_block (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  reason text collate "C" not null,
  limit_code text collate "C",
  day bigint,
  made_at bigint not null,
  made_by text collate "C" not null,
  ends_at bigint,
  ended_at bigint,
  ended_by text collate "C",
  told_as text collate "C",
  primary key (id)
);

create unique index guard_block_one_programme_id_told_as on guard_block (programme_id, told_as);

create index guard_block_by_live on guard_block (programme_id, kind) where ended_at is null;

create index guard_block_by_subject on guard_block (programme_id, kind, subject, id);
