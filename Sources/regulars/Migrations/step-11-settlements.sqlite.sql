-- What promotions gave by day and who pays for it: contracts and acts. Partners: terms, statements, payments and disputes.
-- What a return undid of promotions' gifts, and what a late claim earned by each, stand with them.
alter table receipt_return add column given text;

alter table receipt_alias add column given text;

create table settlement_start (
  account_id integer not null,
  at integer not null,
  primary key (account_id)
) strict;

create table promotion_day (
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

create table clearing_day (
  store_id integer not null,
  programme_id integer not null,
  day integer not null,
  account_id integer not null,
  receipts integer not null,
  amount integer not null,
  earned integer not null,
  spent integer not null,
  returns integer not null,
  taken_back integer not null,
  given_back integer not null,
  primary key (store_id, programme_id, day)
) strict, without rowid;

create table promotion_payer (
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

create index promotion_payer_by_programme_id_payer_code_contract on promotion_payer (programme_id, payer, code, contract);

create table funding_contract (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  payer text not null,
  code text not null,
  contract text not null,
  name text not null,
  tax_number text not null,
  ceiling integer,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint funding_contract_check_1 check (length(name) > 0)
) strict;

create unique index funding_contract_one_programme_id_payer_code_contract on funding_contract (programme_id, payer, code, contract);

create table funding_act (
  id integer primary key,
  account_id integer not null,
  contract_id integer not null,
  number integer not null,
  first_day integer not null,
  last_day integer not null,
  amount integer not null,
  beyond integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  foreign key (contract_id) references funding_contract (id),
  constraint funding_act_check_1 check (number > 0),
  constraint funding_act_check_2 check (first_day <= last_day)
) strict;

create unique index funding_act_one_contract_id_number on funding_act (contract_id, number);

create unique index funding_act_one_contract_id_first_day on funding_act (contract_id, first_day);

create table funding_period (
  act_id integer not null,
  first_day integer not null,
  last_day integer not null,
  contract_id integer not null,
  account_id integer not null,
  amount integer not null,
  primary key (act_id, first_day),
  foreign key (act_id) references funding_act (id)
) strict;

create index funding_period_by_contract_id_first_day on funding_period (contract_id, first_day);

create table partner (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name text not null,
  tax_number text not null,
  contract text not null,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint partner_check_1 check (length(code) > 0),
  constraint partner_check_2 check (length(name) > 0)
) strict;

create unique index partner_one_programme_id_code on partner (programme_id, code);

create table partner_entity (
  programme_id integer not null,
  legal_entity_id integer not null,
  partner_id integer not null,
  account_id integer not null,
  primary key (programme_id, legal_entity_id),
  foreign key (partner_id) references partner (id)
) strict;

create index partner_entity_by_partner_id on partner_entity (partner_id);

create table partner_terms (
  partner_id integer not null,
  from_day integer not null,
  account_id integer not null,
  earn_value integer not null,
  spend_value integer not null,
  commission integer not null,
  made_at integer not null,
  actor text not null,
  primary key (partner_id, from_day),
  foreign key (partner_id) references partner (id),
  constraint partner_terms_check_1 check (earn_value >= 0),
  constraint partner_terms_check_2 check (spend_value >= 0),
  constraint partner_terms_check_3 check (commission between 0 and 1000000)
) strict;

create table partner_statement (
  id integer primary key,
  account_id integer not null,
  partner_id integer not null,
  number integer not null,
  first_day integer not null,
  last_day integer not null,
  opening integer not null,
  closing integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  foreign key (partner_id) references partner (id),
  constraint partner_statement_check_1 check (number > 0),
  constraint partner_statement_check_2 check (first_day <= last_day)
) strict;

create unique index partner_statement_one_partner_id_number on partner_statement (partner_id, number);

create unique index partner_statement_one_partner_id_first_day on partner_statement (partner_id, first_day);

create table partner_cleared (
  statement_id integer not null,
  day integer not null,
  partner_id integer not null,
  account_id integer not null,
  net integer not null,
  primary key (statement_id, day),
  foreign key (statement_id) references partner_statement (id)
) strict;

create index partner_cleared_by_partner_id_day on partner_cleared (partner_id, day);

create table partner_entry (
  id integer primary key,
  account_id integer not null,
  partner_id integer not null,
  kind integer not null,
  state integer not null,
  day integer not null,
  amount integer not null,
  receipt_id integer,
  owner_id integer,
  reason text not null,
  answer text not null,
  statement_id integer,
  request text not null,
  made_at integer not null,
  actor text not null,
  decided_at integer,
  decided_by text,
  foreign key (partner_id) references partner (id),
  constraint partner_entry_check_1 check (kind between 1 and 2),
  constraint partner_entry_check_2 check (state between 1 and 3)
) strict;

create unique index partner_entry_one_partner_id_request on partner_entry (partner_id, request);

create index partner_entry_by_partner_id_id on partner_entry (partner_id, id);

create index partner_entry_by_partner_id_statement_id on partner_entry (partner_id, statement_id);
