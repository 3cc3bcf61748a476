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
