-- Points without a purchase: what was given, what it came to, who brought whom; and marks of identifiers that members had once.
create table former_identifier (
  programme_id integer not null,
  mark integer not null,
  owner_id integer not null,
  account_id integer not null,
  ended_at integer not null,
  primary key (programme_id, mark, owner_id)
) strict, without rowid;

create table gift (
  owner_id integer not null,
  programme_id integer not null,
  action text not null,
  subject text not null,
  id integer not null,
  account_id integer not null,
  day integer not null,
  points integer not null,
  given_at integer not null,
  actor text not null,
  primary key (owner_id, programme_id, action, subject),
  constraint gift_check_1 check (points <> 0),
  constraint gift_check_2 check (length(action) > 0),
  constraint gift_check_3 check (length(subject) > 0)
) strict, without rowid;

create index gift_by_programme_id_action_id on gift (programme_id, action, id);

create table gift_total (
  programme_id integer not null,
  action text not null,
  account_id integer not null,
  gifts integer not null,
  members integer not null,
  points integer not null,
  primary key (programme_id, action),
  constraint gift_total_check_1 check (gifts >= 0),
  constraint gift_total_check_2 check (members >= 0)
) strict, without rowid;

create table gift_day (
  programme_id integer not null,
  action text not null,
  day integer not null,
  account_id integer not null,
  gifts integer not null,
  points integer not null,
  primary key (programme_id, action, day)
) strict, without rowid;

create table gift_due (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  since integer not null,
  primary key (owner_id, programme_id)
) strict, without rowid;

create index gift_due_by_account_id_owner_id on gift_due (account_id, owner_id);

create table referral_code (
  programme_id integer not null,
  code text not null,
  account_id integer not null,
  owner_id integer not null,
  made_at integer not null,
  primary key (programme_id, code),
  constraint referral_code_check_1 check (length(code) > 0)
) strict, without rowid;

create index referral_code_by_owner_id on referral_code (owner_id);

create table referral (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  referrer_id integer not null,
  named_at integer not null,
  state text not null,
  reason text,
  receipt_id integer,
  due_at integer,
  paid_at integer,
  referrer_points integer not null,
  newcomer_points integer not null,
  primary key (owner_id, programme_id),
  constraint referral_check_1 check (owner_id <> referrer_id),
  constraint referral_check_2 check (referrer_points >= 0),
  constraint referral_check_3 check (newcomer_points >= 0)
) strict, without rowid;

create index referral_by_programme_id_due_at on referral (programme_id, due_at) where due_at is not null;

create index referral_by_programme_id_referrer_id_owner_id on referral (programme_id, referrer_id, owner_id);

create index referral_by_programme_id_owner_id on referral (programme_id, owner_id);
