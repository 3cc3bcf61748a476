-- Rows of sheets, each kept once.

create table rule_part (
  account_id bigint not null,
  id bigint not null,
  digest text collate "C" not null,
  body text collate "C" not null,
  primary key (account_id, id)
);

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);

-- Ready reports: how coupons stand and what became of them by days, certificates by the month of their sale, the points journal by legal entity.

create table coupon_standing (
  programme_id bigint not null,
  series_id bigint not null,
  account_id bigint not null,
  issued bigint not null,
  active bigint not null,
  waiting bigint not null,
  reserved bigint not null,
  used bigint not null,
  expired bigint not null,
  void bigint not null,
  ends_in_week bigint not null,
  ends_in_month bigint not null,
  at bigint not null,
  primary key (programme_id, series_id)
);

create table coupon_day (
  programme_id bigint not null,
  series_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  issued bigint not null,
  used bigint not null,
  expired bigint not null,
  primary key (programme_id, series_id, day)
);

create table certificate_standing (
  programme_id bigint not null,
  series_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  certificates bigint not null,
  open bigint not null,
  face bigint not null,
  spent bigint not null,
  lapsed bigint not null,
  other bigint not null,
  remaining bigint not null,
  ends_in_month bigint not null,
  ending_in_month bigint not null,
  ends_in_quarter bigint not null,
  ending_in_quarter bigint not null,
  books bigint,
  moved bigint,
  at bigint not null,
  primary key (programme_id, series_id, month)
);

create table points_place (
  programme_id bigint not null,
  month bigint not null,
  entity_id bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  account_id bigint not null,
  settled bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month, entity_id, from_account, to_account)
);

create table points_age (
  programme_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month)
);

create index receipt_return_by_document_id on receipt_return (document_id);

-- Values that a programme makes of others.

create table formula (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  body text collate "C" not null,
  format text collate "C" not null,
  note text collate "C" not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint formula_check_1 check (length(code) > 0),
  constraint formula_check_2 check (version > 0)
);

create unique index formula_one_programme_id_code on formula (programme_id, code);

-- Whom an action on a segment concerned is kept for a time.

alter table bulk_action add column forgotten_at bigint;

alter table bulk_action add column is_bare bigint not null default 0;

create index bulk_action_by_keeping on bulk_action (ended_at) where is_bare = 0 and ended_at is not null;

-- What promotions earned for whoever claimed a receipt, line by line.

alter table receipt_alias add column given_lines text collate "C";
