-- What-ifs over a period that were asked for, with their results.

create table whatif_run (
  id bigint primary key,
  account_id bigint not null,
  programme_id bigint not null,
  promotion_id bigint not null,
  version bigint not null,
  from_day bigint not null,
  through_day bigint not null,
  response bigint,
  state text not null,
  asked_by text not null,
  asked_at bigint not null,
  ended_at bigint,
  receipts bigint not null default 0,
  is_without bigint not null default 0,
  is_stopping bigint not null default 0,
  report text,
  failure text,
  constraint whatif_run_check_1 check (length(state) > 0),
  constraint whatif_run_check_2 check (receipts >= 0)
);

create index whatif_run_by_promotion_id_id on whatif_run (promotion_id, id);
create index whatif_run_open on whatif_run (programme_id, id) where ended_at is null;
create index whatif_run_keeping on whatif_run (asked_at);
