-- The relay reads events in the order in which they came.
create index outbox_by_id on outbox (id);

-- Which older programs may go on beside a newer schema.
create table schema_neighbour (
  number bigint not null,
  oldest bigint not null,
  primary key (number)
);

-- Events with their places, and how far readers are; work that waits, and work that comes round.
create table event (
  position bigint not null,
  id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  kind bigint not null,
  subject_id bigint not null,
  at bigint not null,
  body text collate "C" not null,
  primary key (position),
  constraint event_check_1 check (position > 0)
);

create table stream_head (
  name text collate "C" not null,
  position bigint not null,
  epoch bigint not null,
  term bigint not null,
  at bigint not null,
  primary key (name),
  constraint stream_head_check_1 check (position >= 0)
);

create table stream_position (
  consumer text collate "C" not null,
  epoch bigint not null,
  position bigint not null,
  at bigint not null,
  primary key (consumer)
);

create table job (
  id bigint not null,
  account_id bigint not null,
  kind text collate "C" not null,
  body text collate "C" not null,
  due_at bigint not null,
  attempts bigint not null,
  holder text collate "C",
  claimed_until bigint not null,
  last_error text collate "C",
  state text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  constraint job_check_1 check (state in ('waiting', 'dead')),
  constraint job_check_2 check (attempts >= 0),
  constraint job_check_3 check (length(kind) > 0)
);

create index job_by_due_at on job (due_at) where state = 'waiting';

create index job_by_kind_id on job (kind, id) where state = 'dead';

create table chore (
  name text collate "C" not null,
  due_at bigint not null,
  started_at bigint,
  ended_at bigint,
  steps bigint not null,
  outcome text collate "C",
  failures bigint not null,
  primary key (name)
);

-- Who may use the interface and who signs in.
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

-- Codes to members' phones; what tills were told; shifts and what stores sold by day.
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

create table shift_closing (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  register text collate "C" not null,
  shift bigint not null,
  business_day bigint not null,
  opened_at bigint not null,
  closed_at bigint not null,
  first_date bigint not null,
  last_date bigint not null,
  stated_sales bigint not null,
  stated_sales_amount bigint not null,
  stated_returns bigint not null,
  stated_returns_amount bigint not null,
  found_sales bigint not null,
  found_sales_amount bigint not null,
  found_returns bigint not null,
  found_returns_amount bigint not null,
  ties bigint not null check (ties in (0, 1)),
  missing bigint not null,
  surplus bigint not null,
  different bigint not null,
  body text collate "C",
  found text collate "C",
  body_hash bigint not null,
  at bigint not null,
  checked_at bigint not null,
  replaced_at bigint,
  primary key (owner_id, id),
  constraint shift_closing_check_1 check (first_date <= last_date)
);

create index shift_closing_by_owner_id_business_day on shift_closing (owner_id, business_day);

create index shift_closing_by_account_id_business_day on shift_closing (account_id, business_day) where ties = 0 and replaced_at is null;

create table store_day (
  account_id bigint not null,
  store_id bigint not null,
  day bigint not null,
  receipts bigint not null,
  amount bigint not null,
  member_receipts bigint not null,
  member_amount bigint not null,
  earned bigint not null,
  spent bigint not null,
  returns bigint not null,
  returned bigint not null,
  taken_back bigint not null,
  given_back bigint not null,
  discrepancies bigint not null,
  primary key (store_id, day)
);

-- Where accounts want their events sent, and each event on its way.
create table webhook (
  id bigint not null,
  account_id bigint not null,
  url text collate "C" not null,
  kinds text collate "C" not null,
  state text collate "C" not null,
  reason text collate "C",
  secret text collate "C" not null,
  old_secret text collate "C",
  old_until bigint,
  position bigint not null,
  failures bigint not null,
  failing_since bigint,
  next_at bigint not null,
  holder text collate "C",
  claimed_until bigint not null,
  made_at bigint not null,
  primary key (id),
  constraint webhook_check_1 check (state in ('active', 'paused')),
  constraint webhook_check_2 check (length(url) > 0)
);

create index webhook_by_account_id on webhook (account_id);

create table webhook_delivery (
  webhook_id bigint not null,
  position bigint not null,
  account_id bigint not null,
  kind bigint not null,
  state text collate "C" not null,
  attempts bigint not null,
  due_at bigint not null,
  made_at bigint not null,
  tried_at bigint,
  status bigint,
  took bigint,
  error text collate "C",
  primary key (webhook_id, position),
  constraint webhook_delivery_check_1 check (state in ('waiting', 'delivered', 'dead'))
);

create index webhook_delivery_by_webhook_id_due_at on webhook_delivery (webhook_id, due_at) where state = 'waiting';

create index webhook_delivery_by_made_at on webhook_delivery (made_at);
