-- How far jobs are and who asked for them; failed deliveries by index; when tokens were used; links in letters to the staff.
alter table job add column actor text collate "C";

alter table job add column begun_at bigint;

alter table job add column done bigint;

alter table job add column total bigint;

alter table job add column is_stopping bigint not null default 0 check (is_stopping in (0, 1));

create index job_by_account_id_state_id on job (account_id, state, id);

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

alter table token add column used_at bigint;

create index token_by_account_id_kind_id on token (account_id, kind, id);

alter table staff add column mail text collate "C";

create table staff_link (
  id bigint not null,
  account_id bigint not null,
  staff_id bigint not null,
  purpose text collate "C" not null,
  secret_hash text collate "C" not null,
  made_at bigint not null,
  ends_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
);

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);
-- Who came when, and what is owed by month. What was sold before is added up here once; from then on events tell.
create table member_day (
  owner_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  primary key (owner_id, day),
  constraint member_day_check_1 check (receipts > 0)
);

create table comeback (
  account_id bigint not null,
  day bigint not null,
  gap bigint not null,
  members bigint not null,
  primary key (account_id, day, gap),
  constraint comeback_check_1 check (gap > 0)
);

create table points_owed (
  programme_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  points bigint not null,
  wallets bigint not null,
  at bigint not null,
  primary key (programme_id, month)
);

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
  select account_id, day, least(coalesce(day - lag(day) over (partition by owner_id order by day), 365), 365) as gap from member_day
) pauses group by account_id, day, gap;

insert into stream_position (consumer, epoch, position, at)
select 'member-days', epoch, coalesce((select max(position) from stream_head where name = 'events'), 0), 0
from (select max(epoch) as epoch from database_epoch) epochs where epoch is not null;

-- Goodwill that waits for somebody's word, and files that are sent through the console.

create table goodwill_request (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  points bigint not null,
  note text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  is_granted bigint not null default 0 check (is_granted in (0, 1)),
  primary key (owner_id, id),
  constraint goodwill_request_check_1 check (points > 0),
  constraint goodwill_request_check_2 check ((decided_by is null) = (decided_at is null))
);

create index goodwill_request_by_account_id_id on goodwill_request (account_id, id) where decided_at is null;

create table upload (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint,
  kind text collate "C" not null,
  name text collate "C" not null,
  made_by text collate "C" not null,
  touched_at bigint not null,
  size bigint not null,
  lines bigint not null,
  state text collate "C" not null,
  is_dry_run bigint not null check (is_dry_run in (0, 1)),
  is_stop_asked bigint not null check (is_stop_asked in (0, 1)),
  max_refused bigint not null,
  mapping text collate "C",
  tally text collate "C",
  complaints text collate "C" not null,
  fault text collate "C",
  started_at bigint,
  started_line bigint not null,
  primary key (id),
  constraint upload_check_1 check (size >= 0),
  constraint upload_check_2 check (length(name) > 0)
);

create index upload_by_account_id_id on upload (account_id, id);

create index upload_by_touched_at on upload (touched_at);

create table upload_piece (
  upload_id bigint not null,
  account_id bigint not null,
  part bigint not null,
  start_at bigint not null,
  bytes bytea not null,
  primary key (upload_id, part, start_at),
  constraint upload_piece_check_1 check (part in (0, 1)),
  constraint upload_piece_check_2 check (start_at >= 0)
);
