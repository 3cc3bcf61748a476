-- A return remembers what was printed where the rest was priced anew, and its place among the returns of its receipt. Returns that are
-- there are counted in the order in which they were made.
alter table receipt_return add column documents text collate "C";

alter table receipt_return add column step bigint not null default 0;

update receipt_return set step = (
  select count(*) from receipt_return earlier
  where earlier.owner_id = receipt_return.owner_id and earlier.receipt_id = receipt_return.receipt_id
    and earlier.id < receipt_return.id);
