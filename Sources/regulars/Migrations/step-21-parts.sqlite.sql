-- Rows of sheets, each kept once.

create table rule_part (
  account_id integer not null,
  id integer not null,
  digest text not null,
  body text not null,
  primary key (account_id, id)
) strict;

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);
