-- Points that ran out are found by the day on which the books learnt of it.

create index posting_by_programme_id_posted_at_id on posting (programme_id, posted_at, id) where cause in (6, 9);

-- Whom outside the staff reports may be sent to, and whom schedules write to.

create table report_outside (
  account_id integer not null,
  pattern text not null,
  added_at integer not null,
  primary key (account_id, pattern),
  constraint report_outside_check_1 check (length(pattern) > 0)
) strict;

create table report_outsider (
  id integer primary key,
  schedule_id integer not null,
  account_id integer not null,
  mail text not null,
  added_at integer not null,
  foreign key (schedule_id) references report_schedule (id)
) strict;

create unique index report_outsider_one_schedule_id_mail on report_outsider (schedule_id, mail);

-- What kind of shop a store is, in the retailer's own word.

alter table store add column format text;
