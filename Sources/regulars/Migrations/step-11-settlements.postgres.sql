-- What promotions gave by day and who pays for it: contracts and acts. Partners: terms, statements, payments and disputes.
-- What a return undid of promotions' gifts, and what a late claim earned by each, stand with them.
alter table receipt_return add column given text collate "C";

alter table receipt_alias add column given text collate "C";

create table settlement_start (
  account_id bigint not null,
  at bigint not null,
  primary key (account_id)
);

create table promotion_day (
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

create table clearing_day (
  store_id bigint not null,
  programme_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  amount bigint not null,
  earned bigint not null,
  spent bigint not null,
  returns bigint not null,
  taken_back bigint not null,
  given_back bigint not null,
  primary key (store_id, programme_id, day)
);

create table promotion_payer (
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

create index promotion_payer_by_programme_id_payer_code_contract on promotion_payer (programme_id, payer, code, contract);

create table funding_contract (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  payer text collate "C" not null,
  code text collate "C" not null,
  contract text collate "C" not null,
  name text collate "C" not null,
  tax_number text collate "C" not null,
  ceiling bigint,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint funding_contract_check_1 check (length(name) > 0)
);

create unique index funding_contract_one_programme_id_payer_code_contract on funding_contract (programme_id, payer, code, contract);

create table funding_act (
  id bigint not null,
  account_id bigint not null,
  contract_id bigint not null,
  number bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  amount bigint not null,
  beyond bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (contract_id) references funding_contract (id),
  constraint funding_act_check_1 check (number > 0),
  constraint funding_act_check_2 check (first_day <= last_day)
);

create unique index funding_act_one_contract_id_number on funding_act (contract_id, number);

create unique index funding_act_one_contract_id_first_day on funding_act (contract_id, first_day);

create table funding_period (
  act_id bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  contract_id bigint not null,
  account_id bigint not null,
  amount bigint not null,
  primary key (act_id, first_day),
  foreign key (act_id) references funding_act (id)
);

create index funding_period_by_contract_id_first_day on funding_period (contract_id, first_day);

create table partner (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  tax_number text collate "C" not null,
  contract text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint partner_check_1 check (length(code) > 0),
  constraint partner_check_2 check (length(name) > 0)
);

create unique index partner_one_programme_id_code on partner (programme_id, code);

create table partner_entity (
  programme_id bigint not null,
  legal_entity_id bigint not null,
  partner_id bigint not null,
  account_id bigint not null,
  primary key (programme_id, legal_entity_id),
  foreign key (partner_id) references partner (id)
);

create index partner_entity_by_partner_id on partner_entity (partner_id);

create table partner_terms (
  partner_id bigint not null,
  from_day bigint not null,
  account_id bigint not null,
  earn_value bigint not null,
  spend_value bigint not null,
  commission bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (partner_id, from_day),
  foreign key (partner_id) references partner (id),
  constraint partner_terms_check_1 check (earn_value >= 0),
  constraint partner_terms_check_2 check (spend_value >= 0),
  constraint partner_terms_check_3 check (commission between 0 and 1000000)
);

create table partner_statement (
  id bigint not null,
  account_id bigint not null,
  partner_id bigint not null,
  number bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  opening bigint not null,
  closing bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (partner_id) references partner (id),
  constraint partner_statement_check_1 check (number > 0),
  constraint partner_statement_check_2 check (first_day <= last_day)
);

create unique index partner_statement_one_partner_id_number on partner_statement (partner_id, number);

create unique index partner_statement_one_partner_id_first_day on partner_statement (partner_id, first_day);

create table partner_cleared (
  statement_id bigint not null,
  day bigint not null,
  partner_id bigint not null,
  account_id bigint not null,
  net bigint not null,
  primary key (statement_id, day),
  foreign key (statement_id) references partner_statement (id)
);

create index partner_cleared_by_partner_id_day on partner_cleared (partner_id, day);

create table partner_entry (
  id bigint not null,
  account_id bigint not null,
  partner_id bigint not null,
  kind bigint not null,
  state bigint not null,
  day bigint not null,
  amount bigint not null,
  receipt_id bigint,
  owner_id bigint,
  reason text collate "C" not null,
  answer text collate "C" not null,
  statement_id bigint,
  request text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  decided_at bigint,
  decided_by text collate "C",
  primary key (id),
  foreign key (partner_id) references partner (id),
  constraint partner_entry_check_1 check (kind between 1 and 2),
  constraint partner_entry_check_2 check (state between 1 and 3)
);

create unique index partner_entry_one_partner_id_request on partner_entry (partner_id, request);

create index partner_entry_by_partner_id_id on partner_entry (partner_id, id);

create index partner_entry_by_partner_id_statement_id on partner_entry (partner_id, statement_id);
