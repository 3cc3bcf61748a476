-- What-ifs over a period that were asked for, with their results.

create table whatif_run (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  promotion_id integer not null,
  version integer not null,
  from_day integer not null,
  through_day integer not null,
  response integer,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  ended_at integer,
  receipts integer not null default 0,
  is_without integer not null default 0,
  is_stopping integer not null default 0,
  report text,
  failure text,
  constraint whatif_run_check_1 check (length(state) > 0),
  constraint whatif_run_check_2 check (receipts >= 0)
) strict;

create index whatif_run_by_promotion_id_id on whatif_run (promotion_id, id);
create index whatif_run_open on whatif_run (programme_id, id) where ended_at is null;
create index whatif_run_keeping on whatif_run (asked_at);
