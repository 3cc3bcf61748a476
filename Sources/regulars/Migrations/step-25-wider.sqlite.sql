-- Who said what did not fit, and where to look by cause and by store.

alter table discrepancy add column register text;

alter table discrepancy add column cashier text;

create index discrepancy_by_account_id_cause_id on discrepancy (account_id, cause, id);

create index discrepancy_by_account_id_store_id_id on discrepancy (account_id, store_id, id);

-- Of what is there already, as far as receipts and returns say it. A key is store, register, day, shift and number with tabs between.

update discrepancy set
  register = (
    select substr(rest, 1, instr(rest, char(9)) - 1) from (
      select substr(r.key, instr(r.key, char(9)) + 1) as rest from receipt r
      where r.owner_id = discrepancy.owner_id and r.id = discrepancy.receipt_id
    ) said
  ),
  cashier = (
    select r.cashier from receipt r where r.owner_id = discrepancy.owner_id and r.id = discrepancy.receipt_id
  );

update discrepancy set
  register = (
    select substr(rest, 1, instr(rest, char(9)) - 1) from (
      select substr(r.key, instr(r.key, char(9)) + 1) as rest from receipt_return r
      where r.document_id = discrepancy.receipt_id order by r.id limit 1
    ) said
  ),
  cashier = (
    select r.cashier from receipt_return r where r.document_id = discrepancy.receipt_id order by r.id limit 1
  )
where register is null;

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
create index whatif_run_by_open on whatif_run (programme_id, id) where ended_at is null;
create index whatif_run_by_keeping on whatif_run (asked_at);

-- Who was in a segment on a day that is past: how members came and went, segment by segment.

create index segment_move_by_segment_id_owner_id_at on segment_move (segment_id, owner_id, at);

-- Costs that come or change after the sale are found by the account's version at which they did.

alter table product_figure add column version integer not null default 0;

create index product_figure_by_account_id_version on product_figure (account_id, version);

-- Receipts of before tell no events: how many there are says that there are more.

create table past_receipts (
  account_id integer not null,
  programme_id integer not null,
  receipts integer not null,
  primary key (programme_id)
) strict, without rowid;

-- Points that ran out are put down to whoever issued them: the next round adds the journal up from the first entry.

delete from points_place;

-- Returns that wait for their sale, by when they came: for whoever looks at them, and for what forgets them.

create index waiting_return_by_account_id_document_id on waiting_return (account_id, document_id);

create index waiting_return_by_document_id on waiting_return (document_id);
