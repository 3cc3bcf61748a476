-- Goods that came back before the receipt that they name, under each of its keys.

create table waiting_return (
  account_id bigint not null,
  kind bigint not null,
  key text collate "C" not null,
  document_id bigint not null,
  owner_id bigint not null,
  goods text collate "C" not null,
  primary key (account_id, kind, key, document_id)
);

-- The document under which they were taken back of it when it came.

alter table receipt_return add column matched_as bigint;
