-- Rows of sheets, each kept once.

create table rule_part (
  account_id integer not null,
  id integer not null,
  digest text not null,
  body text not null,
  primary key (account_id, id)
) strict;

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);

-- Ready reports: how coupons stand and what became of them by days, certificates by the month of their sale, the points journal by legal entity.

create table coupon_standing (
  programme_id integer not null,
  series_id integer not null,
  account_id integer not null,
  issued integer not null,
  active integer not null,
  waiting integer not null,
  reserved integer not null,
  used integer not null,
  expired integer not null,
  void integer not null,
  ends_in_week integer not null,
  ends_in_month integer not null,
  at integer not null,
  primary key (programme_id, series_id)
) strict, without rowid;

create table coupon_day (
  programme_id integer not null,
  series_id integer not null,
  day integer not null,
  account_id integer not null,
  issued integer not null,
  used integer not null,
  expired integer not null,
  primary key (programme_id, series_id, day)
) strict, without rowid;

create table certificate_standing (
  programme_id integer not null,
  series_id integer not null,
  month integer not null,
  account_id integer not null,
  certificates integer not null,
  open integer not null,
  face integer not null,
  spent integer not null,
  lapsed integer not null,
  other integer not null,
  remaining integer not null,
  ends_in_month integer not null,
  ending_in_month integer not null,
  ends_in_quarter integer not null,
  ending_in_quarter integer not null,
  books integer,
  moved integer,
  at integer not null,
  primary key (programme_id, series_id, month)
) strict, without rowid;

create table points_place (
  programme_id integer not null,
  month integer not null,
  entity_id integer not null,
  from_account integer not null,
  to_account integer not null,
  account_id integer not null,
  settled integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month, entity_id, from_account, to_account)
) strict, without rowid;

create table points_age (
  programme_id integer not null,
  month integer not null,
  account_id integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month)
) strict, without rowid;

create index receipt_return_by_document_id on receipt_return (document_id);

-- Values that a programme makes of others.

create table formula (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  body text not null,
  format text not null,
  note text not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint formula_check_1 check (length(code) > 0),
  constraint formula_check_2 check (version > 0)
) strict;

create unique index formula_one_programme_id_code on formula (programme_id, code);

-- Whom an action on a segment concerned is kept for a time.

alter table bulk_action add column forgotten_at integer;

alter table bulk_action add column is_bare integer not null default 0;

create index bulk_action_by_keeping on bulk_action (ended_at) where is_bare = 0 and ended_at is not null;

-- What promotions earned for whoever claimed a receipt, line by line.

alter table receipt_alias add column given_lines text;
