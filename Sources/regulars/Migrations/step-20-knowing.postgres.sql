-- Transfers, charities and finds given away; subscriptions, tiers for a time and the limit of approval; events of visitors and funnels; fields
-- of members, dictionaries and actions on segments; dashboards.

alter table confirmation add column purpose text collate "C";

alter table guard_day add column given_away bigint not null default 0;

alter table guard_day add column transfers bigint not null default 0;

alter table guard_day add column circles bigint not null default 0;

alter table hunt_entry add column other_id bigint;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table transfer (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receiver_id bigint not null,
  points bigint not null,
  fee bigint not null,
  message text collate "C",
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  is_circle bigint not null check (is_circle in (0, 1)),
  confirmation_id bigint,
  parts bytea not null,
  fee_parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  taken_back bigint not null default 0,
  reason text collate "C",
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
);

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  charity text collate "C" not null,
  points bigint not null,
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  reason text collate "C",
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
);

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id bigint not null,
  charity text collate "C" not null,
  day bigint not null,
  account_id bigint not null,
  donations bigint not null,
  points bigint not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
);

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

create table member_field (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint member_field_check_1 check (length(code) > 0)
);

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id bigint not null,
  only_defined bigint not null check (only_defined in (0, 1)),
  changed_at bigint not null,
  primary key (account_id)
);

create table dictionary (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  constraint dictionary_check_1 check (length(code) > 0)
);

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  rank bigint not null,
  archived_at bigint,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
);

create table bulk_action (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  segment_id bigint not null,
  name text collate "C" not null,
  body text collate "C" not null,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  confirmed_by text collate "C",
  approved_by text collate "C",
  counted_at bigint,
  ended_at bigint,
  due bigint not null default 0,
  changed bigint not null default 0,
  left_out bigint not null default 0,
  undone bigint not null default 0,
  kept bigint not null default 0,
  primary key (id),
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
);

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create table bulk_member (
  owner_id bigint not null,
  action_id bigint not null,
  account_id bigint not null,
  state bigint not null,
  reason text collate "C",
  former text collate "C",
  at bigint,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
);

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);

create table visit_gate (
  programme_id bigint not null,
  account_id bigint not null,
  taken_at bigint not null,
  primary key (programme_id)
);

create table traffic_source (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  mark text collate "C" not null,
  source text collate "C" not null,
  medium text collate "C" not null,
  campaign text collate "C" not null,
  content text collate "C" not null,
  term text collate "C" not null,
  referrer text collate "C" not null,
  primary key (id)
);

create unique index traffic_source_one_programme_id_mark on traffic_source (programme_id, mark);

create table visitor (
  visitor text collate "C" not null,
  programme_id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  named_id bigint not null,
  named_at bigint not null,
  primary key (programme_id, visitor),
  constraint visitor_check_1 check (length(visitor) > 0)
);

create index visitor_by_owner_id on visitor (owner_id);

create index visitor_by_named_id on visitor (named_id);

create table visit (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  visitor text collate "C" not null,
  session text collate "C" not null,
  owner_id bigint,
  named_id bigint,
  started_at bigint not null,
  ended_at bigint not null,
  day bigint not null,
  source_id bigint not null,
  source_at bigint,
  events bigint not null,
  product_views bigint not null,
  carts bigint not null,
  orders bigint not null,
  primary key (visitor, id),
  constraint visit_check_1 check (started_at <= ended_at)
);

create index visit_by_programme_id_visitor_ended_at on visit (programme_id, visitor, ended_at);

create index visit_by_programme_id_day_id on visit (programme_id, day, id);

create index visit_by_owner_id_started_at on visit (owner_id, started_at) where owner_id is not null;

create index visit_by_named_id on visit (named_id) where named_id is not null;

create table visit_event (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  mark text collate "C" not null,
  kind text collate "C" not null,
  at bigint not null,
  visitor text collate "C" not null,
  visit_id bigint not null,
  owner_id bigint,
  named_id bigint,
  page text collate "C",
  product text collate "C",
  quantity bigint,
  amount bigint,
  channel text collate "C",
  brand text collate "C",
  receipt_key text collate "C",
  receipt_id bigint,
  details text collate "C",
  primary key (programme_id, mark),
  constraint visit_event_check_1 check (length(mark) > 0),
  constraint visit_event_check_2 check (length(kind) > 0),
  constraint visit_event_check_3 check (length(visitor) > 0)
);

create index visit_event_by_programme_id_kind_at_id on visit_event (programme_id, kind, at, id);

create index visit_event_by_programme_id_visitor_at on visit_event (programme_id, visitor, at);

create index visit_event_by_programme_id_at on visit_event (programme_id, at);

create index visit_event_by_owner_id_at on visit_event (owner_id, at) where owner_id is not null;

create index visit_event_by_named_id on visit_event (named_id) where named_id is not null;

create index visit_event_by_visit_id on visit_event (visit_id);

create index visit_event_by_waiting on visit_event (programme_id, at) where receipt_key is not null and receipt_id is null;

create index visit_event_by_bought on visit_event (programme_id, at) where receipt_id is not null;

create table visit_day (
  programme_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  stale_at bigint,
  visits bigint not null,
  events bigint not null,
  body bytea,
  primary key (programme_id, day)
);

create index visit_day_by_stale_at on visit_day (stale_at) where stale_at is not null;

create table visit_touch (
  owner_id bigint not null,
  programme_id bigint not null,
  account_id bigint not null,
  touched_at bigint not null,
  primary key (owner_id)
);

create index visit_touch_by_programme_id_touched_at on visit_touch (programme_id, touched_at);

create index visit_touch_by_touched_at on visit_touch (touched_at);

create table funnel (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  body text collate "C" not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint funnel_check_1 check (length(name) > 0),
  constraint funnel_check_2 check (version > 0)
);

create unique index funnel_one_programme_id_name_key on funnel (programme_id, name_key);

create table dashboard (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  note text collate "C" not null,
  period text collate "C" not null,
  tiles text collate "C" not null,
  roles text collate "C" not null,
  staff_id bigint not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint dashboard_check_1 check (length(name) > 0),
  constraint dashboard_check_2 check (version > 0)
);

create unique index dashboard_one_programme_id_name_key on dashboard (programme_id, name_key);
