-- Points without a purchase: what was given, what it came to, who brought whom; and marks of identifiers that members had once.
create table former_identifier (
  programme_id bigint not null,
  mark bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  ended_at bigint not null,
  primary key (programme_id, mark, owner_id)
);

create table gift (
  owner_id bigint not null,
  programme_id bigint not null,
  action text collate "C" not null,
  subject text collate "C" not null,
  id bigint not null,
  account_id bigint not null,
  day bigint not null,
  points bigint not null,
  given_at bigint not null,
  actor text collate "C" not null,
  primary key (owner_id, programme_id, action, subject),
  constraint gift_check_1 check (points <> 0),
  constraint gift_check_2 check (length(action) > 0),
  constraint gift_check_3 check (length(subject) > 0)
);

create index gift_by_programme_id_action_id on gift (programme_id, action, id);

create table gift_total (
  programme_id bigint not null,
  action text collate "C" not null,
  account_id bigint not null,
  gifts bigint not null,
  members bigint not null,
  points bigint not null,
  primary key (programme_id, action),
  constraint gift_total_check_1 check (gifts >= 0),
  constraint gift_total_check_2 check (members >= 0)
);

create table gift_day (
  programme_id bigint not null,
  action text collate "C" not null,
  day bigint not null,
  account_id bigint not null,
  gifts bigint not null,
  points bigint not null,
  primary key (programme_id, action, day)
);

create table gift_due (
  owner_id bigint not null,
  programme_id bigint not null,
  account_id bigint not null,
  since bigint not null,
  primary key (owner_id, programme_id)
);

create index gift_due_by_account_id_owner_id on gift_due (account_id, owner_id);

create table referral_code (
  programme_id bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  owner_id bigint not null,
  made_at bigint not null,
  primary key (programme_id, code),
  constraint referral_code_check_1 check (length(code) > 0)
);

create index referral_code_by_owner_id on referral_code (owner_id);

create table referral (
  owner_id bigint not null,
  programme_id bigint not null,
  account_id bigint not null,
  referrer_id bigint not null,
  named_at bigint not null,
  state text collate "C" not null,
  reason text collate "C",
  receipt_id bigint,
  due_at bigint,
  paid_at bigint,
  referrer_points bigint not null,
  newcomer_points bigint not null,
  primary key (owner_id, programme_id),
  constraint referral_check_1 check (owner_id <> referrer_id),
  constraint referral_check_2 check (referrer_points >= 0),
  constraint referral_check_3 check (newcomer_points >= 0)
);

create index referral_by_programme_id_due_at on referral (programme_id, due_at) where due_at is not null;

create index referral_by_programme_id_referrer_id_owner_id on referral (programme_id, referrer_id, owner_id);

create index referral_by_programme_id_owner_id on referral (programme_id, owner_id);

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

-- Households: who is in which, who was and who was asked to be. Which one a member is in now stands with the member as well.
alter table member add column household_id bigint;

create table household (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  owner_id bigint not null,
  spenders text collate "C" not null,
  made_at bigint not null,
  ended_at bigint,
  primary key (id),
  constraint household_check_1 check (spenders in ('owner', 'adults', 'everyone'))
);

create index household_by_programme_id_id on household (programme_id, id);

create table household_member (
  household_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  owner_id bigint not null,
  invited_at bigint not null,
  invitation_ends_at bigint not null,
  joined_at bigint,
  joined_by text collate "C",
  left_at bigint,
  ended_as text collate "C",
  reason text collate "C",
  primary key (household_id, id),
  constraint household_member_check_1 check (joined_by in ('made', 'code', 'operator', 'merge')),
  constraint household_member_check_2 check ((joined_at is null) = (joined_by is null)),
  constraint household_member_check_3 check ((left_at is null) = (ended_as is null)),
  constraint household_member_check_4 check (ended_as in ('left', 'excluded', 'dissolved', 'declined', 'withdrawn', 'lapsed', 'merged', 'erased'))
);

create unique index household_member_one_household_id_owner_id on household_member (household_id, owner_id) where left_at is null;

create index household_member_by_owner_id_id on household_member (owner_id, id);
