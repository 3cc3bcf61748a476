-- Who may use the interface and who signs in; codes to members' phones; what tills were told.
create table token (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint,
  name text collate "C" not null,
  kind text collate "C" not null,
  store_id bigint,
  register_id bigint,
  scopes text collate "C" not null,
  secret_hash text collate "C" not null,
  made_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  foreign key (register_id) references register (id),
  constraint token_check_1 check (kind in ('register', 'integration')),
  constraint token_check_2 check ((kind = 'register') = (register_id is not null))
);

create unique index token_one_secret_hash on token (secret_hash);

create index token_by_account_id_id on token (account_id, id);

create table staff (
  id bigint not null,
  account_id bigint not null,
  login text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null,
  password text collate "C" not null,
  must_change bigint not null check (must_change in (0, 1)),
  is_blocked bigint not null check (is_blocked in (0, 1)),
  made_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint staff_check_1 check (length(login) > 0)
);

create unique index staff_one_account_id_login on staff (account_id, login);

create table confirmation (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  store_id bigint not null,
  points bigint not null,
  sent_to text collate "C" not null,
  code_hash text collate "C" not null,
  tries bigint not null,
  made_at bigint not null,
  ends_at bigint not null,
  verified_at bigint,
  primary key (owner_id, id)
);

create index confirmation_by_ends_at on confirmation (ends_at);

create table till_answer (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  register text collate "C" not null,
  at bigint not null,
  call text collate "C" not null,
  status bigint not null,
  code text collate "C" not null,
  member_id bigint,
  basket text collate "C",
  request text collate "C" not null,
  answer text collate "C" not null,
  request_id text collate "C" not null,
  primary key (owner_id, id)
);

create index till_answer_by_at on till_answer (at);
