-- Tiers that promotions give for a time, subscriptions, and the second person's word on the limit of approval.

create table tier_gift (
  owner_id bigint not null,
  receipt_id bigint not null,
  promotion_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  holder_id bigint not null,
  grant_id bigint not null,
  starts_at bigint not null,
  ends_at bigint not null,
  taken_back_at bigint,
  primary key (owner_id, receipt_id, promotion_id),
  constraint tier_gift_check_1 check (ends_at > starts_at)
);

create index tier_gift_by_holder_id_ends_at on tier_gift (holder_id, ends_at);

create table approval_change (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  above_from bigint not null,
  above_to bigint,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  note text collate "C" not null,
  primary key (id),
  constraint approval_change_check_1 check (state in ('asked', 'approved', 'declined', 'overtaken')),
  constraint approval_change_check_2 check ((state = 'asked') = (decided_by is null))
);

create unique index approval_change_one_programme_id on approval_change (programme_id) where state = 'asked';

create index approval_change_by_programme_id_id on approval_change (programme_id, id);

create table subscription (
  owner_id bigint not null,
  programme_id bigint not null,
  plan text collate "C" not null,
  id bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  tier_id bigint not null,
  since bigint not null,
  ends_at bigint not null,
  until bigint not null,
  renewals bigint not null,
  grant_id bigint,
  noticed bigint,
  due_at bigint,
  changed_at bigint not null,
  primary key (owner_id, programme_id, plan),
  constraint subscription_check_1 check (state in ('active', 'ended', 'cancelled')),
  constraint subscription_check_2 check (until >= ends_at)
);

create index subscription_by_programme_id_due_at on subscription (programme_id, due_at) where due_at is not null;

create index subscription_by_programme_id_id on subscription (programme_id, id);

create table subscription_period (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  holder_id bigint not null,
  plan text collate "C" not null,
  kind text collate "C" not null,
  receipt_id bigint,
  at bigint not null,
  units bigint not null,
  units_left bigint not null,
  months bigint not null,
  days bigint not null,
  grace_days bigint not null,
  tier_id bigint not null,
  amount bigint not null,
  lines text collate "C" not null,
  counts bigint not null default 0,
  actor text collate "C",
  reason text collate "C",
  primary key (owner_id, id),
  constraint subscription_period_check_1 check (kind in ('sale', 'hand', 'trial', 'cancel')),
  constraint subscription_period_check_2 check (units_left between 0 and units)
);

create index subscription_period_by_holder_id_plan_id on subscription_period (holder_id, plan, id);

create index subscription_period_by_owner_id_receipt_id on subscription_period (owner_id, receipt_id) where receipt_id is not null;

create table subscription_change (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  plan text collate "C" not null,
  kind text collate "C" not null,
  month bigint not null,
  at bigint not null,
  amount bigint not null default 0,
  primary key (owner_id, id),
  constraint subscription_change_check_1 check (kind in ('started', 'renewed', 'ended', 'cancelled', 'sold', 'returned'))
);

create index subscription_change_by_programme_id_month_plan on subscription_change (programme_id, month, plan);

create table subscription_saving (
  owner_id bigint not null,
  receipt_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  month bigint not null,
  at bigint not null,
  amount bigint not null,
  plan text collate "C",
  primary key (owner_id, receipt_id)
);

create index subscription_saving_by_programme_id_month on subscription_saving (programme_id, month);

create index subscription_saving_by_programme_id_receipt_id on subscription_saving (programme_id, receipt_id) where plan is null;

create table promotion_goods_day (
  promotion_id bigint not null,
  rules bigint not null,
  is_trial bigint not null,
  day bigint not null,
  product_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  quantity bigint not null,
  money bigint not null,
  points bigint not null,
  quantity_back bigint not null,
  primary key (promotion_id, rules, is_trial, day, product_id)
);

alter table funding_contract add column issuer text collate "C";
