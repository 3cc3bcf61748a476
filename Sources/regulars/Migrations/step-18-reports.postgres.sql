-- What the words of reports mean, version by version, what months are to come to, and what the journal moved by months.
create table report_definitions (
  account_id bigint not null,
  version bigint not null,
  starts_on bigint not null,
  body text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
);

create table report_target (
  programme_id bigint not null,
  month bigint not null,
  measure text collate "C" not null,
  account_id bigint not null,
  amount bigint not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
);

create table points_flow (
  programme_id bigint not null,
  month bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  account_id bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month, from_account, to_account)
);
