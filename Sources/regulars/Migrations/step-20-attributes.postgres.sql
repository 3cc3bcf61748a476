-- Fields of members that an account defines, their dictionaries, and actions on all members of a segment.
create table member_field (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint member_field_check_1 check (length(code) > 0)
);

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id bigint not null,
  only_defined bigint not null check (only_defined in (0, 1)),
  changed_at bigint not null,
  primary key (account_id)
);

create table dictionary (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  constraint dictionary_check_1 check (length(code) > 0)
);

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  rank bigint not null,
  archived_at bigint,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
);

create table bulk_action (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  segment_id bigint not null,
  name text collate "C" not null,
  body text collate "C" not null,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  confirmed_by text collate "C",
  approved_by text collate "C",
  counted_at bigint,
  ended_at bigint,
  due bigint not null default 0,
  changed bigint not null default 0,
  left_out bigint not null default 0,
  undone bigint not null default 0,
  kept bigint not null default 0,
  primary key (id),
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
);

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create table bulk_member (
  owner_id bigint not null,
  action_id bigint not null,
  account_id bigint not null,
  state bigint not null,
  reason text collate "C",
  former text collate "C",
  at bigint,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
);

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);
