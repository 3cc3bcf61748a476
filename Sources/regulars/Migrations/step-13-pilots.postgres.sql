-- Versions of promotions that are tried in some places, and what they give, apart from what the version in force gives.
create table promotion_pilot (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  promotion_id bigint not null,
  version bigint not null,
  kept bigint,
  scope text collate "C" not null,
  state text collate "C" not null,
  since_rules bigint not null,
  until_rules bigint,
  begun_at bigint not null,
  begun_by text collate "C" not null,
  ended_at bigint,
  ended_by text collate "C",
  primary key (id),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_pilot_check_1 check (state in ('running', 'rolled-out', 'stopped')),
  constraint promotion_pilot_check_2 check ((state = 'running') = (ended_at is null))
);

create unique index promotion_pilot_one_promotion_id on promotion_pilot (promotion_id) where state = 'running';

create index promotion_pilot_by_programme_id on promotion_pilot (programme_id) where state = 'running';

create index promotion_pilot_by_promotion_id_begun_at on promotion_pilot (promotion_id, begun_at desc);

create table promotion_trial_day (
  promotion_id bigint not null,
  rules bigint not null,
  store_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receipts bigint not null,
  money bigint not null,
  points bigint not null,
  returns bigint not null,
  money_back bigint not null,
  points_back bigint not null,
  primary key (promotion_id, rules, store_id, day)
);

create table promotion_trial_payer (
  promotion_id bigint not null,
  rules bigint not null,
  place bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  payer text collate "C" not null,
  code text collate "C" not null,
  contract text collate "C" not null,
  shares text collate "C" not null,
  spend_value bigint not null,
  points_scale bigint not null,
  promotion_code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  primary key (promotion_id, rules, place)
);

create index promotion_trial_payer_by_programme_id_payer_code_contract on promotion_trial_payer (programme_id, payer, code, contract);
