-- Games: what they are, their editions under sealed seeds, prizes, draws, and the turns of members.
create table game (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  code_key text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint game_check_1 check (length(code) > 0)
);

create unique index game_one_programme_id_code_key on game (programme_id, code_key);

create table game_edition (
  game_id bigint not null,
  edition bigint not null,
  account_id bigint not null,
  sealed text collate "C" not null,
  commitment text collate "C" not null,
  prizes text collate "C" not null,
  opened_at bigint not null,
  closed_at bigint,
  seed text collate "C",
  drawn bigint not null default 0,
  day bigint not null default 0,
  day_drawn bigint not null default 0,
  primary key (game_id, edition),
  constraint game_edition_check_1 check (edition > 0),
  constraint game_edition_check_2 check (drawn >= 0),
  constraint game_edition_check_3 check ((closed_at is null) = (seed is null))
);

create table game_prize (
  game_id bigint not null,
  edition bigint not null,
  place bigint not null,
  account_id bigint not null,
  stock bigint,
  given bigint not null default 0,
  primary key (game_id, edition, place),
  constraint game_prize_check_1 check (given >= 0),
  constraint game_prize_check_2 check (stock is null or given <= stock)
);

create table game_draw (
  game_id bigint not null,
  edition bigint not null,
  n bigint not null,
  id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  store_id bigint,
  drawn_at bigint not null,
  roll bigint not null,
  hit bigint not null,
  given bigint not null,
  code text collate "C",
  adjustment_id bigint,
  primary key (game_id, edition, n),
  constraint game_draw_check_1 check (n > 0),
  constraint game_draw_check_2 check (roll between 0 and 999999),
  constraint game_draw_check_3 check (hit >= 0),
  constraint game_draw_check_4 check (given >= hit)
);

create unique index game_draw_one_game_id_id on game_draw (game_id, id);

create index game_draw_by_account_id_owner_id_id on game_draw (account_id, owner_id, id);

create table game_turn (
  owner_id bigint not null,
  game_id bigint not null,
  account_id bigint not null,
  given bigint not null,
  used bigint not null default 0,
  day bigint not null default 0,
  day_used bigint not null default 0,
  primary key (owner_id, game_id),
  constraint game_turn_check_1 check (used between 0 and given)
);

create index game_turn_by_game_id_owner_id on game_turn (game_id, owner_id);

create table game_turn_entry (
  owner_id bigint not null,
  game_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  change bigint not null,
  at bigint not null,
  receipt_id bigint,
  actor text collate "C",
  reason text collate "C",
  primary key (owner_id, game_id, id),
  constraint game_turn_entry_check_1 check (change <> 0)
);

create index game_turn_entry_by_owner_id_receipt_id on game_turn_entry (owner_id, receipt_id) where receipt_id is not null;
