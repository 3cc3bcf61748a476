-- Points that ran out are found by the day on which the books learnt of it.

create index posting_by_programme_id_posted_at_id on posting (programme_id, posted_at, id) where cause in (6, 9);

-- Whom outside the staff reports may be sent to, and whom schedules write to.

create table report_outside (
  account_id bigint not null,
  pattern text collate "C" not null,
  added_at bigint not null,
  primary key (account_id, pattern),
  constraint report_outside_check_1 check (length(pattern) > 0)
);

create table report_outsider (
  id bigint not null,
  schedule_id bigint not null,
  account_id bigint not null,
  mail text collate "C" not null,
  added_at bigint not null,
  primary key (id),
  foreign key (schedule_id) references report_schedule (id)
);

create unique index report_outsider_one_schedule_id_mail on report_outsider (schedule_id, mail);

-- What kind of shop a store is, in the retailer's own word.

alter table store add column format text collate "C";
