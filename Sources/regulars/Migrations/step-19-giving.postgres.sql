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
