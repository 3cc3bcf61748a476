-- Fields of members that an account defines, their dictionaries, and actions on all members of a segment.
create table member_field (
  id integer primary key,
  account_id integer not null,
  code text not null,
  body text not null,
  made_at integer not null,
  archived_at integer,
  constraint member_field_check_1 check (length(code) > 0)
) strict;

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id integer not null,
  only_defined integer not null check (only_defined in (0, 1)),
  changed_at integer not null,
  primary key (account_id)
) strict, without rowid;

create table dictionary (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  made_at integer not null,
  constraint dictionary_check_1 check (length(code) > 0)
) strict;

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id integer not null,
  code text not null,
  account_id integer not null,
  name_ru text not null,
  name_en text not null,
  rank integer not null,
  archived_at integer,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
) strict, without rowid;

create table bulk_action (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  segment_id integer not null,
  name text not null,
  body text not null,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  confirmed_by text,
  approved_by text,
  counted_at integer,
  ended_at integer,
  due integer not null default 0,
  changed integer not null default 0,
  left_out integer not null default 0,
  undone integer not null default 0,
  kept integer not null default 0,
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
) strict;

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create table bulk_member (
  owner_id integer not null,
  action_id integer not null,
  account_id integer not null,
  state integer not null,
  reason text,
  former text,
  at integer,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
) strict, without rowid;

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);
