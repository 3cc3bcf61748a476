-- Certificates: series, batches of codes, the money on each and what moved it, and sums for reports. A second person's word on promotions.
create table certificate_series (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  code_key text collate "C" not null,
  body text collate "C" not null,
  pin_secret text collate "C",
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint certificate_series_check_1 check (length(code) > 0)
);

create unique index certificate_series_one_programme_id_code_key on certificate_series (programme_id, code_key);

create table certificate_batch (
  id bigint not null,
  account_id bigint not null,
  series_id bigint not null,
  label text collate "C" not null,
  asked bigint not null,
  made bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (series_id) references certificate_series (id),
  constraint certificate_batch_check_1 check (asked > 0),
  constraint certificate_batch_check_2 check (made between 0 and asked)
);

create index certificate_batch_by_series_id_id on certificate_batch (series_id, id);

create table certificate (
  account_id bigint not null,
  code text collate "C" not null,
  series_id bigint not null,
  batch_id bigint,
  state bigint not null default 0,
  balance bigint not null default 0,
  issued_at bigint not null,
  activated_at bigint,
  good_until bigint,
  wrong_pins bigint not null default 0,
  hold_id bigint,
  held_until bigint,
  primary key (account_id, code),
  constraint certificate_check_1 check (length(code) > 0),
  constraint certificate_check_2 check (state between 0 and 4),
  constraint certificate_check_3 check (balance >= 0),
  constraint certificate_check_4 check (state = 1 or balance = 0 or state = 4),
  constraint certificate_check_5 check ((hold_id is null) = (held_until is null))
);

create index certificate_by_batch_id_code on certificate (batch_id, code) where batch_id is not null;

create index certificate_by_account_id_hold_id on certificate (account_id, hold_id) where hold_id is not null;

create index certificate_by_account_id_good_until on certificate (account_id, good_until) where state = 1 and good_until is not null;

create table certificate_entry (
  account_id bigint not null,
  code text collate "C" not null,
  id bigint not null,
  series_id bigint not null,
  kind bigint not null,
  change bigint not null,
  at bigint not null,
  posted_at bigint not null,
  receipt_id bigint,
  owner_id bigint,
  return_id bigint,
  store_id bigint,
  actor text collate "C",
  reason text collate "C",
  primary key (account_id, code, id),
  constraint certificate_entry_check_1 check (kind between 1 and 11)
);

create index certificate_entry_by_account_id_receipt_id on certificate_entry (account_id, receipt_id) where receipt_id is not null;

create table certificate_day (
  series_id bigint not null,
  day bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  sold_count bigint not null,
  sold bigint not null,
  given bigint not null,
  paid bigint not null,
  refunded bigint not null,
  lapsed bigint not null,
  taken_back bigint not null,
  adjusted bigint not null,
  primary key (series_id, day, store_id)
);

create table certificate_age (
  series_id bigint not null,
  month bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  certificates bigint not null,
  amount bigint not null,
  primary key (series_id, month, store_id)
);

create table promotion_approval (
  promotion_id bigint not null,
  version bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  note text collate "C" not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_approval_check_1 check (state in ('asked', 'approved', 'declined')),
  constraint promotion_approval_check_2 check ((state = 'asked') = (decided_by is null))
);

create index promotion_approval_by_account_id_asked_at on promotion_approval (account_id, asked_at) where state = 'asked';
