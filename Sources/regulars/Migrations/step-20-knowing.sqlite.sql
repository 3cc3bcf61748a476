-- Transfers, charities and finds given away; subscriptions, tiers for a time and the limit of approval; events of visitors and funnels; fields
-- of members, dictionaries and actions on segments; dashboards.

alter table confirmation add column purpose text;

alter table guard_day add column given_away integer not null default 0;

alter table guard_day add column transfers integer not null default 0;

alter table guard_day add column circles integer not null default 0;

alter table hunt_entry add column other_id integer;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table transfer (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  receiver_id integer not null,
  points integer not null,
  fee integer not null,
  message text,
  day integer not null,
  made_at integer not null,
  actor text not null,
  is_circle integer not null check (is_circle in (0, 1)),
  confirmation_id integer,
  parts blob not null,
  fee_parts blob not null,
  undone_at integer,
  undone_by text,
  taken_back integer not null default 0,
  reason text,
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  charity text not null,
  points integer not null,
  day integer not null,
  made_at integer not null,
  actor text not null,
  parts blob not null,
  undone_at integer,
  undone_by text,
  reason text,
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id integer not null,
  charity text not null,
  day integer not null,
  account_id integer not null,
  donations integer not null,
  points integer not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
) strict, without rowid;

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

create table member_field (
  id integer primary key,
  account_id integer not null,
  code text not null,
  body text not null,
  made_at integer not null,
  archived_at integer,
  constraint member_field_check_1 check (length(code) > 0)
) strict;

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id integer not null,
  only_defined integer not null check (only_defined in (0, 1)),
  changed_at integer not null,
  primary key (account_id)
) strict, without rowid;

create table dictionary (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  made_at integer not null,
  constraint dictionary_check_1 check (length(code) > 0)
) strict;

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id integer not null,
  code text not null,
  account_id integer not null,
  name_ru text not null,
  name_en text not null,
  rank integer not null,
  archived_at integer,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
) strict, without rowid;

create table bulk_action (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  segment_id integer not null,
  name text not null,
  body text not null,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  confirmed_by text,
  approved_by text,
  counted_at integer,
  ended_at integer,
  due integer not null default 0,
  changed integer not null default 0,
  left_out integer not null default 0,
  undone integer not null default 0,
  kept integer not null default 0,
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
) strict;

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create table bulk_member (
  owner_id integer not null,
  action_id integer not null,
  account_id integer not null,
  state integer not null,
  reason text,
  former text,
  at integer,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
) strict, without rowid;

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);

create table visit_gate (
  programme_id integer not null,
  account_id integer not null,
  taken_at integer not null,
  primary key (programme_id)
) strict, without rowid;

create table traffic_source (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  mark text not null,
  source text not null,
  medium text not null,
  campaign text not null,
  content text not null,
  term text not null,
  referrer text not null
) strict;

create unique index traffic_source_one_programme_id_mark on traffic_source (programme_id, mark);

create table visitor (
  visitor text not null,
  programme_id integer not null,
  account_id integer not null,
  owner_id integer not null,
  named_id integer not null,
  named_at integer not null,
  primary key (programme_id, visitor),
  constraint visitor_check_1 check (length(visitor) > 0)
) strict, without rowid;

create index visitor_by_owner_id on visitor (owner_id);

create index visitor_by_named_id on visitor (named_id);

create table visit (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  visitor text not null,
  session text not null,
  owner_id integer,
  named_id integer,
  started_at integer not null,
  ended_at integer not null,
  day integer not null,
  source_id integer not null,
  source_at integer,
  events integer not null,
  product_views integer not null,
  carts integer not null,
  orders integer not null,
  primary key (visitor, id),
  constraint visit_check_1 check (started_at <= ended_at)
) strict;

create index visit_by_programme_id_visitor_ended_at on visit (programme_id, visitor, ended_at);

create index visit_by_programme_id_day_id on visit (programme_id, day, id);

create index visit_by_owner_id_started_at on visit (owner_id, started_at) where owner_id is not null;

create index visit_by_named_id on visit (named_id) where named_id is not null;

create table visit_event (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  mark text not null,
  kind text not null,
  at integer not null,
  visitor text not null,
  visit_id integer not null,
  owner_id integer,
  named_id integer,
  page text,
  product text,
  quantity integer,
  amount integer,
  channel text,
  brand text,
  receipt_key text,
  receipt_id integer,
  details text,
  primary key (programme_id, mark),
  constraint visit_event_check_1 check (length(mark) > 0),
  constraint visit_event_check_2 check (length(kind) > 0),
  constraint visit_event_check_3 check (length(visitor) > 0)
) strict;

create index visit_event_by_programme_id_kind_at_id on visit_event (programme_id, kind, at, id);

create index visit_event_by_programme_id_visitor_at on visit_event (programme_id, visitor, at);

create index visit_event_by_programme_id_at on visit_event (programme_id, at);

create index visit_event_by_owner_id_at on visit_event (owner_id, at) where owner_id is not null;

create index visit_event_by_named_id on visit_event (named_id) where named_id is not null;

create index visit_event_by_visit_id on visit_event (visit_id);

create index visit_event_by_waiting on visit_event (programme_id, at) where receipt_key is not null and receipt_id is null;

create index visit_event_by_bought on visit_event (programme_id, at) where receipt_id is not null;

create table visit_day (
  programme_id integer not null,
  day integer not null,
  account_id integer not null,
  stale_at integer,
  visits integer not null,
  events integer not null,
  body blob,
  primary key (programme_id, day)
) strict, without rowid;

create index visit_day_by_stale_at on visit_day (stale_at) where stale_at is not null;

create table visit_touch (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  touched_at integer not null,
  primary key (owner_id)
) strict, without rowid;

create index visit_touch_by_programme_id_touched_at on visit_touch (programme_id, touched_at);

create index visit_touch_by_touched_at on visit_touch (touched_at);

create table funnel (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  body text not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint funnel_check_1 check (length(name) > 0),
  constraint funnel_check_2 check (version > 0)
) strict;

create unique index funnel_one_programme_id_name_key on funnel (programme_id, name_key);

create table dashboard (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  note text not null,
  period text not null,
  tiles text not null,
  roles text not null,
  staff_id integer not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint dashboard_check_1 check (length(name) > 0),
  constraint dashboard_check_2 check (version > 0)
) strict;

create unique index dashboard_one_programme_id_name_key on dashboard (programme_id, name_key);
