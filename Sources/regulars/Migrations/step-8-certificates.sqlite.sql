-- Certificates: series, batches of codes, the money on each and what moved it, and sums for reports. A second person's word on promotions.
create table certificate_series (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  code_key text not null,
  body text not null,
  pin_secret text,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint certificate_series_check_1 check (length(code) > 0)
) strict;

create unique index certificate_series_one_programme_id_code_key on certificate_series (programme_id, code_key);

create table certificate_batch (
  id integer primary key,
  account_id integer not null,
  series_id integer not null,
  label text not null,
  asked integer not null,
  made integer not null,
  made_at integer not null,
  actor text not null,
  foreign key (series_id) references certificate_series (id),
  constraint certificate_batch_check_1 check (asked > 0),
  constraint certificate_batch_check_2 check (made between 0 and asked)
) strict;

create index certificate_batch_by_series_id_id on certificate_batch (series_id, id);

create table certificate (
  account_id integer not null,
  code text not null,
  series_id integer not null,
  batch_id integer,
  state integer not null default 0,
  balance integer not null default 0,
  issued_at integer not null,
  activated_at integer,
  good_until integer,
  wrong_pins integer not null default 0,
  hold_id integer,
  held_until integer,
  primary key (account_id, code),
  constraint certificate_check_1 check (length(code) > 0),
  constraint certificate_check_2 check (state between 0 and 4),
  constraint certificate_check_3 check (balance >= 0),
  constraint certificate_check_4 check (state = 1 or balance = 0 or state = 4),
  constraint certificate_check_5 check ((hold_id is null) = (held_until is null))
) strict, without rowid;

create index certificate_by_batch_id_code on certificate (batch_id, code) where batch_id is not null;

create index certificate_by_account_id_hold_id on certificate (account_id, hold_id) where hold_id is not null;

create index certificate_by_account_id_good_until on certificate (account_id, good_until) where state = 1 and good_until is not null;

create table certificate_entry (
  account_id integer not null,
  code text not null,
  id integer not null,
  series_id integer not null,
  kind integer not null,
  change integer not null,
  at integer not null,
  posted_at integer not null,
  receipt_id integer,
  owner_id integer,
  return_id integer,
  store_id integer,
  actor text,
  reason text,
  primary key (account_id, code, id),
  constraint certificate_entry_check_1 check (kind between 1 and 11)
) strict, without rowid;

create index certificate_entry_by_account_id_receipt_id on certificate_entry (account_id, receipt_id) where receipt_id is not null;

create table certificate_day (
  series_id integer not null,
  day integer not null,
  store_id integer not null,
  account_id integer not null,
  sold_count integer not null,
  sold integer not null,
  given integer not null,
  paid integer not null,
  refunded integer not null,
  lapsed integer not null,
  taken_back integer not null,
  adjusted integer not null,
  primary key (series_id, day, store_id)
) strict, without rowid;

create table certificate_age (
  series_id integer not null,
  month integer not null,
  store_id integer not null,
  account_id integer not null,
  certificates integer not null,
  amount integer not null,
  primary key (series_id, month, store_id)
) strict, without rowid;

create table promotion_approval (
  promotion_id integer not null,
  version integer not null,
  account_id integer not null,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  note text not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_approval_check_1 check (state in ('asked', 'approved', 'declined')),
  constraint promotion_approval_check_2 check ((state = 'asked') = (decided_by is null))
) strict;

create index promotion_approval_by_account_id_asked_at on promotion_approval (account_id, asked_at) where state = 'asked';
