-- Households: who is in which, who was and who was asked to be. Which one a member is in now stands with the member as well.
alter table member add column household_id bigint;

create table household (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  owner_id bigint not null,
  spenders text collate "C" not null,
  made_at bigint not null,
  ended_at bigint,
  primary key (id),
  constraint household_check_1 check (spenders in ('owner', 'adults', 'everyone'))
);

create index household_by_programme_id_id on household (programme_id, id);

create table household_member (
  household_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  owner_id bigint not null,
  invited_at bigint not null,
  invitation_ends_at bigint not null,
  joined_at bigint,
  joined_by text collate "C",
  left_at bigint,
  ended_as text collate "C",
  reason text collate "C",
  primary key (household_id, id),
  constraint household_member_check_1 check (joined_by in ('made', 'code', 'operator', 'merge')),
  constraint household_member_check_2 check ((joined_at is null) = (joined_by is null)),
  constraint household_member_check_3 check ((left_at is null) = (ended_as is null)),
  constraint household_member_check_4 check (ended_as in ('left', 'excluded', 'dissolved', 'declined', 'withdrawn', 'lapsed', 'merged', 'erased'))
);

create unique index household_member_one_household_id_owner_id on household_member (household_id, owner_id) where left_at is null;

create index household_member_by_owner_id_id on household_member (owner_id, id);
