-- Who is signed in to the console, failures at its door, second factors; days of an account by index.
create table staff_session (
  id bigint not null,
  account_id bigint not null,
  staff_id bigint not null,
  secret_hash text collate "C" not null,
  is_proven bigint not null check (is_proven in (0, 1)),
  made_at bigint not null,
  seen_at bigint not null,
  ends_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
);

create unique index staff_session_one_secret_hash on staff_session (secret_hash);

create index staff_session_by_staff_id on staff_session (staff_id);

create index staff_session_by_ends_at on staff_session (ends_at);

create table staff_failure (
  staff_id bigint not null,
  account_id bigint not null,
  failures bigint not null,
  closed_until bigint,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_failure_check_1 check (failures >= 0)
);

create table staff_factor (
  staff_id bigint not null,
  account_id bigint not null,
  secret text collate "C" not null,
  used_step bigint not null,
  made_at bigint not null,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
);

create index store_day_by_account_id_day on store_day (account_id, day);

-- The role was named otherwise while nobody could sign in.
update staff set role = 'integrator' where role = 'technician';
