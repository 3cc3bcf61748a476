-- What computes the members of a segment: its condition, and when it was last counted.
create table segment_rule (
  segment_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  condition text collate "C" not null,
  changed_at bigint not null,
  counted_at bigint,
  members bigint,
  primary key (segment_id)
);

create index segment_rule_by_programme_id on segment_rule (programme_id);

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

-- Members who are one person: who stands for whom, what moved, and who may be one person.
alter table member add column merged_into bigint;

create index member_by_programme_id_merged_into on member (programme_id, merged_into) where merged_into is not null;

create table member_merge (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  survivor_id bigint not null,
  reason text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  moved text collate "C",
  ended_at bigint,
  ended_by text collate "C",
  primary key (owner_id, id),
  constraint member_merge_check_1 check (survivor_id <> owner_id),
  constraint member_merge_check_2 check (length(reason) > 0),
  constraint member_merge_check_3 check ((ended_at is null) = (ended_by is null))
);

create index member_merge_by_survivor_id_id on member_merge (survivor_id, id);

create table duplicate_key (
  programme_id bigint not null,
  key bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  primary key (programme_id, key, owner_id)
);

create index duplicate_key_by_owner_id on duplicate_key (owner_id);

create table duplicate_pair (
  owner_id bigint not null,
  other_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  score bigint not null,
  reasons text collate "C" not null,
  found_at bigint not null,
  dismissed_at bigint,
  dismissed_by text collate "C",
  primary key (owner_id, other_id),
  constraint duplicate_pair_check_1 check (other_id > owner_id),
  constraint duplicate_pair_check_2 check (score between 1 and 100),
  constraint duplicate_pair_check_3 check ((dismissed_at is null) = (dismissed_by is null))
);

create index duplicate_pair_by_other_id on duplicate_pair (other_id);

create index duplicate_pair_by_programme_id_score_owner_id_other_id on duplicate_pair (programme_id, score, owner_id, other_id) where dismissed_at is null;

create table wallet_merge (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  survivor_id bigint not null,
  merged_at bigint not null,
  shift bigint not null,
  last_return bigint not null,
  before bytea not null,
  slides text collate "C" not null,
  moved text collate "C" not null,
  ended_at bigint,
  primary key (owner_id, id),
  constraint wallet_merge_check_1 check (survivor_id <> owner_id),
  constraint wallet_merge_check_2 check (shift >= 0)
);
