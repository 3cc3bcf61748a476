create table node (
  number integer not null,
  holder text not null,
  until integer not null,
  primary key (number),
  constraint node_check_1 check (number between 0 and 1023)
) strict;

create table lease (
  name text not null,
  holder text not null,
  until integer not null,
  term integer not null,
  primary key (name)
) strict;

create table database_epoch (
  epoch integer not null,
  began_at integer not null,
  cause text not null,
  primary key (epoch)
) strict;

create table schema_neighbour (
  number integer not null,
  oldest integer not null,
  primary key (number)
) strict;

create table checkpoint (
  account_id integer not null,
  work text not null,
  key text not null,
  step integer not null,
  state text not null,
  is_done integer not null check (is_done in (0, 1)),
  at integer not null,
  primary key (account_id, work, key)
) strict;

create table natural_key (
  account_id integer not null,
  kind integer not null,
  key text not null,
  owner_id integer not null,
  target_id integer not null,
  body_hash integer not null,
  made_at integer not null,
  primary key (account_id, kind, key),
  constraint natural_key_check_1 check (length(key) > 0)
) strict, without rowid;

create table outbox (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  kind integer not null,
  subject_id integer not null,
  at integer not null,
  body text not null
) strict;

create table event (
  position integer not null,
  id integer not null,
  account_id integer not null,
  owner_id integer not null,
  kind integer not null,
  subject_id integer not null,
  at integer not null,
  body text not null,
  primary key (position),
  constraint event_check_1 check (position > 0)
) strict, without rowid;

create table stream_head (
  name text not null,
  position integer not null,
  epoch integer not null,
  term integer not null,
  at integer not null,
  primary key (name),
  constraint stream_head_check_1 check (position >= 0)
) strict;

create table stream_position (
  consumer text not null,
  epoch integer not null,
  position integer not null,
  at integer not null,
  primary key (consumer)
) strict;

create table job (
  id integer primary key,
  account_id integer not null,
  kind text not null,
  body text not null,
  due_at integer not null,
  attempts integer not null,
  holder text,
  claimed_until integer not null,
  last_error text,
  state text not null,
  made_at integer not null,
  actor text,
  begun_at integer,
  done integer,
  total integer,
  is_stopping integer not null default 0 check (is_stopping in (0, 1)),
  constraint job_check_1 check (state in ('waiting', 'dead')),
  constraint job_check_2 check (attempts >= 0),
  constraint job_check_3 check (length(kind) > 0)
) strict;

create index job_by_due_at on job (due_at) where state = 'waiting';

create index job_by_kind_id on job (kind, id) where state = 'dead';

create index job_by_account_id_state_id on job (account_id, state, id);

create table chore (
  name text not null,
  due_at integer not null,
  started_at integer,
  ended_at integer,
  steps integer not null,
  outcome text,
  failures integer not null,
  primary key (name)
) strict;

create table account (
  id integer primary key,
  code text not null,
  name text not null,
  currency text not null,
  country text not null,
  is_suspended integer not null check (is_suspended in (0, 1)),
  structure_version integer not null,
  made_at integer not null,
  constraint account_check_1 check (length(code) > 0),
  constraint account_check_2 check (length(currency) = 3)
) strict;

create unique index account_one_code on account (code);

create table legal_entity (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  tax_number text,
  tax_system text not null,
  foreign key (account_id) references account (id),
  constraint legal_entity_check_1 check (length(code) > 0)
) strict;

create unique index legal_entity_one_account_id_code on legal_entity (account_id, code);

create table brand (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  foreign key (account_id) references account (id),
  constraint brand_check_1 check (length(code) > 0)
) strict;

create unique index brand_one_account_id_code on brand (account_id, code);

create table price_zone (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  foreign key (account_id) references account (id),
  constraint price_zone_check_1 check (length(code) > 0)
) strict;

create unique index price_zone_one_account_id_code on price_zone (account_id, code);

create table store (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  brand_id integer not null,
  legal_entity_id integer not null,
  price_zone_id integer,
  region text,
  city text,
  street text,
  latitude integer,
  longitude integer,
  zone text not null,
  day_start integer not null,
  is_closed integer not null check (is_closed in (0, 1)),
  format text,
  foreign key (account_id) references account (id),
  foreign key (brand_id) references brand (id),
  foreign key (legal_entity_id) references legal_entity (id),
  foreign key (price_zone_id) references price_zone (id),
  constraint store_check_1 check (length(code) > 0),
  constraint store_check_2 check (day_start >= 0 and day_start < 86400),
  constraint store_check_3 check ((latitude is null) = (longitude is null))
) strict;

create unique index store_one_account_id_code on store (account_id, code);

create table register (
  id integer primary key,
  account_id integer not null,
  store_id integer not null,
  code text not null,
  name text not null,
  profile text not null,
  is_closed integer not null check (is_closed in (0, 1)),
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  constraint register_check_1 check (length(code) > 0)
) strict;

create unique index register_one_store_id_code on register (store_id, code);

create table audit (
  id integer primary key,
  account_id integer not null,
  owner_id integer not null,
  at integer not null,
  actor text not null,
  act text not null,
  before text,
  after text
) strict;

create unique index audit_by_owner_id_id on audit (owner_id, id);

create index audit_by_account_id_id on audit (account_id, id);

create table token (
  id integer primary key,
  account_id integer not null,
  programme_id integer,
  name text not null,
  kind text not null,
  store_id integer,
  register_id integer,
  scopes text not null,
  secret_hash text not null,
  made_at integer not null,
  expires_at integer,
  revoked_at integer,
  used_at integer,
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  foreign key (register_id) references register (id),
  constraint token_check_1 check (kind in ('register', 'integration')),
  constraint token_check_2 check ((kind = 'register') = (register_id is not null))
) strict;

create unique index token_one_secret_hash on token (secret_hash);

create index token_by_account_id_id on token (account_id, id);

create index token_by_account_id_kind_id on token (account_id, kind, id);

create table staff (
  id integer primary key,
  account_id integer not null,
  login text not null,
  name text not null,
  role text not null,
  password text not null,
  must_change integer not null check (must_change in (0, 1)),
  is_blocked integer not null check (is_blocked in (0, 1)),
  made_at integer not null,
  mail text,
  foreign key (account_id) references account (id),
  constraint staff_check_1 check (length(login) > 0)
) strict;

create unique index staff_one_account_id_login on staff (account_id, login);

create table staff_session (
  id integer primary key,
  account_id integer not null,
  staff_id integer not null,
  secret_hash text not null,
  is_proven integer not null check (is_proven in (0, 1)),
  made_at integer not null,
  seen_at integer not null,
  ends_at integer not null,
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
) strict;

create unique index staff_session_one_secret_hash on staff_session (secret_hash);

create index staff_session_by_staff_id on staff_session (staff_id);

create index staff_session_by_ends_at on staff_session (ends_at);

create table staff_failure (
  staff_id integer not null,
  account_id integer not null,
  failures integer not null,
  closed_until integer,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_failure_check_1 check (failures >= 0)
) strict;

create table staff_factor (
  staff_id integer not null,
  account_id integer not null,
  secret text not null,
  used_step integer not null,
  made_at integer not null,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
) strict;

create table staff_link (
  id integer primary key,
  account_id integer not null,
  staff_id integer not null,
  purpose text not null,
  secret_hash text not null,
  made_at integer not null,
  ends_at integer not null,
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
) strict;

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);

create table identifier (
  account_id integer not null,
  programme_id integer not null,
  kind text not null,
  value text not null,
  owner_id integer not null,
  is_blocked integer not null check (is_blocked in (0, 1)),
  added_at integer not null,
  verified_at integer,
  primary key (programme_id, kind, value),
  constraint identifier_check_1 check (length(value) > 0)
) strict, without rowid;

create index identifier_by_owner_id on identifier (owner_id);

create index identifier_by_card_end on identifier (programme_id, substr(value, length(value) - 3), owner_id) where kind = 'card';

create table former_identifier (
  programme_id integer not null,
  mark integer not null,
  owner_id integer not null,
  account_id integer not null,
  ended_at integer not null,
  primary key (programme_id, mark, owner_id)
) strict, without rowid;

create table member (
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  kind text not null,
  status text not null,
  joined_at integer not null,
  joined_in integer,
  favourites text,
  consents integer,
  offers text,
  merged_into integer,
  household_id integer,
  primary key (owner_id),
  constraint member_check_1 check (status in ('active', 'blocked', 'erased'))
) strict, without rowid;

create index member_by_programme_id_owner_id on member (programme_id, owner_id);

create index member_by_programme_id_merged_into on member (programme_id, merged_into) where merged_into is not null;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table member_person (
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  family_name text,
  given_name text,
  patronymic text,
  birthday integer,
  sex text,
  language text,
  city text,
  attributes text not null,
  primary key (owner_id),
  foreign key (owner_id) references member (owner_id)
) strict, without rowid;

create table consent (
  owner_id integer not null,
  consent text not null,
  acted_at integer not null,
  is_given integer not null check (is_given in (0, 1)),
  account_id integer not null,
  programme_id integer not null,
  text_version text not null,
  source text not null,
  proof text,
  recorded_at integer not null,
  actor text not null,
  primary key (owner_id, consent, acted_at, is_given),
  foreign key (owner_id) references member (owner_id),
  constraint consent_check_1 check (length(source) > 0)
) strict, without rowid;

create index consent_by_programme_id_consent_text_version on consent (programme_id, consent, text_version);

create table tier (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  rank integer not null,
  privileges text not null default '[]',
  constraint tier_check_1 check (length(code) > 0),
  constraint tier_check_2 check (rank >= 0)
) strict;

create unique index tier_one_programme_id_code on tier (programme_id, code);

create table tier_grant (
  id integer not null,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  starts_at integer not null,
  ends_at integer,
  withdrawn_at integer,
  reason text not null,
  actor text not null,
  primary key (owner_id, id),
  constraint tier_grant_check_1 check (ends_at is null or ends_at > starts_at),
  constraint tier_grant_check_2 check (length(reason) > 0)
) strict, without rowid;

create table segment (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  kind text not null,
  made_at integer not null,
  archived_at integer,
  constraint segment_check_1 check (length(code) > 0),
  constraint segment_check_2 check (kind in ('dynamic', 'static', 'snapshot'))
) strict;

create unique index segment_one_account_id_code on segment (account_id, code);

create table segment_rule (
  segment_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  condition text not null,
  changed_at integer not null,
  counted_at integer,
  members integer,
  primary key (segment_id)
) strict, without rowid;

create index segment_rule_by_programme_id on segment_rule (programme_id);

create table segment_member (
  owner_id integer not null,
  segment_id integer not null,
  account_id integer not null,
  since integer not null,
  primary key (owner_id, segment_id)
) strict, without rowid;

create index segment_member_by_segment_id_owner_id on segment_member (segment_id, owner_id);

create table segment_choice (
  owner_id integer not null,
  segment_id integer not null,
  account_id integer not null,
  is_in integer not null check (is_in in (0, 1)),
  since integer not null,
  primary key (owner_id, segment_id)
) strict, without rowid;

create index segment_choice_by_segment_id_owner_id on segment_choice (segment_id, owner_id);

create table segment_size (
  segment_id integer not null,
  day integer not null,
  account_id integer not null,
  members integer not null,
  counted_at integer not null,
  primary key (segment_id, day)
) strict, without rowid;

create table confirmation (
  id integer not null,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  store_id integer not null,
  points integer not null,
  sent_to text not null,
  code_hash text not null,
  tries integer not null,
  made_at integer not null,
  ends_at integer not null,
  verified_at integer,
  purpose text,
  primary key (owner_id, id)
) strict, without rowid;

create index confirmation_by_ends_at on confirmation (ends_at);

create table member_note (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  body text not null,
  is_pinned integer not null check (is_pinned in (0, 1)),
  actor text not null,
  made_at integer not null,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_note_check_1 check (length(body) > 0)
) strict, without rowid;

create table member_task (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  body text not null,
  due_day integer,
  staff_id integer not null,
  actor text not null,
  made_at integer not null,
  done_at integer,
  done_by text,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_task_check_1 check (length(body) > 0),
  constraint member_task_check_2 check ((done_at is null) = (done_by is null))
) strict, without rowid;

create index member_task_by_account_id_staff_id_due_day on member_task (account_id, staff_id, due_day) where done_at is null;

create table member_look (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  staff_id integer not null,
  what text not null,
  is_full integer not null check (is_full in (0, 1)),
  at integer not null,
  slot integer not null,
  constraint member_look_check_1 check (what in ('card', 'form', 'export'))
) strict;

create unique index member_look_by_owner_id_id on member_look (owner_id, id);

create unique index member_look_one_owner_id_staff_id_what_is_full_slot on member_look (owner_id, staff_id, what, is_full, slot);

create index member_look_by_account_id_id on member_look (account_id, id);

create index member_look_by_account_id_staff_id_id on member_look (account_id, staff_id, id);

create index member_look_by_at on member_look (at);

create table member_merge (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  survivor_id integer not null,
  reason text not null,
  actor text not null,
  made_at integer not null,
  moved text,
  ended_at integer,
  ended_by text,
  primary key (owner_id, id),
  constraint member_merge_check_1 check (survivor_id <> owner_id),
  constraint member_merge_check_2 check (length(reason) > 0),
  constraint member_merge_check_3 check ((ended_at is null) = (ended_by is null))
) strict, without rowid;

create index member_merge_by_survivor_id_id on member_merge (survivor_id, id);

create table duplicate_key (
  programme_id integer not null,
  key integer not null,
  owner_id integer not null,
  account_id integer not null,
  primary key (programme_id, key, owner_id)
) strict, without rowid;

create index duplicate_key_by_owner_id on duplicate_key (owner_id);

create table duplicate_pair (
  owner_id integer not null,
  other_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  score integer not null,
  reasons text not null,
  found_at integer not null,
  dismissed_at integer,
  dismissed_by text,
  primary key (owner_id, other_id),
  constraint duplicate_pair_check_1 check (other_id > owner_id),
  constraint duplicate_pair_check_2 check (score between 1 and 100),
  constraint duplicate_pair_check_3 check ((dismissed_at is null) = (dismissed_by is null))
) strict, without rowid;

create index duplicate_pair_by_other_id on duplicate_pair (other_id);

create index duplicate_pair_by_programme_id_score_owner_id_other_id on duplicate_pair (programme_id, score, owner_id, other_id) where dismissed_at is null;

create table consent_text (
  programme_id integer not null,
  consent text not null,
  version text not null,
  account_id integer not null,
  text_ru text not null,
  text_en text not null,
  link text not null,
  starts_on integer not null,
  made_at integer not null,
  actor text not null,
  archived_at integer,
  primary key (programme_id, consent, version),
  constraint consent_text_check_1 check (length(version) > 0),
  constraint consent_text_check_2 check (length(text_ru) > 0 or length(link) > 0)
) strict, without rowid;

create table segment_move (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  segment_id integer not null,
  is_in integer not null check (is_in in (0, 1)),
  at integer not null,
  primary key (owner_id, id)
) strict, without rowid;

create index segment_move_by_at on segment_move (at);

create index segment_move_by_segment_id_owner_id_at on segment_move (segment_id, owner_id, at);

create table member_field (
  id integer primary key,
  account_id integer not null,
  code text not null,
  body text not null,
  made_at integer not null,
  archived_at integer,
  constraint member_field_check_1 check (length(code) > 0)
) strict;

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id integer not null,
  only_defined integer not null check (only_defined in (0, 1)),
  changed_at integer not null,
  primary key (account_id)
) strict, without rowid;

create table dictionary (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  made_at integer not null,
  constraint dictionary_check_1 check (length(code) > 0)
) strict;

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id integer not null,
  code text not null,
  account_id integer not null,
  name_ru text not null,
  name_en text not null,
  rank integer not null,
  archived_at integer,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
) strict, without rowid;

create table category (
  id integer primary key,
  account_id integer not null,
  code text not null,
  parent_id integer,
  path text not null,
  depth integer not null,
  name_ru text,
  name_en text,
  version integer not null,
  foreign key (account_id) references account (id),
  foreign key (parent_id) references category (id),
  constraint category_check_1 check (length(code) > 0),
  constraint category_check_2 check (depth between 1 and 12),
  constraint category_check_3 check (name_ru is not null or name_en is not null)
) strict;

create unique index category_one_account_id_code on category (account_id, code);

create table product_brand (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  foreign key (account_id) references account (id),
  constraint product_brand_check_1 check (length(code) > 0)
) strict;

create unique index product_brand_one_account_id_code on product_brand (account_id, code);

create table manufacturer (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name text not null,
  foreign key (account_id) references account (id),
  constraint manufacturer_check_1 check (length(code) > 0)
) strict;

create unique index manufacturer_one_account_id_code on manufacturer (account_id, code);

create table product (
  id integer primary key,
  account_id integer not null,
  code text not null,
  name_ru text,
  name_en text,
  category_id integer,
  brand_id integer,
  manufacturer_id integer,
  unit text not null,
  attributes text not null,
  flags integer not null,
  min_price integer,
  max_price integer,
  min_age integer,
  is_archived integer not null check (is_archived in (0, 1)),
  version integer not null,
  foreign key (account_id) references account (id),
  foreign key (category_id) references category (id),
  foreign key (brand_id) references product_brand (id),
  foreign key (manufacturer_id) references manufacturer (id),
  constraint product_check_1 check (length(code) > 0),
  constraint product_check_2 check (name_ru is not null or name_en is not null),
  constraint product_check_3 check (flags between 0 and 255),
  constraint product_check_4 check (min_price <= max_price)
) strict;

create unique index product_one_account_id_code on product (account_id, code);

create index product_by_account_id_version_id on product (account_id, version, id);

create table barcode (
  account_id integer not null,
  digits text not null,
  product_id integer not null,
  primary key (account_id, digits),
  foreign key (product_id) references product (id)
) strict, without rowid;

create index barcode_by_product_id on barcode (product_id);

create table product_figure (
  account_id integer not null,
  product_id integer not null,
  zone_id integer not null,
  kind text not null,
  since integer not null,
  value integer not null,
  version integer not null default 0,
  primary key (product_id, zone_id, kind, since),
  foreign key (product_id) references product (id),
  constraint product_figure_check_1 check (value >= 0)
) strict, without rowid;

create index product_figure_by_account_id_version on product_figure (account_id, version);

create table programme (
  id integer primary key,
  account_id integer not null,
  code text not null,
  version integer not null,
  settings text not null,
  made_at integer not null,
  foreign key (account_id) references account (id),
  constraint programme_check_1 check (length(code) > 0),
  constraint programme_check_2 check (version > 0)
) strict;

create unique index programme_one_account_id_code on programme (account_id, code);

create table programme_version (
  programme_id integer not null,
  version integer not null,
  account_id integer not null,
  settings text not null,
  made_at integer not null,
  actor text not null,
  primary key (programme_id, version),
  foreign key (programme_id) references programme (id)
) strict;

create table promotion (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  status text not null,
  version integer not null,
  body text not null,
  changed_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint promotion_check_1 check (length(code) > 0),
  constraint promotion_check_2 check (version > 0),
  constraint promotion_check_3 check (status in ('draft', 'running', 'paused', 'archived'))
) strict;

create unique index promotion_one_programme_id_code on promotion (programme_id, code);

create table promotion_version (
  promotion_id integer not null,
  version integer not null,
  account_id integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id)
) strict;

create table promotion_approval (
  promotion_id integer not null,
  version integer not null,
  account_id integer not null,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  note text not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_approval_check_1 check (state in ('asked', 'approved', 'declined')),
  constraint promotion_approval_check_2 check ((state = 'asked') = (decided_by is null))
) strict;

create index promotion_approval_by_account_id_asked_at on promotion_approval (account_id, asked_at) where state = 'asked';

create table promotion_pilot (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  promotion_id integer not null,
  version integer not null,
  kept integer,
  scope text not null,
  state text not null,
  since_rules integer not null,
  until_rules integer,
  begun_at integer not null,
  begun_by text not null,
  ended_at integer,
  ended_by text,
  foreign key (promotion_id) references promotion (id),
  constraint promotion_pilot_check_1 check (state in ('running', 'rolled-out', 'stopped')),
  constraint promotion_pilot_check_2 check ((state = 'running') = (ended_at is null))
) strict;

create unique index promotion_pilot_one_promotion_id on promotion_pilot (promotion_id) where state = 'running';

create index promotion_pilot_by_programme_id on promotion_pilot (programme_id) where state = 'running';

create index promotion_pilot_by_promotion_id_begun_at on promotion_pilot (promotion_id, begun_at desc);

create table rule_book (
  programme_id integer not null,
  version integer not null,
  account_id integer not null,
  programme_version integer not null,
  promotions integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  primary key (programme_id, version),
  foreign key (programme_id) references programme (id)
) strict;

create table approval_change (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  above_from integer not null,
  above_to integer,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  note text not null,
  constraint approval_change_check_1 check (state in ('asked', 'approved', 'declined', 'overtaken')),
  constraint approval_change_check_2 check ((state = 'asked') = (decided_by is null))
) strict;

create unique index approval_change_one_programme_id on approval_change (programme_id) where state = 'asked';

create index approval_change_by_programme_id_id on approval_change (programme_id, id);

create table rule_part (
  account_id integer not null,
  id integer not null,
  digest text not null,
  body text not null,
  primary key (account_id, id)
) strict;

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);

create table coupon_series (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  code_key text not null,
  body text not null,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint coupon_series_check_1 check (length(code) > 0)
) strict;

create unique index coupon_series_one_programme_id_code_key on coupon_series (programme_id, code_key);

create table coupon_batch (
  id integer primary key,
  account_id integer not null,
  series_id integer not null,
  label text not null,
  asked integer not null,
  made integer not null,
  made_at integer not null,
  actor text not null,
  foreign key (series_id) references coupon_series (id),
  constraint coupon_batch_check_1 check (asked > 0),
  constraint coupon_batch_check_2 check (made between 0 and asked)
) strict;

create index coupon_batch_by_series_id_id on coupon_batch (series_id, id);

create table coupon (
  account_id integer not null,
  code text not null,
  series_id integer not null,
  batch_id integer,
  owner_id integer,
  state integer not null default 0,
  issued_at integer not null,
  good_from integer,
  good_until integer,
  used_on integer,
  used_owner integer,
  used_at integer,
  hold_id integer,
  held_until integer,
  issued_on integer,
  primary key (account_id, code),
  constraint coupon_check_1 check (length(code) > 0),
  constraint coupon_check_2 check (state between 0 and 2),
  constraint coupon_check_3 check ((state = 1) = (used_on is not null))
) strict, without rowid;

create index coupon_by_batch_id_code on coupon (batch_id, code) where batch_id is not null;

create index coupon_by_account_id_owner_id on coupon (account_id, owner_id) where owner_id is not null;

create index coupon_by_account_id_hold_id on coupon (account_id, hold_id) where hold_id is not null;

create index coupon_by_account_id_issued_on on coupon (account_id, issued_on) where issued_on is not null;

create table coupon_use (
  series_id integer not null,
  store_id integer not null,
  account_id integer not null,
  used integer not null,
  primary key (series_id, store_id)
) strict, without rowid;

create table coupon_standing (
  programme_id integer not null,
  series_id integer not null,
  account_id integer not null,
  issued integer not null,
  active integer not null,
  waiting integer not null,
  reserved integer not null,
  used integer not null,
  expired integer not null,
  void integer not null,
  ends_in_week integer not null,
  ends_in_month integer not null,
  at integer not null,
  primary key (programme_id, series_id)
) strict, without rowid;

create table coupon_day (
  programme_id integer not null,
  series_id integer not null,
  day integer not null,
  account_id integer not null,
  issued integer not null,
  used integer not null,
  expired integer not null,
  primary key (programme_id, series_id, day)
) strict, without rowid;

create table certificate_series (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  code_key text not null,
  body text not null,
  pin_secret text,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint certificate_series_check_1 check (length(code) > 0)
) strict;

create unique index certificate_series_one_programme_id_code_key on certificate_series (programme_id, code_key);

create table certificate_batch (
  id integer primary key,
  account_id integer not null,
  series_id integer not null,
  label text not null,
  asked integer not null,
  made integer not null,
  made_at integer not null,
  actor text not null,
  foreign key (series_id) references certificate_series (id),
  constraint certificate_batch_check_1 check (asked > 0),
  constraint certificate_batch_check_2 check (made between 0 and asked)
) strict;

create index certificate_batch_by_series_id_id on certificate_batch (series_id, id);

create table certificate (
  account_id integer not null,
  code text not null,
  series_id integer not null,
  batch_id integer,
  state integer not null default 0,
  balance integer not null default 0,
  issued_at integer not null,
  activated_at integer,
  good_until integer,
  wrong_pins integer not null default 0,
  hold_id integer,
  held_until integer,
  primary key (account_id, code),
  constraint certificate_check_1 check (length(code) > 0),
  constraint certificate_check_2 check (state between 0 and 4),
  constraint certificate_check_3 check (balance >= 0),
  constraint certificate_check_4 check (state = 1 or balance = 0 or state = 4),
  constraint certificate_check_5 check ((hold_id is null) = (held_until is null))
) strict, without rowid;

create index certificate_by_batch_id_code on certificate (batch_id, code) where batch_id is not null;

create index certificate_by_account_id_hold_id on certificate (account_id, hold_id) where hold_id is not null;

create index certificate_by_account_id_good_until on certificate (account_id, good_until) where state = 1 and good_until is not null;

create table certificate_entry (
  account_id integer not null,
  code text not null,
  id integer not null,
  series_id integer not null,
  kind integer not null,
  change integer not null,
  at integer not null,
  posted_at integer not null,
  receipt_id integer,
  owner_id integer,
  return_id integer,
  store_id integer,
  actor text,
  reason text,
  primary key (account_id, code, id),
  constraint certificate_entry_check_1 check (kind between 1 and 11)
) strict, without rowid;

create index certificate_entry_by_account_id_receipt_id on certificate_entry (account_id, receipt_id) where receipt_id is not null;

create index certificate_entry_by_account_id_owner_id_id on certificate_entry (account_id, owner_id, id) where owner_id is not null;

create table certificate_day (
  series_id integer not null,
  day integer not null,
  store_id integer not null,
  account_id integer not null,
  sold_count integer not null,
  sold integer not null,
  given integer not null,
  paid integer not null,
  refunded integer not null,
  lapsed integer not null,
  taken_back integer not null,
  adjusted integer not null,
  primary key (series_id, day, store_id)
) strict, without rowid;

create table certificate_age (
  series_id integer not null,
  month integer not null,
  store_id integer not null,
  account_id integer not null,
  certificates integer not null,
  amount integer not null,
  primary key (series_id, month, store_id)
) strict, without rowid;

create table certificate_standing (
  programme_id integer not null,
  series_id integer not null,
  month integer not null,
  account_id integer not null,
  certificates integer not null,
  open integer not null,
  face integer not null,
  spent integer not null,
  lapsed integer not null,
  other integer not null,
  remaining integer not null,
  ends_in_month integer not null,
  ending_in_month integer not null,
  ends_in_quarter integer not null,
  ending_in_quarter integer not null,
  books integer,
  moved integer,
  at integer not null,
  primary key (programme_id, series_id, month)
) strict, without rowid;

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
  day integer not null default 0,
  day_given integer not null default 0,
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
  is_empty integer not null default 0,
  primary key (game_id, edition, n),
  constraint game_draw_check_1 check (n > 0),
  constraint game_draw_check_2 check (roll between 0 and 999999),
  constraint game_draw_check_3 check (hit >= 0),
  constraint game_draw_check_4 check (given >= hit)
) strict, without rowid;

create unique index game_draw_one_game_id_id on game_draw (game_id, id);

create index game_draw_by_account_id_owner_id_id on game_draw (account_id, owner_id, id);

create index game_draw_by_game_id_edition_n on game_draw (game_id, edition, n) where is_empty = 0;

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
  other_id integer,
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

create table wallet (
  owner_id integer not null,
  programme_id integer not null,
  version integer not null,
  next_due_at integer,
  active integer not null,
  pending integer not null,
  held integer not null,
  status integer not null,
  doc blob not null,
  primary key (owner_id, programme_id)
) strict, without rowid;

create index wallet_by_programme_id_next_due_at on wallet (programme_id, next_due_at) where next_due_at is not null;

create index wallet_by_programme_id on wallet (programme_id) where held > 0;

create table posting (
  id integer not null,
  owner_id integer not null,
  programme_id integer not null,
  cause integer not null,
  cause_id integer not null,
  event_at integer not null,
  posted_at integer not null,
  entries text not null,
  primary key (owner_id, id)
) strict, without rowid;

create index posting_by_programme_id_posted_at_id on posting (programme_id, posted_at, id) where cause in (6, 9);

create table goodwill_request (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  points integer not null,
  note text not null,
  asked_by text not null,
  asked_at integer not null,
  decided_by text,
  decided_at integer,
  is_granted integer not null default 0 check (is_granted in (0, 1)),
  constraint goodwill_request_check_1 check (points > 0),
  constraint goodwill_request_check_2 check ((decided_by is null) = (decided_at is null))
) strict;

create unique index goodwill_request_by_owner_id_id on goodwill_request (owner_id, id);

create index goodwill_request_by_account_id_id on goodwill_request (account_id, id) where decided_at is null;

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

create table receipt (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  store_id integer not null,
  key text not null,
  business_day integer not null,
  sold_at integer not null,
  posted_at integer not null,
  state integer not null,
  amount integer not null,
  discount integer not null,
  spent integer not null,
  earned integer not null,
  rules integer not null,
  calculator integer not null,
  lines text not null,
  facts blob not null,
  trace blob not null,
  points blob not null,
  cashier text,
  card text,
  constraint receipt_check_1 check (state between 1 and 5)
) strict;

create unique index receipt_by_owner_id_id on receipt (owner_id, id);

create table receipt_return (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  document_id integer not null,
  receipt_id integer,
  sale_id integer,
  store_id integer not null,
  key text not null,
  business_day integer not null,
  returned_at integer not null,
  posted_at integer not null,
  policy integer not null,
  amount integer not null,
  given_back integer not null,
  taken_back integer not null,
  lost integer not null,
  lines text not null,
  points blob not null,
  documents text,
  step integer not null default 0,
  given text,
  cashier text,
  matched_as integer
) strict;

create unique index receipt_return_by_owner_id_id on receipt_return (owner_id, id);

create index receipt_return_by_owner_id_receipt_id on receipt_return (owner_id, receipt_id);

create index receipt_return_by_owner_id_document_id on receipt_return (owner_id, document_id);

create index receipt_return_by_document_id on receipt_return (document_id);

create table receipt_alias (
  owner_id integer not null,
  receipt_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  sold_by integer not null,
  sold_at integer not null,
  attached_at integer not null,
  earned integer not null,
  is_returned integer not null check (is_returned in (0, 1)),
  points blob not null,
  given text,
  given_lines text,
  primary key (owner_id, receipt_id)
) strict, without rowid;

create table discrepancy (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  store_id integer not null,
  receipt_id integer not null,
  cause text not null,
  stated integer not null,
  expected integer not null,
  at integer not null,
  register text,
  cashier text
) strict;

create unique index discrepancy_by_owner_id_id on discrepancy (owner_id, id);

create index discrepancy_by_account_id_id on discrepancy (account_id, id);

create index discrepancy_by_owner_id_receipt_id on discrepancy (owner_id, receipt_id);

create index discrepancy_by_account_id_cause_id on discrepancy (account_id, cause, id);

create index discrepancy_by_account_id_store_id_id on discrepancy (account_id, store_id, id);

create table promotion_usage (
  account_id integer not null,
  promotion_id integer not null,
  store_id integer not null,
  day integer not null,
  uses integer not null,
  money integer not null,
  points integer not null,
  primary key (promotion_id, store_id, day)
) strict, without rowid;

create table promotion_slice (
  account_id integer not null,
  promotion_id integer not null,
  node integer not null,
  uses integer not null,
  money integer not null,
  points integer not null,
  primary key (promotion_id, node)
) strict, without rowid;

create table promotion_day_slice (
  account_id integer not null,
  promotion_id integer not null,
  day integer not null,
  node integer not null,
  uses integer not null,
  money integer not null,
  points integer not null,
  primary key (promotion_id, day, node)
) strict, without rowid;

create table waiting_return (
  account_id integer not null,
  kind integer not null,
  key text not null,
  document_id integer not null,
  owner_id integer not null,
  goods text not null,
  primary key (account_id, kind, key, document_id)
) strict, without rowid;

create index waiting_return_by_account_id_document_id on waiting_return (account_id, document_id);

create index waiting_return_by_document_id on waiting_return (document_id);

create table past_receipts (
  account_id integer not null,
  programme_id integer not null,
  receipts integer not null,
  primary key (programme_id)
) strict, without rowid;

create table till_answer (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  register text not null,
  at integer not null,
  call text not null,
  status integer not null,
  code text not null,
  member_id integer,
  basket text,
  request text not null,
  answer text not null,
  request_id text not null
) strict;

create unique index till_answer_by_owner_id_id on till_answer (owner_id, id);

create index till_answer_by_at on till_answer (at);

create index till_answer_by_request_id on till_answer (request_id);

create table shift_closing (
  id integer primary key,
  owner_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  register text not null,
  shift integer not null,
  business_day integer not null,
  opened_at integer not null,
  closed_at integer not null,
  first_date integer not null,
  last_date integer not null,
  stated_sales integer not null,
  stated_sales_amount integer not null,
  stated_returns integer not null,
  stated_returns_amount integer not null,
  found_sales integer not null,
  found_sales_amount integer not null,
  found_returns integer not null,
  found_returns_amount integer not null,
  ties integer not null check (ties in (0, 1)),
  missing integer not null,
  surplus integer not null,
  different integer not null,
  body text,
  found text,
  body_hash integer not null,
  at integer not null,
  checked_at integer not null,
  replaced_at integer,
  constraint shift_closing_check_1 check (first_date <= last_date)
) strict;

create unique index shift_closing_by_owner_id_id on shift_closing (owner_id, id);

create index shift_closing_by_owner_id_business_day on shift_closing (owner_id, business_day);

create index shift_closing_by_account_id_business_day on shift_closing (account_id, business_day) where ties = 0 and replaced_at is null;

create table store_day (
  account_id integer not null,
  store_id integer not null,
  day integer not null,
  receipts integer not null,
  amount integer not null,
  member_receipts integer not null,
  member_amount integer not null,
  earned integer not null,
  spent integer not null,
  returns integer not null,
  returned integer not null,
  taken_back integer not null,
  given_back integer not null,
  discrepancies integer not null,
  primary key (store_id, day)
) strict, without rowid;

create index store_day_by_account_id_day on store_day (account_id, day);

create table member_day (
  owner_id integer not null,
  day integer not null,
  account_id integer not null,
  receipts integer not null,
  amount integer not null default 0,
  points integer not null default 0,
  primary key (owner_id, day),
  constraint member_day_check_1 check (receipts > 0)
) strict, without rowid;

create table comeback (
  account_id integer not null,
  day integer not null,
  gap integer not null,
  members integer not null,
  primary key (account_id, day, gap),
  constraint comeback_check_1 check (gap > 0)
) strict, without rowid;

create table points_owed (
  programme_id integer not null,
  month integer not null,
  account_id integer not null,
  points integer not null,
  wallets integer not null,
  at integer not null,
  primary key (programme_id, month)
) strict, without rowid;

create table shopper_spread (
  programme_id integer not null,
  account_id integer not null,
  members integer not null,
  body text not null,
  at integer not null,
  primary key (programme_id)
) strict, without rowid;

create table points_flow (
  programme_id integer not null,
  month integer not null,
  from_account integer not null,
  to_account integer not null,
  account_id integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month, from_account, to_account)
) strict, without rowid;

create table points_place (
  programme_id integer not null,
  month integer not null,
  entity_id integer not null,
  from_account integer not null,
  to_account integer not null,
  account_id integer not null,
  settled integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month, entity_id, from_account, to_account)
) strict, without rowid;

create table points_age (
  programme_id integer not null,
  month integer not null,
  account_id integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month)
) strict, without rowid;

create table ladder_standing (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  tier_id integer,
  grant_id integer,
  falls_at integer,
  rules integer not null,
  primary key (owner_id, programme_id),
  constraint ladder_standing_check_1 check ((tier_id is null) = (grant_id is null))
) strict, without rowid;

create index ladder_standing_by_programme_id_falls_at on ladder_standing (programme_id, falls_at) where falls_at is not null;

create table tier_gift (
  owner_id integer not null,
  receipt_id integer not null,
  promotion_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  holder_id integer not null,
  grant_id integer not null,
  starts_at integer not null,
  ends_at integer not null,
  taken_back_at integer,
  primary key (owner_id, receipt_id, promotion_id),
  constraint tier_gift_check_1 check (ends_at > starts_at)
) strict, without rowid;

create index tier_gift_by_holder_id_ends_at on tier_gift (holder_id, ends_at);

create table favourite_tally (
  programme_id integer not null,
  starts_at integer not null,
  code text not null,
  account_id integer not null,
  members integer not null,
  primary key (programme_id, starts_at, code)
) strict, without rowid;

create table settlement_start (
  account_id integer not null,
  at integer not null,
  primary key (account_id)
) strict;

create table promotion_day (
  promotion_id integer not null,
  rules integer not null,
  store_id integer not null,
  day integer not null,
  account_id integer not null,
  programme_id integer not null,
  receipts integer not null,
  money integer not null,
  points integer not null,
  returns integer not null,
  money_back integer not null,
  points_back integer not null,
  primary key (promotion_id, rules, store_id, day)
) strict, without rowid;

create table clearing_day (
  store_id integer not null,
  programme_id integer not null,
  day integer not null,
  account_id integer not null,
  receipts integer not null,
  amount integer not null,
  earned integer not null,
  spent integer not null,
  returns integer not null,
  taken_back integer not null,
  given_back integer not null,
  primary key (store_id, programme_id, day)
) strict, without rowid;

create table promotion_payer (
  promotion_id integer not null,
  rules integer not null,
  place integer not null,
  account_id integer not null,
  programme_id integer not null,
  payer text not null,
  code text not null,
  contract text not null,
  shares text not null,
  spend_value integer not null,
  points_scale integer not null,
  promotion_code text not null,
  name_ru text not null,
  name_en text not null,
  primary key (promotion_id, rules, place)
) strict, without rowid;

create index promotion_payer_by_programme_id_payer_code_contract on promotion_payer (programme_id, payer, code, contract);

create table funding_contract (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  payer text not null,
  code text not null,
  contract text not null,
  name text not null,
  tax_number text not null,
  ceiling integer,
  made_at integer not null,
  issuer text,
  foreign key (programme_id) references programme (id),
  constraint funding_contract_check_1 check (length(name) > 0)
) strict;

create unique index funding_contract_one_programme_id_payer_code_contract on funding_contract (programme_id, payer, code, contract);

create table funding_act (
  id integer primary key,
  account_id integer not null,
  contract_id integer not null,
  number integer not null,
  first_day integer not null,
  last_day integer not null,
  amount integer not null,
  beyond integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  foreign key (contract_id) references funding_contract (id),
  constraint funding_act_check_1 check (number > 0),
  constraint funding_act_check_2 check (first_day <= last_day)
) strict;

create unique index funding_act_one_contract_id_number on funding_act (contract_id, number);

create unique index funding_act_one_contract_id_first_day on funding_act (contract_id, first_day);

create table funding_period (
  act_id integer not null,
  first_day integer not null,
  last_day integer not null,
  contract_id integer not null,
  account_id integer not null,
  amount integer not null,
  primary key (act_id, first_day),
  foreign key (act_id) references funding_act (id)
) strict;

create index funding_period_by_contract_id_first_day on funding_period (contract_id, first_day);

create table promotion_trial_day (
  promotion_id integer not null,
  rules integer not null,
  store_id integer not null,
  day integer not null,
  account_id integer not null,
  programme_id integer not null,
  receipts integer not null,
  money integer not null,
  points integer not null,
  returns integer not null,
  money_back integer not null,
  points_back integer not null,
  primary key (promotion_id, rules, store_id, day)
) strict, without rowid;

create table promotion_trial_payer (
  promotion_id integer not null,
  rules integer not null,
  place integer not null,
  account_id integer not null,
  programme_id integer not null,
  payer text not null,
  code text not null,
  contract text not null,
  shares text not null,
  spend_value integer not null,
  points_scale integer not null,
  promotion_code text not null,
  name_ru text not null,
  name_en text not null,
  primary key (promotion_id, rules, place)
) strict, without rowid;

create index promotion_trial_payer_by_programme_id_payer_code_contract on promotion_trial_payer (programme_id, payer, code, contract);

create table promotion_goods_day (
  promotion_id integer not null,
  rules integer not null,
  is_trial integer not null,
  day integer not null,
  product_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  quantity integer not null,
  money integer not null,
  points integer not null,
  quantity_back integer not null,
  primary key (promotion_id, rules, is_trial, day, product_id)
) strict, without rowid;

create table partner (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name text not null,
  tax_number text not null,
  contract text not null,
  made_at integer not null,
  foreign key (programme_id) references programme (id),
  constraint partner_check_1 check (length(code) > 0),
  constraint partner_check_2 check (length(name) > 0)
) strict;

create unique index partner_one_programme_id_code on partner (programme_id, code);

create table partner_entity (
  programme_id integer not null,
  legal_entity_id integer not null,
  partner_id integer not null,
  account_id integer not null,
  primary key (programme_id, legal_entity_id),
  foreign key (partner_id) references partner (id)
) strict;

create index partner_entity_by_partner_id on partner_entity (partner_id);

create table partner_terms (
  partner_id integer not null,
  from_day integer not null,
  account_id integer not null,
  earn_value integer not null,
  spend_value integer not null,
  commission integer not null,
  made_at integer not null,
  actor text not null,
  primary key (partner_id, from_day),
  foreign key (partner_id) references partner (id),
  constraint partner_terms_check_1 check (earn_value >= 0),
  constraint partner_terms_check_2 check (spend_value >= 0),
  constraint partner_terms_check_3 check (commission between 0 and 1000000)
) strict;

create table partner_statement (
  id integer primary key,
  account_id integer not null,
  partner_id integer not null,
  number integer not null,
  first_day integer not null,
  last_day integer not null,
  opening integer not null,
  closing integer not null,
  body text not null,
  made_at integer not null,
  actor text not null,
  foreign key (partner_id) references partner (id),
  constraint partner_statement_check_1 check (number > 0),
  constraint partner_statement_check_2 check (first_day <= last_day)
) strict;

create unique index partner_statement_one_partner_id_number on partner_statement (partner_id, number);

create unique index partner_statement_one_partner_id_first_day on partner_statement (partner_id, first_day);

create table partner_cleared (
  statement_id integer not null,
  day integer not null,
  partner_id integer not null,
  account_id integer not null,
  net integer not null,
  primary key (statement_id, day),
  foreign key (statement_id) references partner_statement (id)
) strict;

create index partner_cleared_by_partner_id_day on partner_cleared (partner_id, day);

create table partner_entry (
  id integer primary key,
  account_id integer not null,
  partner_id integer not null,
  kind integer not null,
  state integer not null,
  day integer not null,
  amount integer not null,
  receipt_id integer,
  owner_id integer,
  reason text not null,
  answer text not null,
  statement_id integer,
  request text not null,
  made_at integer not null,
  actor text not null,
  decided_at integer,
  decided_by text,
  foreign key (partner_id) references partner (id),
  constraint partner_entry_check_1 check (kind between 1 and 2),
  constraint partner_entry_check_2 check (state between 1 and 3)
) strict;

create unique index partner_entry_one_partner_id_request on partner_entry (partner_id, request);

create index partner_entry_by_partner_id_id on partner_entry (partner_id, id);

create index partner_entry_by_partner_id_statement_id on partner_entry (partner_id, statement_id);

create table guard_day (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  day integer not null,
  subject text not null,
  account_id integer not null,
  receipts integer not null default 0,
  named integer not null default 0,
  amount integer not null default 0,
  discount integer not null default 0,
  earned integer not null default 0,
  spent integer not null default 0,
  returns integer not null default 0,
  returned integer not null default 0,
  cancelled integer not null default 0,
  by_hand integer not null default 0,
  breadth integer not null default 0,
  peak integer not null default 0,
  refused integer not null default 0,
  hop integer,
  last_store integer not null default 0,
  last_at integer not null default 0,
  receipts_seen text not null default '',
  given_away integer not null default 0,
  transfers integer not null default 0,
  circles integer not null default 0,
  primary key (programme_id, kind, store_id, day, subject)
) strict, without rowid;

create index guard_day_by_programme_id_kind_subject_day on guard_day (programme_id, kind, subject, day);

create index guard_day_by_programme_id_kind_day on guard_day (programme_id, kind, day);

create index guard_day_by_busy on guard_day (programme_id, day, named) where kind = 1 and named > 2;

create table guard_pair (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  day integer not null,
  subject text not null,
  owner_id integer not null,
  account_id integer not null,
  receipts integer not null,
  points integer not null,
  primary key (programme_id, kind, store_id, day, subject, owner_id)
) strict, without rowid;

create index guard_pair_by_programme_id_day on guard_pair (programme_id, day);

create table guard_slot (
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  slot integer not null,
  owner_id integer not null,
  account_id integer not null,
  named integer not null default 0,
  discount integer not null default 0,
  earned integer not null default 0,
  spent integer not null default 0,
  returns integer not null default 0,
  by_hand integer not null default 0,
  refused integer not null default 0,
  primary key (programme_id, kind, store_id, subject, slot, owner_id)
) strict, without rowid;

create index guard_slot_by_programme_id_slot on guard_slot (programme_id, slot);

create table guard_refusal (
  programme_id integer not null,
  day integer not null,
  store_id integer not null,
  name text not null,
  account_id integer not null,
  register text not null,
  cashier text,
  owner_id integer not null,
  at integer not null,
  reason text not null,
  primary key (programme_id, day, store_id, name)
) strict, without rowid;

create index guard_refusal_by_programme_id_store_id_day on guard_refusal (programme_id, store_id, day);

create index guard_refusal_by_programme_id_owner_id_day on guard_refusal (programme_id, owner_id, day);

create table guard_alert (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  limit_code text not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  day integer not null,
  is_hard integer not null check (is_hard in (0, 1)),
  measure text not null,
  days integer not null,
  hours integer not null,
  figure integer not null,
  threshold integer not null,
  receipts_seen text not null default '',
  state text not null,
  at integer not null,
  decided_at integer,
  decided_by text,
  note text,
  told_as text not null,
  constraint guard_alert_check_1 check (state in ('open', 'seen', 'dismissed', 'confirmed'))
) strict;

create unique index guard_alert_one_programme_id_told_as on guard_alert (programme_id, told_as);

create index guard_alert_by_programme_id_state_id on guard_alert (programme_id, state, id);

create index guard_alert_by_programme_id_kind_subject_id on guard_alert (programme_id, kind, subject, id);

create table guard_block (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  kind integer not null,
  store_id integer not null,
  subject text not null,
  reason text not null,
  limit_code text,
  day integer,
  made_at integer not null,
  made_by text not null,
  ends_at integer,
  ended_at integer,
  ended_by text,
  told_as text
) strict;

create unique index guard_block_one_programme_id_told_as on guard_block (programme_id, told_as);

create index guard_block_by_live on guard_block (programme_id, kind) where ended_at is null;

create index guard_block_by_subject on guard_block (programme_id, kind, subject, id);

create table wallet_merge (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  survivor_id integer not null,
  merged_at integer not null,
  shift integer not null,
  last_return integer not null,
  before blob not null,
  slides text not null,
  moved text not null,
  ended_at integer,
  primary key (owner_id, id),
  constraint wallet_merge_check_1 check (survivor_id <> owner_id),
  constraint wallet_merge_check_2 check (shift >= 0)
) strict, without rowid;

create table household (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  owner_id integer not null,
  spenders text not null,
  made_at integer not null,
  ended_at integer,
  primary key (id),
  constraint household_check_1 check (spenders in ('owner', 'adults', 'everyone'))
) strict, without rowid;

create index household_by_programme_id_id on household (programme_id, id);

create table household_member (
  household_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  owner_id integer not null,
  invited_at integer not null,
  invitation_ends_at integer not null,
  joined_at integer,
  joined_by text,
  left_at integer,
  ended_as text,
  reason text,
  primary key (household_id, id),
  constraint household_member_check_1 check (joined_by in ('made', 'code', 'operator', 'merge')),
  constraint household_member_check_2 check ((joined_at is null) = (joined_by is null)),
  constraint household_member_check_3 check ((left_at is null) = (ended_as is null)),
  constraint household_member_check_4 check (ended_as in ('left', 'excluded', 'dissolved', 'declined', 'withdrawn', 'lapsed', 'merged', 'erased'))
) strict, without rowid;

create unique index household_member_one_household_id_owner_id on household_member (household_id, owner_id) where left_at is null;

create index household_member_by_owner_id_id on household_member (owner_id, id);

create table subscription (
  owner_id integer not null,
  programme_id integer not null,
  plan text not null,
  id integer not null,
  account_id integer not null,
  state text not null,
  tier_id integer not null,
  since integer not null,
  ends_at integer not null,
  until integer not null,
  renewals integer not null,
  grant_id integer,
  noticed integer,
  due_at integer,
  changed_at integer not null,
  primary key (owner_id, programme_id, plan),
  constraint subscription_check_1 check (state in ('active', 'ended', 'cancelled')),
  constraint subscription_check_2 check (until >= ends_at)
) strict, without rowid;

create index subscription_by_programme_id_due_at on subscription (programme_id, due_at) where due_at is not null;

create index subscription_by_programme_id_id on subscription (programme_id, id);

create table subscription_period (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  holder_id integer not null,
  plan text not null,
  kind text not null,
  receipt_id integer,
  at integer not null,
  units integer not null,
  units_left integer not null,
  months integer not null,
  days integer not null,
  grace_days integer not null,
  tier_id integer not null,
  amount integer not null,
  lines text not null,
  counts integer not null default 0,
  actor text,
  reason text,
  primary key (owner_id, id),
  constraint subscription_period_check_1 check (kind in ('sale', 'hand', 'trial', 'cancel')),
  constraint subscription_period_check_2 check (units_left between 0 and units)
) strict, without rowid;

create index subscription_period_by_holder_id_plan_id on subscription_period (holder_id, plan, id);

create index subscription_period_by_owner_id_receipt_id on subscription_period (owner_id, receipt_id) where receipt_id is not null;

create table subscription_change (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  plan text not null,
  kind text not null,
  month integer not null,
  at integer not null,
  amount integer not null default 0,
  primary key (owner_id, id),
  constraint subscription_change_check_1 check (kind in ('started', 'renewed', 'ended', 'cancelled', 'sold', 'returned'))
) strict, without rowid;

create index subscription_change_by_programme_id_month_plan on subscription_change (programme_id, month, plan);

create table subscription_saving (
  owner_id integer not null,
  receipt_id integer not null,
  account_id integer not null,
  programme_id integer not null,
  tier_id integer not null,
  month integer not null,
  at integer not null,
  amount integer not null,
  plan text,
  primary key (owner_id, receipt_id)
) strict, without rowid;

create index subscription_saving_by_programme_id_month on subscription_saving (programme_id, month);

create index subscription_saving_by_programme_id_receipt_id on subscription_saving (programme_id, receipt_id) where plan is null;

create table bulk_action (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  segment_id integer not null,
  name text not null,
  body text not null,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  confirmed_by text,
  approved_by text,
  counted_at integer,
  ended_at integer,
  due integer not null default 0,
  changed integer not null default 0,
  left_out integer not null default 0,
  undone integer not null default 0,
  kept integer not null default 0,
  forgotten_at integer,
  is_bare integer not null default 0,
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
) strict;

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create index bulk_action_by_keeping on bulk_action (ended_at) where is_bare = 0 and ended_at is not null;

create table bulk_member (
  owner_id integer not null,
  action_id integer not null,
  account_id integer not null,
  state integer not null,
  reason text,
  former text,
  at integer,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
) strict, without rowid;

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);

create table whatif_run (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  promotion_id integer not null,
  version integer not null,
  from_day integer not null,
  through_day integer not null,
  response integer,
  state text not null,
  asked_by text not null,
  asked_at integer not null,
  ended_at integer,
  receipts integer not null default 0,
  is_without integer not null default 0,
  is_stopping integer not null default 0,
  report text,
  failure text,
  constraint whatif_run_check_1 check (length(state) > 0),
  constraint whatif_run_check_2 check (receipts >= 0)
) strict;

create index whatif_run_by_promotion_id_id on whatif_run (promotion_id, id);

create index whatif_run_by_open on whatif_run (programme_id, id) where ended_at is null;

create index whatif_run_by_keeping on whatif_run (asked_at);

create table transfer (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  receiver_id integer not null,
  points integer not null,
  fee integer not null,
  message text,
  day integer not null,
  made_at integer not null,
  actor text not null,
  is_circle integer not null check (is_circle in (0, 1)),
  confirmation_id integer,
  parts blob not null,
  fee_parts blob not null,
  undone_at integer,
  undone_by text,
  taken_back integer not null default 0,
  reason text,
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id integer not null,
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  charity text not null,
  points integer not null,
  day integer not null,
  made_at integer not null,
  actor text not null,
  parts blob not null,
  undone_at integer,
  undone_by text,
  reason text,
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
) strict, without rowid;

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id integer not null,
  charity text not null,
  day integer not null,
  account_id integer not null,
  donations integer not null,
  points integer not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
) strict, without rowid;

create table first_purchase (
  programme_id integer not null,
  sum_id integer not null,
  account_id integer not null,
  book integer not null,
  asked_at integer not null,
  last_owner integer not null default 0,
  counted_at integer,
  primary key (programme_id, sum_id),
  foreign key (programme_id) references programme (id)
) strict;

create index first_purchase_by_waiting on first_purchase (account_id, programme_id) where counted_at is null;

create table report_definitions (
  account_id integer not null,
  version integer not null,
  starts_on integer not null,
  body text not null,
  actor text not null,
  made_at integer not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
) strict, without rowid;

create table report_target (
  programme_id integer not null,
  month integer not null,
  measure text not null,
  account_id integer not null,
  amount integer not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
) strict, without rowid;

create table saved_report (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  note text not null,
  folder text not null,
  form text not null,
  roles text not null,
  staff_id integer not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint saved_report_check_1 check (length(name) > 0),
  constraint saved_report_check_2 check (version > 0)
) strict;

create unique index saved_report_one_programme_id_name_key on saved_report (programme_id, name_key);

create table report_schedule (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  report_id integer not null,
  rhythm text not null,
  day integer not null,
  hour integer not null,
  language text not null,
  staff_id integer not null,
  is_paused integer not null check (is_paused in (0, 1)),
  next_at integer,
  made_at integer not null,
  foreign key (report_id) references saved_report (id),
  constraint report_schedule_check_1 check (rhythm in ('day', 'week', 'month')),
  constraint report_schedule_check_2 check (day >= 0 and day <= 31),
  constraint report_schedule_check_3 check (hour >= 0 and hour <= 23),
  constraint report_schedule_check_4 check (language in ('ru', 'en')),
  constraint report_schedule_check_5 check (is_paused = 0 or next_at is null)
) strict;

create index report_schedule_by_report_id_id on report_schedule (report_id, id);

create index report_schedule_by_next_at on report_schedule (next_at) where next_at is not null;

create table report_reader (
  schedule_id integer not null,
  staff_id integer not null,
  account_id integer not null,
  added_at integer not null,
  is_off integer not null check (is_off in (0, 1)),
  primary key (schedule_id, staff_id),
  foreign key (schedule_id) references report_schedule (id)
) strict;

create table report_sending (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  schedule_id integer not null,
  moment integer not null,
  staff_id integer,
  passed_over integer not null,
  state text not null,
  reason text,
  made_at integer not null,
  ended_at integer,
  foreign key (schedule_id) references report_schedule (id),
  constraint report_sending_check_1 check (state in ('waiting', 'sent', 'failed', 'dropped')),
  constraint report_sending_check_2 check (passed_over >= 0)
) strict;

create unique index report_sending_one_schedule_id_moment on report_sending (schedule_id, moment);

create index report_sending_by_made_at on report_sending (made_at);

create table report_letter (
  sending_id integer not null,
  staff_id integer not null,
  account_id integer not null,
  state text not null,
  reason text,
  at integer not null,
  primary key (sending_id, staff_id),
  foreign key (sending_id) references report_sending (id),
  constraint report_letter_check_1 check (state in ('handing', 'sent', 'failed', 'refused', 'unknown'))
) strict;

create table dashboard (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  note text not null,
  period text not null,
  tiles text not null,
  roles text not null,
  staff_id integer not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint dashboard_check_1 check (length(name) > 0),
  constraint dashboard_check_2 check (version > 0)
) strict;

create unique index dashboard_one_programme_id_name_key on dashboard (programme_id, name_key);

create table formula (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  code text not null,
  name_ru text not null,
  name_en text not null,
  body text not null,
  format text not null,
  note text not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint formula_check_1 check (length(code) > 0),
  constraint formula_check_2 check (version > 0)
) strict;

create unique index formula_one_programme_id_code on formula (programme_id, code);

create table report_outside (
  account_id integer not null,
  pattern text not null,
  added_at integer not null,
  primary key (account_id, pattern),
  constraint report_outside_check_1 check (length(pattern) > 0)
) strict;

create table report_outsider (
  id integer primary key,
  schedule_id integer not null,
  account_id integer not null,
  mail text not null,
  added_at integer not null,
  foreign key (schedule_id) references report_schedule (id)
) strict;

create unique index report_outsider_one_schedule_id_mail on report_outsider (schedule_id, mail);

create table visit_gate (
  programme_id integer not null,
  account_id integer not null,
  taken_at integer not null,
  primary key (programme_id)
) strict, without rowid;

create table traffic_source (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  mark text not null,
  source text not null,
  medium text not null,
  campaign text not null,
  content text not null,
  term text not null,
  referrer text not null
) strict;

create unique index traffic_source_one_programme_id_mark on traffic_source (programme_id, mark);

create table visitor (
  visitor text not null,
  programme_id integer not null,
  account_id integer not null,
  owner_id integer not null,
  named_id integer not null,
  named_at integer not null,
  primary key (programme_id, visitor),
  constraint visitor_check_1 check (length(visitor) > 0)
) strict, without rowid;

create index visitor_by_owner_id on visitor (owner_id);

create index visitor_by_named_id on visitor (named_id);

create table visit (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  visitor text not null,
  session text not null,
  owner_id integer,
  named_id integer,
  started_at integer not null,
  ended_at integer not null,
  day integer not null,
  source_id integer not null,
  source_at integer,
  events integer not null,
  product_views integer not null,
  carts integer not null,
  orders integer not null,
  primary key (visitor, id),
  constraint visit_check_1 check (started_at <= ended_at)
) strict;

create index visit_by_programme_id_visitor_ended_at on visit (programme_id, visitor, ended_at);

create index visit_by_programme_id_day_id on visit (programme_id, day, id);

create index visit_by_owner_id_started_at on visit (owner_id, started_at) where owner_id is not null;

create index visit_by_named_id on visit (named_id) where named_id is not null;

create table visit_event (
  id integer not null,
  account_id integer not null,
  programme_id integer not null,
  mark text not null,
  kind text not null,
  at integer not null,
  visitor text not null,
  visit_id integer not null,
  owner_id integer,
  named_id integer,
  page text,
  product text,
  quantity integer,
  amount integer,
  channel text,
  brand text,
  receipt_key text,
  receipt_id integer,
  details text,
  primary key (programme_id, mark),
  constraint visit_event_check_1 check (length(mark) > 0),
  constraint visit_event_check_2 check (length(kind) > 0),
  constraint visit_event_check_3 check (length(visitor) > 0)
) strict;

create index visit_event_by_programme_id_kind_at_id on visit_event (programme_id, kind, at, id);

create index visit_event_by_programme_id_visitor_at on visit_event (programme_id, visitor, at);

create index visit_event_by_programme_id_at on visit_event (programme_id, at);

create index visit_event_by_owner_id_at on visit_event (owner_id, at) where owner_id is not null;

create index visit_event_by_named_id on visit_event (named_id) where named_id is not null;

create index visit_event_by_visit_id on visit_event (visit_id);

create index visit_event_by_waiting on visit_event (programme_id, at) where receipt_key is not null and receipt_id is null;

create index visit_event_by_bought on visit_event (programme_id, at) where receipt_id is not null;

create table visit_day (
  programme_id integer not null,
  day integer not null,
  account_id integer not null,
  stale_at integer,
  visits integer not null,
  events integer not null,
  body blob,
  primary key (programme_id, day)
) strict, without rowid;

create index visit_day_by_stale_at on visit_day (stale_at) where stale_at is not null;

create table visit_touch (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  touched_at integer not null,
  primary key (owner_id)
) strict, without rowid;

create index visit_touch_by_programme_id_touched_at on visit_touch (programme_id, touched_at);

create index visit_touch_by_touched_at on visit_touch (touched_at);

create table funnel (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  body text not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint funnel_check_1 check (length(name) > 0),
  constraint funnel_check_2 check (version > 0)
) strict;

create unique index funnel_one_programme_id_name_key on funnel (programme_id, name_key);

create table webhook (
  id integer primary key,
  account_id integer not null,
  url text not null,
  kinds text not null,
  state text not null,
  reason text,
  secret text not null,
  old_secret text,
  old_until integer,
  position integer not null,
  failures integer not null,
  failing_since integer,
  next_at integer not null,
  holder text,
  claimed_until integer not null,
  made_at integer not null,
  constraint webhook_check_1 check (state in ('active', 'paused')),
  constraint webhook_check_2 check (length(url) > 0)
) strict;

create index webhook_by_account_id on webhook (account_id);

create table webhook_delivery (
  webhook_id integer not null,
  position integer not null,
  account_id integer not null,
  kind integer not null,
  state text not null,
  attempts integer not null,
  due_at integer not null,
  made_at integer not null,
  tried_at integer,
  status integer,
  took integer,
  error text,
  primary key (webhook_id, position),
  constraint webhook_delivery_check_1 check (state in ('waiting', 'delivered', 'dead'))
) strict, without rowid;

create index webhook_delivery_by_webhook_id_due_at on webhook_delivery (webhook_id, due_at) where state = 'waiting';

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

create index webhook_delivery_by_made_at on webhook_delivery (made_at);

create table upload (
  id integer primary key,
  account_id integer not null,
  programme_id integer,
  kind text not null,
  name text not null,
  made_by text not null,
  touched_at integer not null,
  size integer not null,
  lines integer not null,
  state text not null,
  is_dry_run integer not null check (is_dry_run in (0, 1)),
  is_stop_asked integer not null check (is_stop_asked in (0, 1)),
  max_refused integer not null,
  mapping text,
  tally text,
  complaints text not null,
  fault text,
  started_at integer,
  started_line integer not null,
  constraint upload_check_1 check (size >= 0),
  constraint upload_check_2 check (length(name) > 0)
) strict;

create index upload_by_account_id_id on upload (account_id, id);

create index upload_by_touched_at on upload (touched_at);

create table upload_piece (
  upload_id integer not null,
  account_id integer not null,
  part integer not null,
  start_at integer not null,
  bytes blob not null,
  primary key (upload_id, part, start_at),
  constraint upload_piece_check_1 check (part in (0, 1)),
  constraint upload_piece_check_2 check (start_at >= 0)
) strict;
