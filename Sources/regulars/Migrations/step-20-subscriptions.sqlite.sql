-- Tiers that promotions give for a time, subscriptions, and the second person's word on the limit of approval.

create table tier_gift (
  owner_id integer not null,
  receipt_id integer not null,
  promotion_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  holder_id integer not null,
  grant_id integer not null,
  starts_at integer not null,
  ends_at integer not null,
  taken_back_at integer,
  primary key (owner_id, receipt_id, promotion_id),
  constraint tier_gift_check_1 check (ends_at > starts_at)
) strict, without rowid;

create index tier_gift_by_holder_id_ends_at on tier_gift (holder_id, ends_at);

create table approval_change (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  above_from integer not null,
  above_to integer,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  note text not null,
  constraint approval_change_check_1 check (state in ('asked', 'approved', 'declined', 'overtaken')),
  constraint approval_change_check_2 check ((state = 'asked') = (decided_by is null))
) strict;

create unique index approval_change_one_programme_id on approval_change (programme_id) where state = 'asked';

create index approval_change_by_programme_id_id on approval_change (programme_id, id);

create table subscription (
  owner_id integer not null,
  programme_id integer not null,
  plan text not null,
  id integer not null,
  account_id integer not null,
  state text not null,
  tier_id integer not null,
  since integer not null,
  ends_at integer not null,
  until integer not null,
  renewals integer not null,
  grant_id integer,
  noticed integer,
  due_at integer,
  changed_at integer not null,
  primary key (owner_id, programme_id, plan),
  constraint subscription_check_1 check (state in ('active', 'ended', 'cancelled')),
  constraint subscription_check_2 check (until >= ends_at)
) strict, without rowid;

create index subscription_by_programme_id_due_at on subscription (programme_id, due_at) where due_at is not null;

create index subscription_by_programme_id_id on subscription (programme_id, id);

create table subscription_period (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  holder_id integer not null,
  plan text not null,
  kind text not null,
  receipt_id integer,
  at integer not null,
  units integer not null,
  units_left integer not null,
  months integer not null,
  days integer not null,
  grace_days integer not null,
  tier_id integer not null,
  amount integer not null,
  lines text not null,
  counts integer not null default 0,
  actor text,
  reason text,
  primary key (owner_id, id),
  constraint subscription_period_check_1 check (kind in ('sale', 'hand', 'trial', 'cancel')),
  constraint subscription_period_check_2 check (units_left between 0 and units)
) strict, without rowid;

create index subscription_period_by_holder_id_plan_id on subscription_period (holder_id, plan, id);

create index subscription_period_by_owner_id_receipt_id on subscription_period (owner_id, receipt_id) where receipt_id is not null;

create table subscription_change (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  plan text not null,
  kind text not null,
  month integer not null,
  at integer not null,
  amount integer not null default 0,
  primary key (owner_id, id),
  constraint subscription_change_check_1 check (kind in ('started', 'renewed', 'ended', 'cancelled', 'sold', 'returned'))
) strict, without rowid;

create index subscription_change_by_programme_id_month_plan on subscription_change (programme_id, month, plan);

create table subscription_saving (
  owner_id integer not null,
  receipt_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  month integer not null,
  at integer not null,
  amount integer not null,
  plan text,
  primary key (owner_id, receipt_id)
) strict, without rowid;

create index subscription_saving_by_programme_id_month on subscription_saving (programme_id, month);

create index subscription_saving_by_programme_id_receipt_id on subscription_saving (programme_id, receipt_id) where plan is null;

create table promotion_goods_day (
  promotion_id integer not null,
  rules integer not null,
  is_trial integer not null,
  day integer not null,
  product_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  quantity integer not null,
  money integer not null,
  points integer not null,
  quantity_back integer not null,
  primary key (promotion_id, rules, is_trial, day, product_id)
) strict, without rowid;

alter table funding_contract add column issuer text;
