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
