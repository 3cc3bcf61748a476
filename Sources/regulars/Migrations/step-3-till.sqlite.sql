-- Who may use the interface and who signs in; codes to members' phones; what tills were told.
create table token (
  id integer primary key,
  account_id integer not null,
  programme_id integer,
  name text not null,
  kind text not null,
  store_id integer,
  register_id integer,
  scopes text not null,
  secret_hash text not null,
  made_at integer not null,
  expires_at integer,
  revoked_at integer,
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  foreign key (register_id) references register (id),
  constraint token_check_1 check (kind in ('register', 'integration')),
  constraint token_check_2 check ((kind = 'register') = (register_id is not null))
) strict;

create unique index token_one_secret_hash on token (secret_hash);

create index token_by_account_id_id on token (account_id, id);

create table staff (
  id integer primary key,
  account_id integer not null,
  login text not null,
  name text not null,
  role text not null,
  password text not null,
  must_change integer not null check (must_change in (0, 1)),
  is_blocked integer not null check (is_blocked in (0, 1)),
  made_at integer not null,
  foreign key (account_id) references account (id),
  constraint staff_check_1 check (length(login) > 0)
) strict;

create unique index staff_one_account_id_login on staff (account_id, login);

create table confirmation (
  id integer not null,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  store_id integer not null,
  points integer not null,
  sent_to text not null,
  code_hash text not null,
  tries integer not null,
  made_at integer not null,
  ends_at integer not null,
  verified_at integer,
  primary key (owner_id, id)
) strict, without rowid;

create index confirmation_by_ends_at on confirmation (ends_at);

create table till_answer (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  register text not null,
  at integer not null,
  call text not null,
  status integer not null,
  code text not null,
  member_id integer,
  basket text,
  request text not null,
  answer text not null,
  request_id text not null
) strict;

create unique index till_answer_by_owner_id_id on till_answer (owner_id, id);

create index till_answer_by_at on till_answer (at);
