-- What computes the members of a segment: its condition, and when it was last counted.
create table segment_rule (
  segment_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  condition text not null,
  changed_at integer not null,
  counted_at integer,
  members integer,
  primary key (segment_id)
) strict, without rowid;

create index segment_rule_by_programme_id on segment_rule (programme_id);

-- Notes and tasks about members, who looked at whom, how members' purchases spread, and certificates by the member whose receipts moved them.
create table member_note (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  body text not null,
  is_pinned integer not null check (is_pinned in (0, 1)),
  actor text not null,
  made_at integer not null,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_note_check_1 check (length(body) > 0)
) strict, without rowid;

create table member_task (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  body text not null,
  due_day integer,
  staff_id integer not null,
  actor text not null,
  made_at integer not null,
  done_at integer,
  done_by text,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_task_check_1 check (length(body) > 0),
  constraint member_task_check_2 check ((done_at is null) = (done_by is null))
) strict, without rowid;

create index member_task_by_account_id_staff_id_due_day on member_task (account_id, staff_id, due_day) where done_at is null;

create table member_look (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  staff_id integer not null,
  what text not null,
  is_full integer not null check (is_full in (0, 1)),
  at integer not null,
  slot integer not null,
  constraint member_look_check_1 check (what in ('card', 'form', 'export'))
) strict;

create unique index member_look_by_owner_id_id on member_look (owner_id, id);

create unique index member_look_one_owner_id_staff_id_what_is_full_slot on member_look (owner_id, staff_id, what, is_full, slot);

create index member_look_by_account_id_id on member_look (account_id, id);

create index member_look_by_account_id_staff_id_id on member_look (account_id, staff_id, id);

create index member_look_by_at on member_look (at);

create index certificate_entry_by_account_id_owner_id_id on certificate_entry (account_id, owner_id, id) where owner_id is not null;

create table shopper_spread (
  programme_id integer not null,
  account_id integer not null,
  members integer not null,
  body text not null,
  at integer not null,
  primary key (programme_id)
) strict, without rowid;

-- Members who are one person: who stands for whom, what moved, and who may be one person.
alter table member add column merged_into integer;

create index member_by_programme_id_merged_into on member (programme_id, merged_into) where merged_into is not null;

create table member_merge (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  survivor_id integer not null,
  reason text not null,
  actor text not null,
  made_at integer not null,
  moved text,
  ended_at integer,
  ended_by text,
  primary key (owner_id, id),
  constraint member_merge_check_1 check (survivor_id <> owner_id),
  constraint member_merge_check_2 check (length(reason) > 0),
  constraint member_merge_check_3 check ((ended_at is null) = (ended_by is null))
) strict, without rowid;

create index member_merge_by_survivor_id_id on member_merge (survivor_id, id);

create table duplicate_key (
  programme_id integer not null,
  key integer not null,
  owner_id integer not null,
  account_id integer not null,
  primary key (programme_id, key, owner_id)
) strict, without rowid;

create index duplicate_key_by_owner_id on duplicate_key (owner_id);

create table duplicate_pair (
  owner_id integer not null,
  other_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  score integer not null,
  reasons text not null,
  found_at integer not null,
  dismissed_at integer,
  dismissed_by text,
  primary key (owner_id, other_id),
  constraint duplicate_pair_check_1 check (other_id > owner_id),
  constraint duplicate_pair_check_2 check (score between 1 and 100),
  constraint duplicate_pair_check_3 check ((dismissed_at is null) = (dismissed_by is null))
) strict, without rowid;

create index duplicate_pair_by_other_id on duplicate_pair (other_id);

create index duplicate_pair_by_programme_id_score_owner_id_other_id on duplicate_pair (programme_id, score, owner_id, other_id) where dismissed_at is null;

create table wallet_merge (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  survivor_id integer not null,
  merged_at integer not null,
  shift integer not null,
  last_return integer not null,
  before blob not null,
  slides text not null,
  moved text not null,
  ended_at integer,
  primary key (owner_id, id),
  constraint wallet_merge_check_1 check (survivor_id <> owner_id),
  constraint wallet_merge_check_2 check (shift >= 0)
) strict, without rowid;
