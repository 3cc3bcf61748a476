-- Points that members give to each other and to charities, spare finds that they give, and what the guard counts of it.
alter table confirmation add column purpose text;

alter table guard_day add column given_away integer not null default 0;

alter table guard_day add column transfers integer not null default 0;

alter table guard_day add column circles integer not null default 0;

alter table hunt_entry add column other_id integer;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table transfer (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  receiver_id integer not null,
  points integer not null,
  fee integer not null,
  message text,
  day integer not null,
  made_at integer not null,
  actor text not null,
  is_circle integer not null check (is_circle in (0, 1)),
  confirmation_id integer,
  parts blob not null,
  fee_parts blob not null,
  undone_at integer,
  undone_by text,
  taken_back integer not null default 0,
  reason text,
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  charity text not null,
  points integer not null,
  day integer not null,
  made_at integer not null,
  actor text not null,
  parts blob not null,
  undone_at integer,
  undone_by text,
  reason text,
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id integer not null,
  charity text not null,
  day integer not null,
  account_id integer not null,
  donations integer not null,
  points integer not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
) strict, without rowid;
