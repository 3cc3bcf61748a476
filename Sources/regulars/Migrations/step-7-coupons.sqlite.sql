-- Coupons: series, batches of codes, every code, and how many were used in each store.
create table coupon_series (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  code_key text not null,
  body text not null,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint coupon_series_check_1 check (length(code) > 0)
) strict;

create unique index coupon_series_one_programme_id_code_key on coupon_series (programme_id, code_key);

create table coupon_batch (
  id integer primary key,
  account_id integer not null,
  series_id integer not null,
  label text not null,
  asked integer not null,
  made integer not null,
  made_at integer not null,
  actor text not null,
  foreign key (series_id) references coupon_series (id),
  constraint coupon_batch_check_1 check (asked > 0),
  constraint coupon_batch_check_2 check (made between 0 and asked)
) strict;

create index coupon_batch_by_series_id_id on coupon_batch (series_id, id);

create table coupon (
  account_id integer not null,
  code text not null,
  series_id integer not null,
  batch_id integer,
  owner_id integer,
  state integer not null default 0,
  issued_at integer not null,
  good_from integer,
  good_until integer,
  used_on integer,
  used_owner integer,
  used_at integer,
  hold_id integer,
  held_until integer,
  issued_on integer,
  primary key (account_id, code),
  constraint coupon_check_1 check (length(code) > 0),
  constraint coupon_check_2 check (state between 0 and 2),
  constraint coupon_check_3 check ((state = 1) = (used_on is not null))
) strict, without rowid;

create index coupon_by_batch_id_code on coupon (batch_id, code) where batch_id is not null;

create index coupon_by_account_id_owner_id on coupon (account_id, owner_id) where owner_id is not null;

create index coupon_by_account_id_hold_id on coupon (account_id, hold_id) where hold_id is not null;

create index coupon_by_account_id_issued_on on coupon (account_id, issued_on) where issued_on is not null;

create table coupon_use (
  series_id integer not null,
  store_id integer not null,
  account_id integer not null,
  used integer not null,
  primary key (series_id, store_id)
) strict, without rowid;
