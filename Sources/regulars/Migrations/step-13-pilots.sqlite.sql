-- Versions of promotions that are tried in some places, and what they give, apart from what the version in force gives.
create table promotion_pilot (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  promotion_id integer not null,
  version integer not null,
  kept integer,
  scope text not null,
  state text not null,
  since_rules integer not null,
  until_rules integer,
  begun_at integer not null,
  begun_by text not null,
  ended_at integer,
  ended_by text,
  foreign key (promotion_id) references promotion (id),
  constraint promotion_pilot_check_1 check (state in ('running', 'rolled-out', 'stopped')),
  constraint promotion_pilot_check_2 check ((state = 'running') = (ended_at is null))
) strict;

create unique index promotion_pilot_one_promotion_id on promotion_pilot (promotion_id) where state = 'running';

create index promotion_pilot_by_programme_id on promotion_pilot (programme_id) where state = 'running';

create index promotion_pilot_by_promotion_id_begun_at on promotion_pilot (promotion_id, begun_at desc);

create table promotion_trial_day (
  promotion_id integer not null,
  rules integer not null,
  store_id integer not null,
  day integer not null,
  account_id integer not null,
  programme_id integer not null,
  receipts integer not null,
  money integer not null,
  points integer not null,
  returns integer not null,
  money_back integer not null,
  points_back integer not null,
  primary key (promotion_id, rules, store_id, day)
) strict, without rowid;

create table promotion_trial_payer (
  promotion_id integer not null,
  rules integer not null,
  place integer not null,
  account_id integer not null,
  programme_id integer not null,
  payer text not null,
  code text not null,
  contract text not null,
  shares text not null,
  spend_value integer not null,
  points_scale integer not null,
  promotion_code text not null,
  name_ru text not null,
  name_en text not null,
  primary key (promotion_id, rules, place)
) strict, without rowid;

create index promotion_trial_payer_by_programme_id_payer_code_contract on promotion_trial_payer (programme_id, payer, code, contract);
