-- Coupons: series, batches of codes, every code, and how many were used in each store.
create table coupon_series (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  code_key text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint coupon_series_check_1 check (length(code) > 0)
);

create unique index coupon_series_one_programme_id_code_key on coupon_series (programme_id, code_key);

create table coupon_batch (
  id bigint not null,
  account_id bigint not null,
  series_id bigint not null,
  label text collate "C" not null,
  asked bigint not null,
  made bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (series_id) references coupon_series (id),
  constraint coupon_batch_check_1 check (asked > 0),
  constraint coupon_batch_check_2 check (made between 0 and asked)
);

create index coupon_batch_by_series_id_id on coupon_batch (series_id, id);

create table coupon (
  account_id bigint not null,
  code text collate "C" not null,
  series_id bigint not null,
  batch_id bigint,
  owner_id bigint,
  state bigint not null default 0,
  issued_at bigint not null,
  good_from bigint,
  good_until bigint,
  used_on bigint,
  used_owner bigint,
  used_at bigint,
  hold_id bigint,
  held_until bigint,
  issued_on bigint,
  primary key (account_id, code),
  constraint coupon_check_1 check (length(code) > 0),
  constraint coupon_check_2 check (state between 0 and 2),
  constraint coupon_check_3 check ((state = 1) = (used_on is not null))
);

create index coupon_by_batch_id_code on coupon (batch_id, code) where batch_id is not null;

create index coupon_by_account_id_owner_id on coupon (account_id, owner_id) where owner_id is not null;

create index coupon_by_account_id_hold_id on coupon (account_id, hold_id) where hold_id is not null;

create index coupon_by_account_id_issued_on on coupon (account_id, issued_on) where issued_on is not null;

create table coupon_use (
  series_id bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  used bigint not null,
  primary key (series_id, store_id)
);
