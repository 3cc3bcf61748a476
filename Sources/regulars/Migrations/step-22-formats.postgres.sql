-- What kind of shop a store is, in the retailer's own word.

alter table store add column format text collate "C";
