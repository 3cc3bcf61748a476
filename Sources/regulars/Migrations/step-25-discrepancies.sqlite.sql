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
