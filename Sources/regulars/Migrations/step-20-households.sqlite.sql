-- Households: who is in which, who was and who was asked to be. Which one a member is in now stands with the member as well.
alter table member add column household_id integer;

create table household (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  owner_id integer not null,
  spenders text not null,
  made_at integer not null,
  ended_at integer,
  primary key (id),
  constraint household_check_1 check (spenders in ('owner', 'adults', 'everyone'))
) strict, without rowid;

create index household_by_programme_id_id on household (programme_id, id);

create table household_member (
  household_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  owner_id integer not null,
  invited_at integer not null,
  invitation_ends_at integer not null,
  joined_at integer,
  joined_by text,
  left_at integer,
  ended_as text,
  reason text,
  primary key (household_id, id),
  constraint household_member_check_1 check (joined_by in ('made', 'code', 'operator', 'merge')),
  constraint household_member_check_2 check ((joined_at is null) = (joined_by is null)),
  constraint household_member_check_3 check ((left_at is null) = (ended_as is null)),
  constraint household_member_check_4 check (ended_as in ('left', 'excluded', 'dissolved', 'declined', 'withdrawn', 'lapsed', 'merged', 'erased'))
) strict, without rowid;

create unique index household_member_one_household_id_owner_id on household_member (household_id, owner_id) where left_at is null;

create index household_member_by_owner_id_id on household_member (owner_id, id);
