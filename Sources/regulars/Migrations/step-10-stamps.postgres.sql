-- Stamp cards: who has how many, and what was done by hand. The stamps themselves stand in wallets, the cards in settings.
create table stamp_holder (
  owner_id bigint not null,
  programme_id bigint not null,
  card text collate "C" not null,
  account_id bigint not null,
  stamps bigint not null,
  last_day bigint,
  given bigint not null,
  taken bigint not null,
  primary key (owner_id, programme_id, card)
);

create index stamp_holder_by_programme_id_card_stamps on stamp_holder (programme_id, card, stamps);

create table stamp_change (
  owner_id bigint not null,
  id bigint not null,
  day bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  card text collate "C" not null,
  given bigint not null,
  taken bigint not null,
  note text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (owner_id, id, day),
  constraint stamp_change_check_1 check (given >= 0),
  constraint stamp_change_check_2 check (taken >= 0),
  constraint stamp_change_check_3 check (given + taken > 0)
);
