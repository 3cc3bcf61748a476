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
