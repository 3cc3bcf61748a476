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
