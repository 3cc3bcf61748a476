-- Costs that come or change after the sale are found by the account's version at which they did.

alter table product_figure add column version bigint not null default 0;

create index product_figure_by_account_id_version on product_figure (account_id, version);
