-- Games: what they are, their editions under sealed seeds, prizes, draws, and the turns of members.
create table game (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  code_key text not null,
  body text not null,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint game_check_1 check (length(code) > 0)
) strict;

create unique index game_one_programme_id_code_key on game (programme_id, code_key);

create table game_edition (
  game_id integer not null,
  edition integer not null,
  account_id integer not null,
  sealed text not null,
  commitment text not null,
  prizes text not null,
  opened_at integer not null,
  closed_at integer,
  seed text,
  drawn integer not null default 0,
  day integer not null default 0,
  day_drawn integer not null default 0,
  primary key (game_id, edition),
  constraint game_edition_check_1 check (edition > 0),
  constraint game_edition_check_2 check (drawn >= 0),
  constraint game_edition_check_3 check ((closed_at is null) = (seed is null))
) strict, without rowid;

create table game_prize (
  game_id integer not null,
  edition integer not null,
  place integer not null,
  account_id integer not null,
  stock integer,
  given integer not null default 0,
  primary key (game_id, edition, place),
  constraint game_prize_check_1 check (given >= 0),
  constraint game_prize_check_2 check (stock is null or given <= stock)
) strict, without rowid;

create table game_draw (
  game_id integer not null,
  edition integer not null,
  n integer not null,
  id integer not null,
  account_id integer not null,
  owner_id integer not null,
  store_id integer,
  drawn_at integer not null,
  roll integer not null,
  hit integer not null,
  given integer not null,
  code text,
  adjustment_id integer,
  primary key (game_id, edition, n),
  constraint game_draw_check_1 check (n > 0),
  constraint game_draw_check_2 check (roll between 0 and 999999),
  constraint game_draw_check_3 check (hit >= 0),
  constraint game_draw_check_4 check (given >= hit)
) strict, without rowid;

create unique index game_draw_one_game_id_id on game_draw (game_id, id);

create index game_draw_by_account_id_owner_id_id on game_draw (account_id, owner_id, id);

create table game_turn (
  owner_id integer not null,
  game_id integer not null,
  account_id integer not null,
  given integer not null,
  used integer not null default 0,
  day integer not null default 0,
  day_used integer not null default 0,
  primary key (owner_id, game_id),
  constraint game_turn_check_1 check (used between 0 and given)
) strict, without rowid;

create index game_turn_by_game_id_owner_id on game_turn (game_id, owner_id);

create table game_turn_entry (
  owner_id integer not null,
  game_id integer not null,
  id integer not null,
  account_id integer not null,
  change integer not null,
  at integer not null,
  receipt_id integer,
  actor text,
  reason text,
  primary key (owner_id, game_id, id),
  constraint game_turn_entry_check_1 check (change <> 0)
) strict, without rowid;

create index game_turn_entry_by_owner_id_receipt_id on game_turn_entry (owner_id, receipt_id) where receipt_id is not null;
