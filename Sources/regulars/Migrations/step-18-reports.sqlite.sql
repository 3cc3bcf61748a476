-- What the words of reports mean, version by version, what months are to come to, and what the journal moved by months.
create table report_definitions (
  account_id integer not null,
  version integer not null,
  starts_on integer not null,
  body text not null,
  actor text not null,
  made_at integer not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
) strict, without rowid;

create table report_target (
  programme_id integer not null,
  month integer not null,
  measure text not null,
  account_id integer not null,
  amount integer not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
) strict, without rowid;

create table points_flow (
  programme_id integer not null,
  month integer not null,
  from_account integer not null,
  to_account integer not null,
  account_id integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month, from_account, to_account)
) strict, without rowid;
