-- Who said what did not fit, and where to look by cause and by store.

alter table discrepancy add column register text collate "C";

alter table discrepancy add column cashier text collate "C";

create index discrepancy_by_account_id_cause_id on discrepancy (account_id, cause, id);

create index discrepancy_by_account_id_store_id_id on discrepancy (account_id, store_id, id);

-- Of what is there already, as far as receipts and returns say it. A key is store, register, day, shift and number with tabs between.

update discrepancy set
  register = (
    select split_part(r.key, chr(9), 2) from receipt r
    where r.owner_id = discrepancy.owner_id and r.id = discrepancy.receipt_id
  ),
  cashier = (
    select r.cashier from receipt r where r.owner_id = discrepancy.owner_id and r.id = discrepancy.receipt_id
  );

update discrepancy set
  register = (
    select split_part(r.key, chr(9), 2) from receipt_return r
    where r.document_id = discrepancy.receipt_id order by r.id limit 1
  ),
  cashier = (
    select r.cashier from receipt_return r where r.document_id = discrepancy.receipt_id order by r.id limit 1
  )
where register is null;

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
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  ended_at bigint,
  receipts bigint not null default 0,
  is_without bigint not null default 0,
  is_stopping bigint not null default 0,
  report text collate "C",
  failure text collate "C",
  constraint whatif_run_check_1 check (length(state) > 0),
  constraint whatif_run_check_2 check (receipts >= 0)
);

create index whatif_run_by_promotion_id_id on whatif_run (promotion_id, id);
create index whatif_run_by_open on whatif_run (programme_id, id) where ended_at is null;
create index whatif_run_by_keeping on whatif_run (asked_at);

-- Who was in a segment on a day that is past: how members came and went, segment by segment.

create index segment_move_by_segment_id_owner_id_at on segment_move (segment_id, owner_id, at);

-- Costs that come or change after the sale are found by the account's version at which they did.

alter table product_figure add column version bigint not null default 0;

create index product_figure_by_account_id_version on product_figure (account_id, version);

-- Receipts of before tell no events: how many there are says that there are more.

create table past_receipts (
  account_id bigint not null,
  programme_id bigint not null,
  receipts bigint not null,
  primary key (programme_id)
);

-- Points that ran out are put down to whoever issued them: the next round adds the journal up from the first entry.

delete from points_place;

-- Returns that wait for their sale, by when they came: for whoever looks at them, and for what forgets them.

create index waiting_return_by_account_id_document_id on waiting_return (account_id, document_id);

create index waiting_return_by_document_id on waiting_return (document_id);
