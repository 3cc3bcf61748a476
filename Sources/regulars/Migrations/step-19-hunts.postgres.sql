-- Hunts: limits of a day on finds, draws that found nothing, members' albums, and what collections gave.
alter table game_prize add column day bigint not null default 0;
alter table game_prize add column day_given bigint not null default 0;
alter table game_draw add column is_empty bigint not null default 0;

create index game_draw_by_game_id_edition_n on game_draw (game_id, edition, n) where is_empty = 0;

create table hunt_album (
  owner_id bigint not null,
  game_id bigint not null,
  find text collate "C" not null,
  account_id bigint not null,
  have bigint not null,
  primary key (owner_id, game_id, find),
  constraint hunt_album_check_1 check (have >= 0)
);

create index hunt_album_by_game_id_owner_id on hunt_album (game_id, owner_id);

create table hunt_entry (
  owner_id bigint not null,
  game_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  find text collate "C" not null,
  change bigint not null,
  cause text collate "C" not null,
  at bigint not null,
  draw_id bigint,
  receipt_id bigint,
  turn bigint,
  completion_id bigint,
  primary key (owner_id, game_id, id),
  constraint hunt_entry_check_1 check (change <> 0)
);

create index hunt_entry_by_owner_id_receipt_id on hunt_entry (owner_id, receipt_id) where receipt_id is not null;

create table hunt_collection (
  game_id bigint not null,
  collection text collate "C" not null,
  account_id bigint not null,
  stock bigint,
  given bigint not null default 0,
  primary key (game_id, collection),
  constraint hunt_collection_check_1 check (given >= 0),
  constraint hunt_collection_check_2 check (stock is null or given <= stock)
);

create table hunt_completion (
  game_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  collection text collate "C" not null,
  n bigint not null,
  draw_id bigint not null,
  at bigint not null,
  prize text collate "C" not null,
  code text collate "C",
  adjustment_id bigint,
  primary key (game_id, id),
  constraint hunt_completion_check_1 check (n > 0)
);

create unique index hunt_completion_one_game_id_owner_id_collection_n on hunt_completion (game_id, owner_id, collection, n);

create index hunt_completion_by_account_id_owner_id_id on hunt_completion (account_id, owner_id, id);
