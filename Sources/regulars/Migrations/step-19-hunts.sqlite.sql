-- Hunts: limits of a day on finds, draws that found nothing, members' albums, and what collections gave.
alter table game_prize add column day integer not null default 0;
alter table game_prize add column day_given integer not null default 0;
alter table game_draw add column is_empty integer not null default 0;

create index game_draw_by_game_id_edition_n on game_draw (game_id, edition, n) where is_empty = 0;

create table hunt_album (
  owner_id integer not null,
  game_id integer not null,
  find text not null,
  account_id integer not null,
  have integer not null,
  primary key (owner_id, game_id, find),
  constraint hunt_album_check_1 check (have >= 0)
) strict, without rowid;

create index hunt_album_by_game_id_owner_id on hunt_album (game_id, owner_id);

create table hunt_entry (
  owner_id integer not null,
  game_id integer not null,
  id integer not null,
  account_id integer not null,
  find text not null,
  change integer not null,
  cause text not null,
  at integer not null,
  draw_id integer,
  receipt_id integer,
  turn integer,
  completion_id integer,
  primary key (owner_id, game_id, id),
  constraint hunt_entry_check_1 check (change <> 0)
) strict, without rowid;

create index hunt_entry_by_owner_id_receipt_id on hunt_entry (owner_id, receipt_id) where receipt_id is not null;

create table hunt_collection (
  game_id integer not null,
  collection text not null,
  account_id integer not null,
  stock integer,
  given integer not null default 0,
  primary key (game_id, collection),
  constraint hunt_collection_check_1 check (given >= 0),
  constraint hunt_collection_check_2 check (stock is null or given <= stock)
) strict, without rowid;

create table hunt_completion (
  game_id integer not null,
  id integer not null,
  account_id integer not null,
  owner_id integer not null,
  collection text not null,
  n integer not null,
  draw_id integer not null,
  at integer not null,
  prize text not null,
  code text,
  adjustment_id integer,
  primary key (game_id, id),
  constraint hunt_completion_check_1 check (n > 0)
) strict, without rowid;

create unique index hunt_completion_one_game_id_owner_id_collection_n on hunt_completion (game_id, owner_id, collection, n);

create index hunt_completion_by_account_id_owner_id_id on hunt_completion (account_id, owner_id, id);
