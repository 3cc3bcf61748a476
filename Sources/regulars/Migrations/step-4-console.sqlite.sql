-- Who is signed in to the console, failures at its door, second factors; days of an account by index.
create table staff_session (
  id integer primary key,
  account_id integer not null,
  staff_id integer not null,
  secret_hash text not null,
  is_proven integer not null check (is_proven in (0, 1)),
  made_at integer not null,
  seen_at integer not null,
  ends_at integer not null,
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
) strict;

create unique index staff_session_one_secret_hash on staff_session (secret_hash);

create index staff_session_by_staff_id on staff_session (staff_id);

create index staff_session_by_ends_at on staff_session (ends_at);

create table staff_failure (
  staff_id integer not null,
  account_id integer not null,
  failures integer not null,
  closed_until integer,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_failure_check_1 check (failures >= 0)
) strict;

create table staff_factor (
  staff_id integer not null,
  account_id integer not null,
  secret text not null,
  used_step integer not null,
  made_at integer not null,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
) strict;

create index store_day_by_account_id_day on store_day (account_id, day);

-- The role was named otherwise while nobody could sign in.
update staff set role = 'integrator' where role = 'technician';
