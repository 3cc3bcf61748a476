-- Goods whose first purchase rules ask about, and how far the past is counted.

create table first_purchase (
  programme_id bigint not null,
  sum_id bigint not null,
  account_id bigint not null,
  book bigint not null,
  asked_at bigint not null,
  last_owner bigint not null default 0,
  counted_at bigint,
  primary key (programme_id, sum_id),
  foreign key (programme_id) references programme (id)
);

create index first_purchase_by_waiting on first_purchase (account_id, programme_id) where counted_at is null;

-- What identified the member of a sale, as a fingerprint, where limits count cards.

alter table receipt add column card text collate "C";

-- What tills were told is found by the request's id as well.

create index till_answer_by_request_id on till_answer (request_id);

-- Wallets of which a hold has points set aside are counted.

create index wallet_by_programme_id on wallet (programme_id) where held > 0;
