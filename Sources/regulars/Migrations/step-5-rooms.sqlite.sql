-- How far jobs are and who asked for them; failed deliveries by index; when tokens were used; links in letters to the staff.
alter table job add column actor text;

alter table job add column begun_at integer;

alter table job add column done integer;

alter table job add column total integer;

alter table job add column is_stopping integer not null default 0 check (is_stopping in (0, 1));

create index job_by_account_id_state_id on job (account_id, state, id);

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

alter table token add column used_at integer;

create index token_by_account_id_kind_id on token (account_id, kind, id);

alter table staff add column mail text;

create table staff_link (
  id integer primary key,
  account_id integer not null,
  staff_id integer not null,
  purpose text not null,
  secret_hash text not null,
  made_at integer not null,
  ends_at integer not null,
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
) strict;

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);
-- Who came when, and what is owed by month. What was sold before is added up here once; from then on events tell.
create table member_day (
  owner_id integer not null,
  day integer not null,
  account_id integer not null,
  receipts integer not null,
  primary key (owner_id, day),
  constraint member_day_check_1 check (receipts > 0)
) strict, without rowid;

create table comeback (
  account_id integer not null,
  day integer not null,
  gap integer not null,
  members integer not null,
  primary key (account_id, day, gap),
  constraint comeback_check_1 check (gap > 0)
) strict, without rowid;

create table points_owed (
  programme_id integer not null,
  month integer not null,
  account_id integer not null,
  points integer not null,
  wallets integer not null,
  at integer not null,
  primary key (programme_id, month)
) strict, without rowid;

insert into member_day (owner_id, day, account_id, receipts)
select owner_id, day, account_id, count(*) from (
  select r.owner_id, r.business_day as day, r.account_id from receipt r
  where r.owner_id <> r.store_id and r.state in (1, 3, 4) and r.rules > 0
    and not exists (select 1 from outbox o where o.owner_id = r.owner_id and o.subject_id = r.id and o.kind = 1)
  union all
  select a.owner_id, r.business_day, a.account_id from receipt_alias a
    join receipt r on r.owner_id = a.sold_by and r.id = a.receipt_id
  where r.state in (1, 3, 4) and r.rules > 0
    and not exists (select 1 from outbox o where o.owner_id = a.owner_id and o.subject_id = a.receipt_id and o.kind = 3)
) visits group by owner_id, day, account_id;

insert into comeback (account_id, day, gap, members)
select account_id, day, gap, count(*) from (
  select account_id, day, min(coalesce(day - lag(day) over (partition by owner_id order by day), 365), 365) as gap from member_day
) pauses group by account_id, day, gap;

insert into stream_position (consumer, epoch, position, at)
select 'member-days', epoch, max((select coalesce(max(position), 0) from event), (select coalesce(max(position), 0) from stream_head where name = 'events')), 0
from (select max(epoch) as epoch from database_epoch) epochs where epoch is not null;

-- Goodwill that waits for somebody's word, and files that are sent through the console.

create table goodwill_request (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  points integer not null,
  note text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  is_granted integer not null default 0 check (is_granted in (0, 1)),
  constraint goodwill_request_check_1 check (points > 0),
  constraint goodwill_request_check_2 check ((decided_by is null) = (decided_at is null))
) strict;

create unique index goodwill_request_by_owner_id_id on goodwill_request (owner_id, id);

create index goodwill_request_by_account_id_id on goodwill_request (account_id, id) where decided_at is null;

create table upload (
  id integer primary key,
  account_id integer not null,
  programme_id integer,
  kind text not null,
  name text not null,
  made_by text not null,
  touched_at integer not null,
  size integer not null,
  lines integer not null,
  state text not null,
  is_dry_run integer not null check (is_dry_run in (0, 1)),
  is_stop_asked integer not null check (is_stop_asked in (0, 1)),
  max_refused integer not null,
  mapping text,
  tally text,
  complaints text not null,
  fault text,
  started_at integer,
  started_line integer not null,
  constraint upload_check_1 check (size >= 0),
  constraint upload_check_2 check (length(name) > 0)
) strict;

create index upload_by_account_id_id on upload (account_id, id);

create index upload_by_touched_at on upload (touched_at);

create table upload_piece (
  upload_id integer not null,
  account_id integer not null,
  part integer not null,
  start_at integer not null,
  bytes blob not null,
  primary key (upload_id, part, start_at),
  constraint upload_piece_check_1 check (part in (0, 1)),
  constraint upload_piece_check_2 check (start_at >= 0)
) strict;
