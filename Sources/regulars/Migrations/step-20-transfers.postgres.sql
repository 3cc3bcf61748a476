-- Points that members give to each other and to charities, spare finds that they give, and what the guard counts of it.
alter table confirmation add column purpose text collate "C";

alter table guard_day add column given_away bigint not null default 0;

alter table guard_day add column transfers bigint not null default 0;

alter table guard_day add column circles bigint not null default 0;

alter table hunt_entry add column other_id bigint;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table transfer (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receiver_id bigint not null,
  points bigint not null,
  fee bigint not null,
  message text collate "C",
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  is_circle bigint not null check (is_circle in (0, 1)),
  confirmation_id bigint,
  parts bytea not null,
  fee_parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  taken_back bigint not null default 0,
  reason text collate "C",
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
);

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  charity text collate "C" not null,
  points bigint not null,
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  reason text collate "C",
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
);

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id bigint not null,
  charity text collate "C" not null,
  day bigint not null,
  account_id bigint not null,
  donations bigint not null,
  points bigint not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
);
