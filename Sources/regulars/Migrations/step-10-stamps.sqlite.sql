-- Stamp cards: who has how many, and what was done by hand. The stamps themselves stand in wallets, the cards in settings.
create table stamp_holder (
  owner_id integer not null,
  programme_id integer not null,
  card text not null,
  account_id integer not null,
  stamps integer not null,
  last_day integer,
  given integer not null,
  taken integer not null,
  primary key (owner_id, programme_id, card)
) strict, without rowid;

create index stamp_holder_by_programme_id_card_stamps on stamp_holder (programme_id, card, stamps);

create table stamp_change (
  owner_id integer not null,
  id integer not null,
  day integer not null,
  account_id integer not null,
  programme_id integer not null,
  card text not null,
  given integer not null,
  taken integer not null,
  note text not null,
  actor text not null,
  made_at integer not null,
  primary key (owner_id, id, day),
  constraint stamp_change_check_1 check (given >= 0),
  constraint stamp_change_check_2 check (taken >= 0),
  constraint stamp_change_check_3 check (given + taken > 0)
) strict, without rowid;
