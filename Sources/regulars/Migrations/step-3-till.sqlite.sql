-- Events with their places, and how far readers are; work that waits, and work that comes round.
create table event (
  position integer not null,
  id integer not null,
  account_id integer not null,
  owner_id integer not null,
  kind integer not null,
  subject_id integer not null,
  at integer not null,
  body text not null,
  primary key (position),
  constraint event_check_1 check (position > 0)
) strict, without rowid;

create table stream_head (
  name text not null,
  position integer not null,
  epoch integer not null,
  term integer not null,
  at integer not null,
  primary key (name),
  constraint stream_head_check_1 check (position >= 0)
) strict;

create table stream_position (
  consumer text not null,
  epoch integer not null,
  position integer not null,
  at integer not null,
  primary key (consumer)
) strict;

create table job (
  id integer primary key,
  account_id integer not null,
  kind text not null,
  body text not null,
  due_at integer not null,
  attempts integer not null,
  holder text,
  claimed_until integer not null,
  last_error text,
  state text not null,
  made_at integer not null,
  constraint job_check_1 check (state in ('waiting', 'dead')),
  constraint job_check_2 check (attempts >= 0),
  constraint job_check_3 check (length(kind) > 0)
) strict;

create index job_by_due_at on job (due_at) where state = 'waiting';

create index job_by_kind_id on job (kind, id) where state = 'dead';

create table chore (
  name text not null,
  due_at integer not null,
  started_at integer,
  ended_at integer,
  steps integer not null,
  outcome text,
  failures integer not null,
  primary key (name)
) strict;

-- Who may use the interface and who signs in.
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

-- Codes to members' phones; what tills were told; shifts and what stores sold by day.
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

create table shift_closing (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  register text not null,
  shift integer not null,
  business_day integer not null,
  opened_at integer not null,
  closed_at integer not null,
  first_date integer not null,
  last_date integer not null,
  stated_sales integer not null,
  stated_sales_amount integer not null,
  stated_returns integer not null,
  stated_returns_amount integer not null,
  found_sales integer not null,
  found_sales_amount integer not null,
  found_returns integer not null,
  found_returns_amount integer not null,
  ties integer not null check (ties in (0, 1)),
  missing integer not null,
  surplus integer not null,
  different integer not null,
  body text,
  found text,
  body_hash integer not null,
  at integer not null,
  checked_at integer not null,
  replaced_at integer,
  constraint shift_closing_check_1 check (first_date <= last_date)
) strict;

create unique index shift_closing_by_owner_id_id on shift_closing (owner_id, id);

create index shift_closing_by_owner_id_business_day on shift_closing (owner_id, business_day);

create index shift_closing_by_account_id_business_day on shift_closing (account_id, business_day) where ties = 0 and replaced_at is null;

create table store_day (
  account_id integer not null,
  store_id integer not null,
  day integer not null,
  receipts integer not null,
  amount integer not null,
  member_receipts integer not null,
  member_amount integer not null,
  earned integer not null,
  spent integer not null,
  returns integer not null,
  returned integer not null,
  taken_back integer not null,
  given_back integer not null,
  discrepancies integer not null,
  primary key (store_id, day)
) strict, without rowid;

-- Where accounts want their events sent, and each event on its way.
create table webhook (
  id integer primary key,
  account_id integer not null,
  url text not null,
  kinds text not null,
  state text not null,
  reason text,
  secret text not null,
  old_secret text,
  old_until integer,
  position integer not null,
  failures integer not null,
  failing_since integer,
  next_at integer not null,
  holder text,
  claimed_until integer not null,
  made_at integer not null,
  constraint webhook_check_1 check (state in ('active', 'paused')),
  constraint webhook_check_2 check (length(url) > 0)
) strict;

create index webhook_by_account_id on webhook (account_id);

create table webhook_delivery (
  webhook_id integer not null,
  position integer not null,
  account_id integer not null,
  kind integer not null,
  state text not null,
  attempts integer not null,
  due_at integer not null,
  made_at integer not null,
  tried_at integer,
  status integer,
  took integer,
  error text,
  primary key (webhook_id, position),
  constraint webhook_delivery_check_1 check (state in ('waiting', 'delivered', 'dead'))
) strict, without rowid;

create index webhook_delivery_by_webhook_id_due_at on webhook_delivery (webhook_id, due_at) where state = 'waiting';

create index webhook_delivery_by_made_at on webhook_delivery (made_at);
