-- Goods that came back before the receipt that they name, under each of its keys.

create table waiting_return (
  account_id integer not null,
  kind integer not null,
  key text not null,
  document_id integer not null,
  owner_id integer not null,
  goods text not null,
  primary key (account_id, kind, key, document_id)
) strict, without rowid;

-- The document under which they were taken back of it when it came.

alter table receipt_return add column matched_as integer;
