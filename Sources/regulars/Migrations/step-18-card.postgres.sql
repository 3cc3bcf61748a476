-- Notes and tasks about members, who looked at whom, how members' purchases spread, and certificates by the member whose receipts moved them.
create table member_note (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  body text collate "C" not null,
  is_pinned bigint not null check (is_pinned in (0, 1)),
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_note_check_1 check (length(body) > 0)
);

create table member_task (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  body text collate "C" not null,
  due_day bigint,
  staff_id bigint not null,
  actor text collate "C" not null,
  made_at bigint not null,
  done_at bigint,
  done_by text collate "C",
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_task_check_1 check (length(body) > 0),
  constraint member_task_check_2 check ((done_at is null) = (done_by is null))
);

create index member_task_by_account_id_staff_id_due_day on member_task (account_id, staff_id, due_day) where done_at is null;

create table member_look (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  staff_id bigint not null,
  what text collate "C" not null,
  is_full bigint not null check (is_full in (0, 1)),
  at bigint not null,
  slot bigint not null,
  primary key (owner_id, id),
  constraint member_look_check_1 check (what in ('card', 'form', 'export'))
);

create unique index member_look_one_owner_id_staff_id_what_is_full_slot on member_look (owner_id, staff_id, what, is_full, slot);

create index member_look_by_account_id_id on member_look (account_id, id);

create index member_look_by_account_id_staff_id_id on member_look (account_id, staff_id, id);

create index member_look_by_at on member_look (at);

create index certificate_entry_by_account_id_owner_id_id on certificate_entry (account_id, owner_id, id) where owner_id is not null;

create table shopper_spread (
  programme_id bigint not null,
  account_id bigint not null,
  members bigint not null,
  body text collate "C" not null,
  at bigint not null,
  primary key (programme_id)
);
