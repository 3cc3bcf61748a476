-- Rows of sheets, each kept once.

create table rule_part (
  account_id bigint not null,
  id bigint not null,
  digest text collate "C" not null,
  body text collate "C" not null,
  primary key (account_id, id)
);

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);
