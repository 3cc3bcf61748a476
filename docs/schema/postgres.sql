create table node (
  number bigint not null,
  holder text collate "C" not null,
  until bigint not null,
  primary key (number),
  constraint node_check_1 check (number between 0 and 1023)
);

create table lease (
  name text collate "C" not null,
  holder text collate "C" not null,
  until bigint not null,
  term bigint not null,
  primary key (name)
);

create table database_epoch (
  epoch bigint not null,
  began_at bigint not null,
  cause text collate "C" not null,
  primary key (epoch)
);

create table schema_neighbour (
  number bigint not null,
  oldest bigint not null,
  primary key (number)
);

create table checkpoint (
  account_id bigint not null,
  work text collate "C" not null,
  key text collate "C" not null,
  step bigint not null,
  state text collate "C" not null,
  is_done bigint not null check (is_done in (0, 1)),
  at bigint not null,
  primary key (account_id, work, key)
);

create table natural_key (
  account_id bigint not null,
  kind bigint not null,
  key text collate "C" not null,
  owner_id bigint not null,
  target_id bigint not null,
  body_hash bigint not null,
  made_at bigint not null,
  primary key (account_id, kind, key),
  constraint natural_key_check_1 check (length(key) > 0)
);

create table outbox (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  kind bigint not null,
  subject_id bigint not null,
  at bigint not null,
  body text collate "C" not null,
  primary key (owner_id, id)
);

create index outbox_by_id on outbox (id);

create table event (
  position bigint not null,
  id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  kind bigint not null,
  subject_id bigint not null,
  at bigint not null,
  body text collate "C" not null,
  primary key (position),
  constraint event_check_1 check (position > 0)
);

create table stream_head (
  name text collate "C" not null,
  position bigint not null,
  epoch bigint not null,
  term bigint not null,
  at bigint not null,
  primary key (name),
  constraint stream_head_check_1 check (position >= 0)
);

create table stream_position (
  consumer text collate "C" not null,
  epoch bigint not null,
  position bigint not null,
  at bigint not null,
  primary key (consumer)
);

create table job (
  id bigint not null,
  account_id bigint not null,
  kind text collate "C" not null,
  body text collate "C" not null,
  due_at bigint not null,
  attempts bigint not null,
  holder text collate "C",
  claimed_until bigint not null,
  last_error text collate "C",
  state text collate "C" not null,
  made_at bigint not null,
  actor text collate "C",
  begun_at bigint,
  done bigint,
  total bigint,
  is_stopping bigint not null default 0 check (is_stopping in (0, 1)),
  primary key (id),
  constraint job_check_1 check (state in ('waiting', 'dead')),
  constraint job_check_2 check (attempts >= 0),
  constraint job_check_3 check (length(kind) > 0)
);

create index job_by_due_at on job (due_at) where state = 'waiting';

create index job_by_kind_id on job (kind, id) where state = 'dead';

create index job_by_account_id_state_id on job (account_id, state, id);

create table chore (
  name text collate "C" not null,
  due_at bigint not null,
  started_at bigint,
  ended_at bigint,
  steps bigint not null,
  outcome text collate "C",
  failures bigint not null,
  primary key (name)
);

create table account (
  id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  currency text collate "C" not null,
  country text collate "C" not null,
  is_suspended bigint not null check (is_suspended in (0, 1)),
  structure_version bigint not null,
  made_at bigint not null,
  primary key (id),
  constraint account_check_1 check (length(code) > 0),
  constraint account_check_2 check (length(currency) = 3)
);

create unique index account_one_code on account (code);

create table legal_entity (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  tax_number text collate "C",
  tax_system text collate "C" not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint legal_entity_check_1 check (length(code) > 0)
);

create unique index legal_entity_one_account_id_code on legal_entity (account_id, code);

create table brand (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint brand_check_1 check (length(code) > 0)
);

create unique index brand_one_account_id_code on brand (account_id, code);

create table price_zone (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint price_zone_check_1 check (length(code) > 0)
);

create unique index price_zone_one_account_id_code on price_zone (account_id, code);

create table store (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  brand_id bigint not null,
  legal_entity_id bigint not null,
  price_zone_id bigint,
  region text collate "C",
  city text collate "C",
  street text collate "C",
  latitude bigint,
  longitude bigint,
  zone text collate "C" not null,
  day_start bigint not null,
  is_closed bigint not null check (is_closed in (0, 1)),
  format text collate "C",
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (brand_id) references brand (id),
  foreign key (legal_entity_id) references legal_entity (id),
  foreign key (price_zone_id) references price_zone (id),
  constraint store_check_1 check (length(code) > 0),
  constraint store_check_2 check (day_start >= 0 and day_start < 86400),
  constraint store_check_3 check ((latitude is null) = (longitude is null))
);

create unique index store_one_account_id_code on store (account_id, code);

create table register (
  id bigint not null,
  account_id bigint not null,
  store_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  profile text collate "C" not null,
  is_closed bigint not null check (is_closed in (0, 1)),
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  constraint register_check_1 check (length(code) > 0)
);

create unique index register_one_store_id_code on register (store_id, code);

create table audit (
  id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  at bigint not null,
  actor text collate "C" not null,
  act text collate "C" not null,
  before text collate "C",
  after text collate "C",
  primary key (owner_id, id)
);

create index audit_by_account_id_id on audit (account_id, id);

create table token (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint,
  name text collate "C" not null,
  kind text collate "C" not null,
  store_id bigint,
  register_id bigint,
  scopes text collate "C" not null,
  secret_hash text collate "C" not null,
  made_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  used_at bigint,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (store_id) references store (id),
  foreign key (register_id) references register (id),
  constraint token_check_1 check (kind in ('register', 'integration')),
  constraint token_check_2 check ((kind = 'register') = (register_id is not null))
);

create unique index token_one_secret_hash on token (secret_hash);

create index token_by_account_id_id on token (account_id, id);

create index token_by_account_id_kind_id on token (account_id, kind, id);

create table staff (
  id bigint not null,
  account_id bigint not null,
  login text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null,
  password text collate "C" not null,
  must_change bigint not null check (must_change in (0, 1)),
  is_blocked bigint not null check (is_blocked in (0, 1)),
  made_at bigint not null,
  mail text collate "C",
  primary key (id),
  foreign key (account_id) references account (id),
  constraint staff_check_1 check (length(login) > 0)
);

create unique index staff_one_account_id_login on staff (account_id, login);

create table staff_session (
  id bigint not null,
  account_id bigint not null,
  staff_id bigint not null,
  secret_hash text collate "C" not null,
  is_proven bigint not null check (is_proven in (0, 1)),
  made_at bigint not null,
  seen_at bigint not null,
  ends_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
);

create unique index staff_session_one_secret_hash on staff_session (secret_hash);

create index staff_session_by_staff_id on staff_session (staff_id);

create index staff_session_by_ends_at on staff_session (ends_at);

create table staff_failure (
  staff_id bigint not null,
  account_id bigint not null,
  failures bigint not null,
  closed_until bigint,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_failure_check_1 check (failures >= 0)
);

create table staff_factor (
  staff_id bigint not null,
  account_id bigint not null,
  secret text collate "C" not null,
  used_step bigint not null,
  made_at bigint not null,
  primary key (staff_id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id)
);

create table staff_link (
  id bigint not null,
  account_id bigint not null,
  staff_id bigint not null,
  purpose text collate "C" not null,
  secret_hash text collate "C" not null,
  made_at bigint not null,
  ends_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
);

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);

create table identifier (
  account_id bigint not null,
  programme_id bigint not null,
  kind text collate "C" not null,
  value text collate "C" not null,
  owner_id bigint not null,
  is_blocked bigint not null check (is_blocked in (0, 1)),
  added_at bigint not null,
  verified_at bigint,
  primary key (programme_id, kind, value),
  constraint identifier_check_1 check (length(value) > 0)
);

create index identifier_by_owner_id on identifier (owner_id);

create index identifier_by_card_end on identifier (programme_id, substr(value, length(value) - 3), owner_id) where kind = 'card';

create table former_identifier (
  programme_id bigint not null,
  mark bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  ended_at bigint not null,
  primary key (programme_id, mark, owner_id)
);

create table member (
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  kind text collate "C" not null,
  status text collate "C" not null,
  joined_at bigint not null,
  joined_in bigint,
  favourites text collate "C",
  consents bigint,
  offers text collate "C",
  merged_into bigint,
  household_id bigint,
  primary key (owner_id),
  constraint member_check_1 check (status in ('active', 'blocked', 'erased'))
);

create index member_by_programme_id_owner_id on member (programme_id, owner_id);

create index member_by_programme_id_merged_into on member (programme_id, merged_into) where merged_into is not null;

create index member_by_housed on member (programme_id, owner_id) where household_id is not null;

create table member_person (
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  family_name text collate "C",
  given_name text collate "C",
  patronymic text collate "C",
  birthday bigint,
  sex text collate "C",
  language text collate "C",
  city text collate "C",
  attributes text collate "C" not null,
  primary key (owner_id),
  foreign key (owner_id) references member (owner_id)
);

create table consent (
  owner_id bigint not null,
  consent text collate "C" not null,
  acted_at bigint not null,
  is_given bigint not null check (is_given in (0, 1)),
  account_id bigint not null,
  programme_id bigint not null,
  text_version text collate "C" not null,
  source text collate "C" not null,
  proof text collate "C",
  recorded_at bigint not null,
  actor text collate "C" not null,
  primary key (owner_id, consent, acted_at, is_given),
  foreign key (owner_id) references member (owner_id),
  constraint consent_check_1 check (length(source) > 0)
);

create index consent_by_programme_id_consent_text_version on consent (programme_id, consent, text_version);

create table tier (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  rank bigint not null,
  privileges text collate "C" not null default '[]',
  primary key (id),
  constraint tier_check_1 check (length(code) > 0),
  constraint tier_check_2 check (rank >= 0)
);

create unique index tier_one_programme_id_code on tier (programme_id, code);

create table tier_grant (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  starts_at bigint not null,
  ends_at bigint,
  withdrawn_at bigint,
  reason text collate "C" not null,
  actor text collate "C" not null,
  primary key (owner_id, id),
  constraint tier_grant_check_1 check (ends_at is null or ends_at > starts_at),
  constraint tier_grant_check_2 check (length(reason) > 0)
);

create table segment (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  kind text collate "C" not null,
  made_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint segment_check_1 check (length(code) > 0),
  constraint segment_check_2 check (kind in ('dynamic', 'static', 'snapshot'))
);

create unique index segment_one_account_id_code on segment (account_id, code);

create table segment_rule (
  segment_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  condition text collate "C" not null,
  changed_at bigint not null,
  counted_at bigint,
  members bigint,
  primary key (segment_id)
);

create index segment_rule_by_programme_id on segment_rule (programme_id);

create table segment_member (
  owner_id bigint not null,
  segment_id bigint not null,
  account_id bigint not null,
  since bigint not null,
  primary key (owner_id, segment_id)
);

create index segment_member_by_segment_id_owner_id on segment_member (segment_id, owner_id);

create table segment_choice (
  owner_id bigint not null,
  segment_id bigint not null,
  account_id bigint not null,
  is_in bigint not null check (is_in in (0, 1)),
  since bigint not null,
  primary key (owner_id, segment_id)
);

create index segment_choice_by_segment_id_owner_id on segment_choice (segment_id, owner_id);

create table segment_size (
  segment_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  members bigint not null,
  counted_at bigint not null,
  primary key (segment_id, day)
);

create table confirmation (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  store_id bigint not null,
  points bigint not null,
  sent_to text collate "C" not null,
  code_hash text collate "C" not null,
  tries bigint not null,
  made_at bigint not null,
  ends_at bigint not null,
  verified_at bigint,
  purpose text collate "C",
  primary key (owner_id, id)
);

create index confirmation_by_ends_at on confirmation (ends_at);

create table member_note (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  body text collate "C" not null,
  is_pinned bigint not null check (is_pinned in (0, 1)),
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_note_check_1 check (length(body) > 0)
);

create table member_task (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  body text collate "C" not null,
  due_day bigint,
  staff_id bigint not null,
  actor text collate "C" not null,
  made_at bigint not null,
  done_at bigint,
  done_by text collate "C",
  primary key (owner_id, id),
  foreign key (owner_id) references member (owner_id),
  constraint member_task_check_1 check (length(body) > 0),
  constraint member_task_check_2 check ((done_at is null) = (done_by is null))
);

create index member_task_by_account_id_staff_id_due_day on member_task (account_id, staff_id, due_day) where done_at is null;

create table member_look (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  staff_id bigint not null,
  what text collate "C" not null,
  is_full bigint not null check (is_full in (0, 1)),
  at bigint not null,
  slot bigint not null,
  primary key (owner_id, id),
  constraint member_look_check_1 check (what in ('card', 'form', 'export'))
);

create unique index member_look_one_owner_id_staff_id_what_is_full_slot on member_look (owner_id, staff_id, what, is_full, slot);

create index member_look_by_account_id_id on member_look (account_id, id);

create index member_look_by_account_id_staff_id_id on member_look (account_id, staff_id, id);

create index member_look_by_at on member_look (at);

create table member_merge (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  survivor_id bigint not null,
  reason text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  moved text collate "C",
  ended_at bigint,
  ended_by text collate "C",
  primary key (owner_id, id),
  constraint member_merge_check_1 check (survivor_id <> owner_id),
  constraint member_merge_check_2 check (length(reason) > 0),
  constraint member_merge_check_3 check ((ended_at is null) = (ended_by is null))
);

create index member_merge_by_survivor_id_id on member_merge (survivor_id, id);

create table duplicate_key (
  programme_id bigint not null,
  key bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  primary key (programme_id, key, owner_id)
);

create index duplicate_key_by_owner_id on duplicate_key (owner_id);

create table duplicate_pair (
  owner_id bigint not null,
  other_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  score bigint not null,
  reasons text collate "C" not null,
  found_at bigint not null,
  dismissed_at bigint,
  dismissed_by text collate "C",
  primary key (owner_id, other_id),
  constraint duplicate_pair_check_1 check (other_id > owner_id),
  constraint duplicate_pair_check_2 check (score between 1 and 100),
  constraint duplicate_pair_check_3 check ((dismissed_at is null) = (dismissed_by is null))
);

create index duplicate_pair_by_other_id on duplicate_pair (other_id);

create index duplicate_pair_by_programme_id_score_owner_id_other_id on duplicate_pair (programme_id, score, owner_id, other_id) where dismissed_at is null;

create table consent_text (
  programme_id bigint not null,
  consent text collate "C" not null,
  version text collate "C" not null,
  account_id bigint not null,
  text_ru text collate "C" not null,
  text_en text collate "C" not null,
  link text collate "C" not null,
  starts_on bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  archived_at bigint,
  primary key (programme_id, consent, version),
  constraint consent_text_check_1 check (length(version) > 0),
  constraint consent_text_check_2 check (length(text_ru) > 0 or length(link) > 0)
);

create table segment_move (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  segment_id bigint not null,
  is_in bigint not null check (is_in in (0, 1)),
  at bigint not null,
  primary key (owner_id, id)
);

create index segment_move_by_at on segment_move (at);

create index segment_move_by_segment_id_owner_id_at on segment_move (segment_id, owner_id, at);

create table member_field (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint member_field_check_1 check (length(code) > 0)
);

create unique index member_field_one_account_id_code on member_field (account_id, code);

create table field_policy (
  account_id bigint not null,
  only_defined bigint not null check (only_defined in (0, 1)),
  changed_at bigint not null,
  primary key (account_id)
);

create table dictionary (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  constraint dictionary_check_1 check (length(code) > 0)
);

create unique index dictionary_one_account_id_code on dictionary (account_id, code);

create table dictionary_value (
  dictionary_id bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  rank bigint not null,
  archived_at bigint,
  primary key (dictionary_id, code),
  constraint dictionary_value_check_1 check (length(code) > 0)
);

create table category (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  parent_id bigint,
  path text collate "C" not null,
  depth bigint not null,
  name_ru text collate "C",
  name_en text collate "C",
  version bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (parent_id) references category (id),
  constraint category_check_1 check (length(code) > 0),
  constraint category_check_2 check (depth between 1 and 12),
  constraint category_check_3 check (name_ru is not null or name_en is not null)
);

create unique index category_one_account_id_code on category (account_id, code);

create table product_brand (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint product_brand_check_1 check (length(code) > 0)
);

create unique index product_brand_one_account_id_code on product_brand (account_id, code);

create table manufacturer (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint manufacturer_check_1 check (length(code) > 0)
);

create unique index manufacturer_one_account_id_code on manufacturer (account_id, code);

create table product (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C",
  name_en text collate "C",
  category_id bigint,
  brand_id bigint,
  manufacturer_id bigint,
  unit text collate "C" not null,
  attributes text collate "C" not null,
  flags bigint not null,
  min_price bigint,
  max_price bigint,
  min_age bigint,
  is_archived bigint not null check (is_archived in (0, 1)),
  version bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (category_id) references category (id),
  foreign key (brand_id) references product_brand (id),
  foreign key (manufacturer_id) references manufacturer (id),
  constraint product_check_1 check (length(code) > 0),
  constraint product_check_2 check (name_ru is not null or name_en is not null),
  constraint product_check_3 check (flags between 0 and 255),
  constraint product_check_4 check (min_price <= max_price)
);

create unique index product_one_account_id_code on product (account_id, code);

create index product_by_account_id_version_id on product (account_id, version, id);

create table barcode (
  account_id bigint not null,
  digits text collate "C" not null,
  product_id bigint not null,
  primary key (account_id, digits),
  foreign key (product_id) references product (id)
);

create index barcode_by_product_id on barcode (product_id);

create table product_figure (
  account_id bigint not null,
  product_id bigint not null,
  zone_id bigint not null,
  kind text collate "C" not null,
  since bigint not null,
  value bigint not null,
  version bigint not null default 0,
  primary key (product_id, zone_id, kind, since),
  foreign key (product_id) references product (id),
  constraint product_figure_check_1 check (value >= 0)
);

create index product_figure_by_account_id_version on product_figure (account_id, version);

create table programme (
  id bigint not null,
  account_id bigint not null,
  code text collate "C" not null,
  version bigint not null,
  settings text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  constraint programme_check_1 check (length(code) > 0),
  constraint programme_check_2 check (version > 0)
);

create unique index programme_one_account_id_code on programme (account_id, code);

create table programme_version (
  programme_id bigint not null,
  version bigint not null,
  account_id bigint not null,
  settings text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (programme_id, version),
  foreign key (programme_id) references programme (id)
);

create table promotion (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  status text collate "C" not null,
  version bigint not null,
  body text collate "C" not null,
  changed_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint promotion_check_1 check (length(code) > 0),
  constraint promotion_check_2 check (version > 0),
  constraint promotion_check_3 check (status in ('draft', 'running', 'paused', 'archived'))
);

create unique index promotion_one_programme_id_code on promotion (programme_id, code);

create table promotion_version (
  promotion_id bigint not null,
  version bigint not null,
  account_id bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id)
);

create table promotion_approval (
  promotion_id bigint not null,
  version bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  note text collate "C" not null,
  primary key (promotion_id, version),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_approval_check_1 check (state in ('asked', 'approved', 'declined')),
  constraint promotion_approval_check_2 check ((state = 'asked') = (decided_by is null))
);

create index promotion_approval_by_account_id_asked_at on promotion_approval (account_id, asked_at) where state = 'asked';

create table promotion_pilot (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  promotion_id bigint not null,
  version bigint not null,
  kept bigint,
  scope text collate "C" not null,
  state text collate "C" not null,
  since_rules bigint not null,
  until_rules bigint,
  begun_at bigint not null,
  begun_by text collate "C" not null,
  ended_at bigint,
  ended_by text collate "C",
  primary key (id),
  foreign key (promotion_id) references promotion (id),
  constraint promotion_pilot_check_1 check (state in ('running', 'rolled-out', 'stopped')),
  constraint promotion_pilot_check_2 check ((state = 'running') = (ended_at is null))
);

create unique index promotion_pilot_one_promotion_id on promotion_pilot (promotion_id) where state = 'running';

create index promotion_pilot_by_programme_id on promotion_pilot (programme_id) where state = 'running';

create index promotion_pilot_by_promotion_id_begun_at on promotion_pilot (promotion_id, begun_at desc);

create table rule_book (
  programme_id bigint not null,
  version bigint not null,
  account_id bigint not null,
  programme_version bigint not null,
  promotions bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (programme_id, version),
  foreign key (programme_id) references programme (id)
);

create table approval_change (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  above_from bigint not null,
  above_to bigint,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  note text collate "C" not null,
  primary key (id),
  constraint approval_change_check_1 check (state in ('asked', 'approved', 'declined', 'overtaken')),
  constraint approval_change_check_2 check ((state = 'asked') = (decided_by is null))
);

create unique index approval_change_one_programme_id on approval_change (programme_id) where state = 'asked';

create index approval_change_by_programme_id_id on approval_change (programme_id, id);

create table rule_part (
  account_id bigint not null,
  id bigint not null,
  digest text collate "C" not null,
  body text collate "C" not null,
  primary key (account_id, id)
);

create unique index rule_part_one_account_id_digest on rule_part (account_id, digest);

create table coupon_series (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  code_key text collate "C" not null,
  body text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint coupon_series_check_1 check (length(code) > 0)
);

create unique index coupon_series_one_programme_id_code_key on coupon_series (programme_id, code_key);

create table coupon_batch (
  id bigint not null,
  account_id bigint not null,
  series_id bigint not null,
  label text collate "C" not null,
  asked bigint not null,
  made bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (series_id) references coupon_series (id),
  constraint coupon_batch_check_1 check (asked > 0),
  constraint coupon_batch_check_2 check (made between 0 and asked)
);

create index coupon_batch_by_series_id_id on coupon_batch (series_id, id);

create table coupon (
  account_id bigint not null,
  code text collate "C" not null,
  series_id bigint not null,
  batch_id bigint,
  owner_id bigint,
  state bigint not null default 0,
  issued_at bigint not null,
  good_from bigint,
  good_until bigint,
  used_on bigint,
  used_owner bigint,
  used_at bigint,
  hold_id bigint,
  held_until bigint,
  issued_on bigint,
  primary key (account_id, code),
  constraint coupon_check_1 check (length(code) > 0),
  constraint coupon_check_2 check (state between 0 and 2),
  constraint coupon_check_3 check ((state = 1) = (used_on is not null))
);

create index coupon_by_batch_id_code on coupon (batch_id, code) where batch_id is not null;

create index coupon_by_account_id_owner_id on coupon (account_id, owner_id) where owner_id is not null;

create index coupon_by_account_id_hold_id on coupon (account_id, hold_id) where hold_id is not null;

create index coupon_by_account_id_issued_on on coupon (account_id, issued_on) where issued_on is not null;

create table coupon_use (
  series_id bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  used bigint not null,
  primary key (series_id, store_id)
);

create table coupon_standing (
  programme_id bigint not null,
  series_id bigint not null,
  account_id bigint not null,
  issued bigint not null,
  active bigint not null,
  waiting bigint not null,
  reserved bigint not null,
  used bigint not null,
  expired bigint not null,
  void bigint not null,
  ends_in_week bigint not null,
  ends_in_month bigint not null,
  at bigint not null,
  primary key (programme_id, series_id)
);

create table coupon_day (
  programme_id bigint not null,
  series_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  issued bigint not null,
  used bigint not null,
  expired bigint not null,
  primary key (programme_id, series_id, day)
);

create table certificate_series (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  code_key text collate "C" not null,
  body text collate "C" not null,
  pin_secret text collate "C",
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint certificate_series_check_1 check (length(code) > 0)
);

create unique index certificate_series_one_programme_id_code_key on certificate_series (programme_id, code_key);

create table certificate_batch (
  id bigint not null,
  account_id bigint not null,
  series_id bigint not null,
  label text collate "C" not null,
  asked bigint not null,
  made bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (series_id) references certificate_series (id),
  constraint certificate_batch_check_1 check (asked > 0),
  constraint certificate_batch_check_2 check (made between 0 and asked)
);

create index certificate_batch_by_series_id_id on certificate_batch (series_id, id);

create table certificate (
  account_id bigint not null,
  code text collate "C" not null,
  series_id bigint not null,
  batch_id bigint,
  state bigint not null default 0,
  balance bigint not null default 0,
  issued_at bigint not null,
  activated_at bigint,
  good_until bigint,
  wrong_pins bigint not null default 0,
  hold_id bigint,
  held_until bigint,
  primary key (account_id, code),
  constraint certificate_check_1 check (length(code) > 0),
  constraint certificate_check_2 check (state between 0 and 4),
  constraint certificate_check_3 check (balance >= 0),
  constraint certificate_check_4 check (state = 1 or balance = 0 or state = 4),
  constraint certificate_check_5 check ((hold_id is null) = (held_until is null))
);

create index certificate_by_batch_id_code on certificate (batch_id, code) where batch_id is not null;

create index certificate_by_account_id_hold_id on certificate (account_id, hold_id) where hold_id is not null;

create index certificate_by_account_id_good_until on certificate (account_id, good_until) where state = 1 and good_until is not null;

create table certificate_entry (
  account_id bigint not null,
  code text collate "C" not null,
  id bigint not null,
  series_id bigint not null,
  kind bigint not null,
  change bigint not null,
  at bigint not null,
  posted_at bigint not null,
  receipt_id bigint,
  owner_id bigint,
  return_id bigint,
  store_id bigint,
  actor text collate "C",
  reason text collate "C",
  primary key (account_id, code, id),
  constraint certificate_entry_check_1 check (kind between 1 and 11)
);

create index certificate_entry_by_account_id_receipt_id on certificate_entry (account_id, receipt_id) where receipt_id is not null;

create index certificate_entry_by_account_id_owner_id_id on certificate_entry (account_id, owner_id, id) where owner_id is not null;

create table certificate_day (
  series_id bigint not null,
  day bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  sold_count bigint not null,
  sold bigint not null,
  given bigint not null,
  paid bigint not null,
  refunded bigint not null,
  lapsed bigint not null,
  taken_back bigint not null,
  adjusted bigint not null,
  primary key (series_id, day, store_id)
);

create table certificate_age (
  series_id bigint not null,
  month bigint not null,
  store_id bigint not null,
  account_id bigint not null,
  certificates bigint not null,
  amount bigint not null,
  primary key (series_id, month, store_id)
);

create table certificate_standing (
  programme_id bigint not null,
  series_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  certificates bigint not null,
  open bigint not null,
  face bigint not null,
  spent bigint not null,
  lapsed bigint not null,
  other bigint not null,
  remaining bigint not null,
  ends_in_month bigint not null,
  ending_in_month bigint not null,
  ends_in_quarter bigint not null,
  ending_in_quarter bigint not null,
  books bigint,
  moved bigint,
  at bigint not null,
  primary key (programme_id, series_id, month)
);

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
  day bigint not null default 0,
  day_given bigint not null default 0,
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
  is_empty bigint not null default 0,
  primary key (game_id, edition, n),
  constraint game_draw_check_1 check (n > 0),
  constraint game_draw_check_2 check (roll between 0 and 999999),
  constraint game_draw_check_3 check (hit >= 0),
  constraint game_draw_check_4 check (given >= hit)
);

create unique index game_draw_one_game_id_id on game_draw (game_id, id);

create index game_draw_by_account_id_owner_id_id on game_draw (account_id, owner_id, id);

create index game_draw_by_game_id_edition_n on game_draw (game_id, edition, n) where is_empty = 0;

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
  other_id bigint,
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

create table wallet (
  owner_id bigint not null,
  programme_id bigint not null,
  version bigint not null,
  next_due_at bigint,
  active bigint not null,
  pending bigint not null,
  held bigint not null,
  status bigint not null,
  doc bytea not null,
  primary key (owner_id, programme_id)
);

create index wallet_by_programme_id_next_due_at on wallet (programme_id, next_due_at) where next_due_at is not null;

create index wallet_by_programme_id on wallet (programme_id) where held > 0;

create table posting (
  id bigint not null,
  owner_id bigint not null,
  programme_id bigint not null,
  cause bigint not null,
  cause_id bigint not null,
  event_at bigint not null,
  posted_at bigint not null,
  entries text collate "C" not null,
  primary key (owner_id, id)
);

create index posting_by_programme_id_posted_at_id on posting (programme_id, posted_at, id) where cause in (6, 9);

create table goodwill_request (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  points bigint not null,
  note text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  decided_by text collate "C",
  decided_at bigint,
  is_granted bigint not null default 0 check (is_granted in (0, 1)),
  primary key (owner_id, id),
  constraint goodwill_request_check_1 check (points > 0),
  constraint goodwill_request_check_2 check ((decided_by is null) = (decided_at is null))
);

create index goodwill_request_by_account_id_id on goodwill_request (account_id, id) where decided_at is null;

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

create table receipt (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  store_id bigint not null,
  key text collate "C" not null,
  business_day bigint not null,
  sold_at bigint not null,
  posted_at bigint not null,
  state bigint not null,
  amount bigint not null,
  discount bigint not null,
  spent bigint not null,
  earned bigint not null,
  rules bigint not null,
  calculator bigint not null,
  lines text collate "C" not null,
  facts bytea not null,
  trace bytea not null,
  points bytea not null,
  cashier text collate "C",
  card text collate "C",
  primary key (owner_id, id),
  constraint receipt_check_1 check (state between 1 and 5)
);

create table receipt_return (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  document_id bigint not null,
  receipt_id bigint,
  sale_id bigint,
  store_id bigint not null,
  key text collate "C" not null,
  business_day bigint not null,
  returned_at bigint not null,
  posted_at bigint not null,
  policy bigint not null,
  amount bigint not null,
  given_back bigint not null,
  taken_back bigint not null,
  lost bigint not null,
  lines text collate "C" not null,
  points bytea not null,
  documents text collate "C",
  step bigint not null default 0,
  given text collate "C",
  cashier text collate "C",
  matched_as bigint,
  primary key (owner_id, id)
);

create index receipt_return_by_owner_id_receipt_id on receipt_return (owner_id, receipt_id);

create index receipt_return_by_owner_id_document_id on receipt_return (owner_id, document_id);

create index receipt_return_by_document_id on receipt_return (document_id);

create table receipt_alias (
  owner_id bigint not null,
  receipt_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  sold_by bigint not null,
  sold_at bigint not null,
  attached_at bigint not null,
  earned bigint not null,
  is_returned bigint not null check (is_returned in (0, 1)),
  points bytea not null,
  given text collate "C",
  given_lines text collate "C",
  primary key (owner_id, receipt_id)
);

create table discrepancy (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  store_id bigint not null,
  receipt_id bigint not null,
  cause text collate "C" not null,
  stated bigint not null,
  expected bigint not null,
  at bigint not null,
  register text collate "C",
  cashier text collate "C",
  primary key (owner_id, id)
);

create index discrepancy_by_account_id_id on discrepancy (account_id, id);

create index discrepancy_by_owner_id_receipt_id on discrepancy (owner_id, receipt_id);

create index discrepancy_by_account_id_cause_id on discrepancy (account_id, cause, id);

create index discrepancy_by_account_id_store_id_id on discrepancy (account_id, store_id, id);

create table promotion_usage (
  account_id bigint not null,
  promotion_id bigint not null,
  store_id bigint not null,
  day bigint not null,
  uses bigint not null,
  money bigint not null,
  points bigint not null,
  primary key (promotion_id, store_id, day)
);

create table promotion_slice (
  account_id bigint not null,
  promotion_id bigint not null,
  node bigint not null,
  uses bigint not null,
  money bigint not null,
  points bigint not null,
  primary key (promotion_id, node)
);

create table promotion_day_slice (
  account_id bigint not null,
  promotion_id bigint not null,
  day bigint not null,
  node bigint not null,
  uses bigint not null,
  money bigint not null,
  points bigint not null,
  primary key (promotion_id, day, node)
);

create table waiting_return (
  account_id bigint not null,
  kind bigint not null,
  key text collate "C" not null,
  document_id bigint not null,
  owner_id bigint not null,
  goods text collate "C" not null,
  primary key (account_id, kind, key, document_id)
);

create index waiting_return_by_account_id_document_id on waiting_return (account_id, document_id);

create index waiting_return_by_document_id on waiting_return (document_id);

create table past_receipts (
  account_id bigint not null,
  programme_id bigint not null,
  receipts bigint not null,
  primary key (programme_id)
);

create table till_answer (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  register text collate "C" not null,
  at bigint not null,
  call text collate "C" not null,
  status bigint not null,
  code text collate "C" not null,
  member_id bigint,
  basket text collate "C",
  request text collate "C" not null,
  answer text collate "C" not null,
  request_id text collate "C" not null,
  primary key (owner_id, id)
);

create index till_answer_by_at on till_answer (at);

create index till_answer_by_request_id on till_answer (request_id);

create table shift_closing (
  id bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  register text collate "C" not null,
  shift bigint not null,
  business_day bigint not null,
  opened_at bigint not null,
  closed_at bigint not null,
  first_date bigint not null,
  last_date bigint not null,
  stated_sales bigint not null,
  stated_sales_amount bigint not null,
  stated_returns bigint not null,
  stated_returns_amount bigint not null,
  found_sales bigint not null,
  found_sales_amount bigint not null,
  found_returns bigint not null,
  found_returns_amount bigint not null,
  ties bigint not null check (ties in (0, 1)),
  missing bigint not null,
  surplus bigint not null,
  different bigint not null,
  body text collate "C",
  found text collate "C",
  body_hash bigint not null,
  at bigint not null,
  checked_at bigint not null,
  replaced_at bigint,
  primary key (owner_id, id),
  constraint shift_closing_check_1 check (first_date <= last_date)
);

create index shift_closing_by_owner_id_business_day on shift_closing (owner_id, business_day);

create index shift_closing_by_account_id_business_day on shift_closing (account_id, business_day) where ties = 0 and replaced_at is null;

create table store_day (
  account_id bigint not null,
  store_id bigint not null,
  day bigint not null,
  receipts bigint not null,
  amount bigint not null,
  member_receipts bigint not null,
  member_amount bigint not null,
  earned bigint not null,
  spent bigint not null,
  returns bigint not null,
  returned bigint not null,
  taken_back bigint not null,
  given_back bigint not null,
  discrepancies bigint not null,
  primary key (store_id, day)
);

create index store_day_by_account_id_day on store_day (account_id, day);

create table member_day (
  owner_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  amount bigint not null default 0,
  points bigint not null default 0,
  primary key (owner_id, day),
  constraint member_day_check_1 check (receipts > 0)
);

create table comeback (
  account_id bigint not null,
  day bigint not null,
  gap bigint not null,
  members bigint not null,
  primary key (account_id, day, gap),
  constraint comeback_check_1 check (gap > 0)
);

create table points_owed (
  programme_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  points bigint not null,
  wallets bigint not null,
  at bigint not null,
  primary key (programme_id, month)
);

create table shopper_spread (
  programme_id bigint not null,
  account_id bigint not null,
  members bigint not null,
  body text collate "C" not null,
  at bigint not null,
  primary key (programme_id)
);

create table points_flow (
  programme_id bigint not null,
  month bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  account_id bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month, from_account, to_account)
);

create table points_place (
  programme_id bigint not null,
  month bigint not null,
  entity_id bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  account_id bigint not null,
  settled bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month, entity_id, from_account, to_account)
);

create table points_age (
  programme_id bigint not null,
  month bigint not null,
  account_id bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month)
);

create table ladder_standing (
  owner_id bigint not null,
  programme_id bigint not null,
  account_id bigint not null,
  tier_id bigint,
  grant_id bigint,
  falls_at bigint,
  rules bigint not null,
  primary key (owner_id, programme_id),
  constraint ladder_standing_check_1 check ((tier_id is null) = (grant_id is null))
);

create index ladder_standing_by_programme_id_falls_at on ladder_standing (programme_id, falls_at) where falls_at is not null;

create table tier_gift (
  owner_id bigint not null,
  receipt_id bigint not null,
  promotion_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  holder_id bigint not null,
  grant_id bigint not null,
  starts_at bigint not null,
  ends_at bigint not null,
  taken_back_at bigint,
  primary key (owner_id, receipt_id, promotion_id),
  constraint tier_gift_check_1 check (ends_at > starts_at)
);

create index tier_gift_by_holder_id_ends_at on tier_gift (holder_id, ends_at);

create table favourite_tally (
  programme_id bigint not null,
  starts_at bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  members bigint not null,
  primary key (programme_id, starts_at, code)
);

create table settlement_start (
  account_id bigint not null,
  at bigint not null,
  primary key (account_id)
);

create table promotion_day (
  promotion_id bigint not null,
  rules bigint not null,
  store_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receipts bigint not null,
  money bigint not null,
  points bigint not null,
  returns bigint not null,
  money_back bigint not null,
  points_back bigint not null,
  primary key (promotion_id, rules, store_id, day)
);

create table clearing_day (
  store_id bigint not null,
  programme_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  amount bigint not null,
  earned bigint not null,
  spent bigint not null,
  returns bigint not null,
  taken_back bigint not null,
  given_back bigint not null,
  primary key (store_id, programme_id, day)
);

create table promotion_payer (
  promotion_id bigint not null,
  rules bigint not null,
  place bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  payer text collate "C" not null,
  code text collate "C" not null,
  contract text collate "C" not null,
  shares text collate "C" not null,
  spend_value bigint not null,
  points_scale bigint not null,
  promotion_code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  primary key (promotion_id, rules, place)
);

create index promotion_payer_by_programme_id_payer_code_contract on promotion_payer (programme_id, payer, code, contract);

create table funding_contract (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  payer text collate "C" not null,
  code text collate "C" not null,
  contract text collate "C" not null,
  name text collate "C" not null,
  tax_number text collate "C" not null,
  ceiling bigint,
  made_at bigint not null,
  issuer text collate "C",
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint funding_contract_check_1 check (length(name) > 0)
);

create unique index funding_contract_one_programme_id_payer_code_contract on funding_contract (programme_id, payer, code, contract);

create table funding_act (
  id bigint not null,
  account_id bigint not null,
  contract_id bigint not null,
  number bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  amount bigint not null,
  beyond bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (contract_id) references funding_contract (id),
  constraint funding_act_check_1 check (number > 0),
  constraint funding_act_check_2 check (first_day <= last_day)
);

create unique index funding_act_one_contract_id_number on funding_act (contract_id, number);

create unique index funding_act_one_contract_id_first_day on funding_act (contract_id, first_day);

create table funding_period (
  act_id bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  contract_id bigint not null,
  account_id bigint not null,
  amount bigint not null,
  primary key (act_id, first_day),
  foreign key (act_id) references funding_act (id)
);

create index funding_period_by_contract_id_first_day on funding_period (contract_id, first_day);

create table promotion_trial_day (
  promotion_id bigint not null,
  rules bigint not null,
  store_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receipts bigint not null,
  money bigint not null,
  points bigint not null,
  returns bigint not null,
  money_back bigint not null,
  points_back bigint not null,
  primary key (promotion_id, rules, store_id, day)
);

create table promotion_trial_payer (
  promotion_id bigint not null,
  rules bigint not null,
  place bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  payer text collate "C" not null,
  code text collate "C" not null,
  contract text collate "C" not null,
  shares text collate "C" not null,
  spend_value bigint not null,
  points_scale bigint not null,
  promotion_code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  primary key (promotion_id, rules, place)
);

create index promotion_trial_payer_by_programme_id_payer_code_contract on promotion_trial_payer (programme_id, payer, code, contract);

create table promotion_goods_day (
  promotion_id bigint not null,
  rules bigint not null,
  is_trial bigint not null,
  day bigint not null,
  product_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  quantity bigint not null,
  money bigint not null,
  points bigint not null,
  quantity_back bigint not null,
  primary key (promotion_id, rules, is_trial, day, product_id)
);

create table partner (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name text collate "C" not null,
  tax_number text collate "C" not null,
  contract text collate "C" not null,
  made_at bigint not null,
  primary key (id),
  foreign key (programme_id) references programme (id),
  constraint partner_check_1 check (length(code) > 0),
  constraint partner_check_2 check (length(name) > 0)
);

create unique index partner_one_programme_id_code on partner (programme_id, code);

create table partner_entity (
  programme_id bigint not null,
  legal_entity_id bigint not null,
  partner_id bigint not null,
  account_id bigint not null,
  primary key (programme_id, legal_entity_id),
  foreign key (partner_id) references partner (id)
);

create index partner_entity_by_partner_id on partner_entity (partner_id);

create table partner_terms (
  partner_id bigint not null,
  from_day bigint not null,
  account_id bigint not null,
  earn_value bigint not null,
  spend_value bigint not null,
  commission bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (partner_id, from_day),
  foreign key (partner_id) references partner (id),
  constraint partner_terms_check_1 check (earn_value >= 0),
  constraint partner_terms_check_2 check (spend_value >= 0),
  constraint partner_terms_check_3 check (commission between 0 and 1000000)
);

create table partner_statement (
  id bigint not null,
  account_id bigint not null,
  partner_id bigint not null,
  number bigint not null,
  first_day bigint not null,
  last_day bigint not null,
  opening bigint not null,
  closing bigint not null,
  body text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  primary key (id),
  foreign key (partner_id) references partner (id),
  constraint partner_statement_check_1 check (number > 0),
  constraint partner_statement_check_2 check (first_day <= last_day)
);

create unique index partner_statement_one_partner_id_number on partner_statement (partner_id, number);

create unique index partner_statement_one_partner_id_first_day on partner_statement (partner_id, first_day);

create table partner_cleared (
  statement_id bigint not null,
  day bigint not null,
  partner_id bigint not null,
  account_id bigint not null,
  net bigint not null,
  primary key (statement_id, day),
  foreign key (statement_id) references partner_statement (id)
);

create index partner_cleared_by_partner_id_day on partner_cleared (partner_id, day);

create table partner_entry (
  id bigint not null,
  account_id bigint not null,
  partner_id bigint not null,
  kind bigint not null,
  state bigint not null,
  day bigint not null,
  amount bigint not null,
  receipt_id bigint,
  owner_id bigint,
  reason text collate "C" not null,
  answer text collate "C" not null,
  statement_id bigint,
  request text collate "C" not null,
  made_at bigint not null,
  actor text collate "C" not null,
  decided_at bigint,
  decided_by text collate "C",
  primary key (id),
  foreign key (partner_id) references partner (id),
  constraint partner_entry_check_1 check (kind between 1 and 2),
  constraint partner_entry_check_2 check (state between 1 and 3)
);

create unique index partner_entry_one_partner_id_request on partner_entry (partner_id, request);

create index partner_entry_by_partner_id_id on partner_entry (partner_id, id);

create index partner_entry_by_partner_id_statement_id on partner_entry (partner_id, statement_id);

create table guard_day (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  day bigint not null,
  subject text collate "C" not null,
  account_id bigint not null,
  receipts bigint not null default 0,
  named bigint not null default 0,
  amount bigint not null default 0,
  discount bigint not null default 0,
  earned bigint not null default 0,
  spent bigint not null default 0,
  returns bigint not null default 0,
  returned bigint not null default 0,
  cancelled bigint not null default 0,
  by_hand bigint not null default 0,
  breadth bigint not null default 0,
  peak bigint not null default 0,
  refused bigint not null default 0,
  hop bigint,
  last_store bigint not null default 0,
  last_at bigint not null default 0,
  receipts_seen text collate "C" not null default '',
  given_away bigint not null default 0,
  transfers bigint not null default 0,
  circles bigint not null default 0,
  primary key (programme_id, kind, store_id, day, subject)
);

create index guard_day_by_programme_id_kind_subject_day on guard_day (programme_id, kind, subject, day);

create index guard_day_by_programme_id_kind_day on guard_day (programme_id, kind, day);

create index guard_day_by_busy on guard_day (programme_id, day, named) where kind = 1 and named > 2;

create table guard_pair (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  day bigint not null,
  subject text collate "C" not null,
  owner_id bigint not null,
  account_id bigint not null,
  receipts bigint not null,
  points bigint not null,
  primary key (programme_id, kind, store_id, day, subject, owner_id)
);

create index guard_pair_by_programme_id_day on guard_pair (programme_id, day);

create table guard_slot (
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  slot bigint not null,
  owner_id bigint not null,
  account_id bigint not null,
  named bigint not null default 0,
  discount bigint not null default 0,
  earned bigint not null default 0,
  spent bigint not null default 0,
  returns bigint not null default 0,
  by_hand bigint not null default 0,
  refused bigint not null default 0,
  primary key (programme_id, kind, store_id, subject, slot, owner_id)
);

create index guard_slot_by_programme_id_slot on guard_slot (programme_id, slot);

create table guard_refusal (
  programme_id bigint not null,
  day bigint not null,
  store_id bigint not null,
  name text collate "C" not null,
  account_id bigint not null,
  register text collate "C" not null,
  cashier text collate "C",
  owner_id bigint not null,
  at bigint not null,
  reason text collate "C" not null,
  primary key (programme_id, day, store_id, name)
);

create index guard_refusal_by_programme_id_store_id_day on guard_refusal (programme_id, store_id, day);

create index guard_refusal_by_programme_id_owner_id_day on guard_refusal (programme_id, owner_id, day);

create table guard_alert (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  limit_code text collate "C" not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  day bigint not null,
  is_hard bigint not null check (is_hard in (0, 1)),
  measure text collate "C" not null,
  days bigint not null,
  hours bigint not null,
  figure bigint not null,
  threshold bigint not null,
  receipts_seen text collate "C" not null default '',
  state text collate "C" not null,
  at bigint not null,
  decided_at bigint,
  decided_by text collate "C",
  note text collate "C",
  told_as text collate "C" not null,
  primary key (id),
  constraint guard_alert_check_1 check (state in ('open', 'seen', 'dismissed', 'confirmed'))
);

create unique index guard_alert_one_programme_id_told_as on guard_alert (programme_id, told_as);

create index guard_alert_by_programme_id_state_id on guard_alert (programme_id, state, id);

create index guard_alert_by_programme_id_kind_subject_id on guard_alert (programme_id, kind, subject, id);

create table guard_block (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  kind bigint not null,
  store_id bigint not null,
  subject text collate "C" not null,
  reason text collate "C" not null,
  limit_code text collate "C",
  day bigint,
  made_at bigint not null,
  made_by text collate "C" not null,
  ends_at bigint,
  ended_at bigint,
  ended_by text collate "C",
  told_as text collate "C",
  primary key (id)
);

create unique index guard_block_one_programme_id_told_as on guard_block (programme_id, told_as);

create index guard_block_by_live on guard_block (programme_id, kind) where ended_at is null;

create index guard_block_by_subject on guard_block (programme_id, kind, subject, id);

create table wallet_merge (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  survivor_id bigint not null,
  merged_at bigint not null,
  shift bigint not null,
  last_return bigint not null,
  before bytea not null,
  slides text collate "C" not null,
  moved text collate "C" not null,
  ended_at bigint,
  primary key (owner_id, id),
  constraint wallet_merge_check_1 check (survivor_id <> owner_id),
  constraint wallet_merge_check_2 check (shift >= 0)
);

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

create table subscription (
  owner_id bigint not null,
  programme_id bigint not null,
  plan text collate "C" not null,
  id bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  tier_id bigint not null,
  since bigint not null,
  ends_at bigint not null,
  until bigint not null,
  renewals bigint not null,
  grant_id bigint,
  noticed bigint,
  due_at bigint,
  changed_at bigint not null,
  primary key (owner_id, programme_id, plan),
  constraint subscription_check_1 check (state in ('active', 'ended', 'cancelled')),
  constraint subscription_check_2 check (until >= ends_at)
);

create index subscription_by_programme_id_due_at on subscription (programme_id, due_at) where due_at is not null;

create index subscription_by_programme_id_id on subscription (programme_id, id);

create table subscription_period (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  holder_id bigint not null,
  plan text collate "C" not null,
  kind text collate "C" not null,
  receipt_id bigint,
  at bigint not null,
  units bigint not null,
  units_left bigint not null,
  months bigint not null,
  days bigint not null,
  grace_days bigint not null,
  tier_id bigint not null,
  amount bigint not null,
  lines text collate "C" not null,
  counts bigint not null default 0,
  actor text collate "C",
  reason text collate "C",
  primary key (owner_id, id),
  constraint subscription_period_check_1 check (kind in ('sale', 'hand', 'trial', 'cancel')),
  constraint subscription_period_check_2 check (units_left between 0 and units)
);

create index subscription_period_by_holder_id_plan_id on subscription_period (holder_id, plan, id);

create index subscription_period_by_owner_id_receipt_id on subscription_period (owner_id, receipt_id) where receipt_id is not null;

create table subscription_change (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  plan text collate "C" not null,
  kind text collate "C" not null,
  month bigint not null,
  at bigint not null,
  amount bigint not null default 0,
  primary key (owner_id, id),
  constraint subscription_change_check_1 check (kind in ('started', 'renewed', 'ended', 'cancelled', 'sold', 'returned'))
);

create index subscription_change_by_programme_id_month_plan on subscription_change (programme_id, month, plan);

create table subscription_saving (
  owner_id bigint not null,
  receipt_id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  tier_id bigint not null,
  month bigint not null,
  at bigint not null,
  amount bigint not null,
  plan text collate "C",
  primary key (owner_id, receipt_id)
);

create index subscription_saving_by_programme_id_month on subscription_saving (programme_id, month);

create index subscription_saving_by_programme_id_receipt_id on subscription_saving (programme_id, receipt_id) where plan is null;

create table bulk_action (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  segment_id bigint not null,
  name text collate "C" not null,
  body text collate "C" not null,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  confirmed_by text collate "C",
  approved_by text collate "C",
  counted_at bigint,
  ended_at bigint,
  due bigint not null default 0,
  changed bigint not null default 0,
  left_out bigint not null default 0,
  undone bigint not null default 0,
  kept bigint not null default 0,
  forgotten_at bigint,
  is_bare bigint not null default 0,
  primary key (id),
  constraint bulk_action_check_1 check (length(state) > 0),
  constraint bulk_action_check_2 check (due >= 0)
);

create index bulk_action_by_programme_id_id on bulk_action (programme_id, id);

create index bulk_action_by_keeping on bulk_action (ended_at) where is_bare = 0 and ended_at is not null;

create table bulk_member (
  owner_id bigint not null,
  action_id bigint not null,
  account_id bigint not null,
  state bigint not null,
  reason text collate "C",
  former text collate "C",
  at bigint,
  primary key (owner_id, action_id),
  constraint bulk_member_check_1 check (state between 0 and 4)
);

create index bulk_member_by_action_id_state_owner_id on bulk_member (action_id, state, owner_id);

create index bulk_member_by_action_id_owner_id on bulk_member (action_id, owner_id);

create table whatif_run (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  promotion_id bigint not null,
  version bigint not null,
  from_day bigint not null,
  through_day bigint not null,
  response bigint,
  state text collate "C" not null,
  asked_by text collate "C" not null,
  asked_at bigint not null,
  ended_at bigint,
  receipts bigint not null default 0,
  is_without bigint not null default 0,
  is_stopping bigint not null default 0,
  report text collate "C",
  failure text collate "C",
  primary key (id),
  constraint whatif_run_check_1 check (length(state) > 0),
  constraint whatif_run_check_2 check (receipts >= 0)
);

create index whatif_run_by_promotion_id_id on whatif_run (promotion_id, id);

create index whatif_run_by_open on whatif_run (programme_id, id) where ended_at is null;

create index whatif_run_by_keeping on whatif_run (asked_at);

create table transfer (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  receiver_id bigint not null,
  points bigint not null,
  fee bigint not null,
  message text collate "C",
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  is_circle bigint not null check (is_circle in (0, 1)),
  confirmation_id bigint,
  parts bytea not null,
  fee_parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  taken_back bigint not null default 0,
  reason text collate "C",
  primary key (owner_id, id),
  constraint transfer_check_1 check (points > 0),
  constraint transfer_check_2 check (fee >= 0),
  constraint transfer_check_3 check (fee < points),
  constraint transfer_check_4 check (owner_id <> receiver_id),
  constraint transfer_check_5 check (taken_back between 0 and points),
  constraint transfer_check_6 check ((undone_at is null) = (undone_by is null))
);

create unique index transfer_one_owner_id_confirmation_id on transfer (owner_id, confirmation_id) where confirmation_id is not null;

create index transfer_by_programme_id_id on transfer (programme_id, id);

create index transfer_by_receiver_id_id on transfer (receiver_id, id);

create index transfer_by_owner_id_programme_id_day on transfer (owner_id, programme_id, day);

create index transfer_by_circles on transfer (programme_id, id) where is_circle = 1;

create table donation (
  owner_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  charity text collate "C" not null,
  points bigint not null,
  day bigint not null,
  made_at bigint not null,
  actor text collate "C" not null,
  parts bytea not null,
  undone_at bigint,
  undone_by text collate "C",
  reason text collate "C",
  primary key (owner_id, id),
  constraint donation_check_1 check (points > 0),
  constraint donation_check_2 check (length(charity) > 0),
  constraint donation_check_3 check ((undone_at is null) = (undone_by is null))
);

create index donation_by_programme_id_id on donation (programme_id, id);

create index donation_by_programme_id_charity_day on donation (programme_id, charity, day);

create table charity_day (
  programme_id bigint not null,
  charity text collate "C" not null,
  day bigint not null,
  account_id bigint not null,
  donations bigint not null,
  points bigint not null,
  primary key (programme_id, charity, day),
  constraint charity_day_check_1 check (donations >= 0),
  constraint charity_day_check_2 check (points >= 0)
);

create table first_purchase (
  programme_id bigint not null,
  sum_id bigint not null,
  account_id bigint not null,
  book bigint not null,
  asked_at bigint not null,
  last_owner bigint not null default 0,
  counted_at bigint,
  primary key (programme_id, sum_id),
  foreign key (programme_id) references programme (id)
);

create index first_purchase_by_waiting on first_purchase (account_id, programme_id) where counted_at is null;

create table report_definitions (
  account_id bigint not null,
  version bigint not null,
  starts_on bigint not null,
  body text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
);

create table report_target (
  programme_id bigint not null,
  month bigint not null,
  measure text collate "C" not null,
  account_id bigint not null,
  amount bigint not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
);

create table saved_report (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  note text collate "C" not null,
  folder text collate "C" not null,
  form text collate "C" not null,
  roles text collate "C" not null,
  staff_id bigint not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint saved_report_check_1 check (length(name) > 0),
  constraint saved_report_check_2 check (version > 0)
);

create unique index saved_report_one_programme_id_name_key on saved_report (programme_id, name_key);

create table report_schedule (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  report_id bigint not null,
  rhythm text collate "C" not null,
  day bigint not null,
  hour bigint not null,
  language text collate "C" not null,
  staff_id bigint not null,
  is_paused bigint not null check (is_paused in (0, 1)),
  next_at bigint,
  made_at bigint not null,
  primary key (id),
  foreign key (report_id) references saved_report (id),
  constraint report_schedule_check_1 check (rhythm in ('day', 'week', 'month')),
  constraint report_schedule_check_2 check (day >= 0 and day <= 31),
  constraint report_schedule_check_3 check (hour >= 0 and hour <= 23),
  constraint report_schedule_check_4 check (language in ('ru', 'en')),
  constraint report_schedule_check_5 check (is_paused = 0 or next_at is null)
);

create index report_schedule_by_report_id_id on report_schedule (report_id, id);

create index report_schedule_by_next_at on report_schedule (next_at) where next_at is not null;

create table report_reader (
  schedule_id bigint not null,
  staff_id bigint not null,
  account_id bigint not null,
  added_at bigint not null,
  is_off bigint not null check (is_off in (0, 1)),
  primary key (schedule_id, staff_id),
  foreign key (schedule_id) references report_schedule (id)
);

create table report_sending (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  schedule_id bigint not null,
  moment bigint not null,
  staff_id bigint,
  passed_over bigint not null,
  state text collate "C" not null,
  reason text collate "C",
  made_at bigint not null,
  ended_at bigint,
  primary key (id),
  foreign key (schedule_id) references report_schedule (id),
  constraint report_sending_check_1 check (state in ('waiting', 'sent', 'failed', 'dropped')),
  constraint report_sending_check_2 check (passed_over >= 0)
);

create unique index report_sending_one_schedule_id_moment on report_sending (schedule_id, moment);

create index report_sending_by_made_at on report_sending (made_at);

create table report_letter (
  sending_id bigint not null,
  staff_id bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  reason text collate "C",
  at bigint not null,
  primary key (sending_id, staff_id),
  foreign key (sending_id) references report_sending (id),
  constraint report_letter_check_1 check (state in ('handing', 'sent', 'failed', 'refused', 'unknown'))
);

create table dashboard (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  note text collate "C" not null,
  period text collate "C" not null,
  tiles text collate "C" not null,
  roles text collate "C" not null,
  staff_id bigint not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint dashboard_check_1 check (length(name) > 0),
  constraint dashboard_check_2 check (version > 0)
);

create unique index dashboard_one_programme_id_name_key on dashboard (programme_id, name_key);

create table formula (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  code text collate "C" not null,
  name_ru text collate "C" not null,
  name_en text collate "C" not null,
  body text collate "C" not null,
  format text collate "C" not null,
  note text collate "C" not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint formula_check_1 check (length(code) > 0),
  constraint formula_check_2 check (version > 0)
);

create unique index formula_one_programme_id_code on formula (programme_id, code);

create table report_outside (
  account_id bigint not null,
  pattern text collate "C" not null,
  added_at bigint not null,
  primary key (account_id, pattern),
  constraint report_outside_check_1 check (length(pattern) > 0)
);

create table report_outsider (
  id bigint not null,
  schedule_id bigint not null,
  account_id bigint not null,
  mail text collate "C" not null,
  added_at bigint not null,
  primary key (id),
  foreign key (schedule_id) references report_schedule (id)
);

create unique index report_outsider_one_schedule_id_mail on report_outsider (schedule_id, mail);

create table visit_gate (
  programme_id bigint not null,
  account_id bigint not null,
  taken_at bigint not null,
  primary key (programme_id)
);

create table traffic_source (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  mark text collate "C" not null,
  source text collate "C" not null,
  medium text collate "C" not null,
  campaign text collate "C" not null,
  content text collate "C" not null,
  term text collate "C" not null,
  referrer text collate "C" not null,
  primary key (id)
);

create unique index traffic_source_one_programme_id_mark on traffic_source (programme_id, mark);

create table visitor (
  visitor text collate "C" not null,
  programme_id bigint not null,
  account_id bigint not null,
  owner_id bigint not null,
  named_id bigint not null,
  named_at bigint not null,
  primary key (programme_id, visitor),
  constraint visitor_check_1 check (length(visitor) > 0)
);

create index visitor_by_owner_id on visitor (owner_id);

create index visitor_by_named_id on visitor (named_id);

create table visit (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  visitor text collate "C" not null,
  session text collate "C" not null,
  owner_id bigint,
  named_id bigint,
  started_at bigint not null,
  ended_at bigint not null,
  day bigint not null,
  source_id bigint not null,
  source_at bigint,
  events bigint not null,
  product_views bigint not null,
  carts bigint not null,
  orders bigint not null,
  primary key (visitor, id),
  constraint visit_check_1 check (started_at <= ended_at)
);

create index visit_by_programme_id_visitor_ended_at on visit (programme_id, visitor, ended_at);

create index visit_by_programme_id_day_id on visit (programme_id, day, id);

create index visit_by_owner_id_started_at on visit (owner_id, started_at) where owner_id is not null;

create index visit_by_named_id on visit (named_id) where named_id is not null;

create table visit_event (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  mark text collate "C" not null,
  kind text collate "C" not null,
  at bigint not null,
  visitor text collate "C" not null,
  visit_id bigint not null,
  owner_id bigint,
  named_id bigint,
  page text collate "C",
  product text collate "C",
  quantity bigint,
  amount bigint,
  channel text collate "C",
  brand text collate "C",
  receipt_key text collate "C",
  receipt_id bigint,
  details text collate "C",
  primary key (programme_id, mark),
  constraint visit_event_check_1 check (length(mark) > 0),
  constraint visit_event_check_2 check (length(kind) > 0),
  constraint visit_event_check_3 check (length(visitor) > 0)
);

create index visit_event_by_programme_id_kind_at_id on visit_event (programme_id, kind, at, id);

create index visit_event_by_programme_id_visitor_at on visit_event (programme_id, visitor, at);

create index visit_event_by_programme_id_at on visit_event (programme_id, at);

create index visit_event_by_owner_id_at on visit_event (owner_id, at) where owner_id is not null;

create index visit_event_by_named_id on visit_event (named_id) where named_id is not null;

create index visit_event_by_visit_id on visit_event (visit_id);

create index visit_event_by_waiting on visit_event (programme_id, at) where receipt_key is not null and receipt_id is null;

create index visit_event_by_bought on visit_event (programme_id, at) where receipt_id is not null;

create table visit_day (
  programme_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  stale_at bigint,
  visits bigint not null,
  events bigint not null,
  body bytea,
  primary key (programme_id, day)
);

create index visit_day_by_stale_at on visit_day (stale_at) where stale_at is not null;

create table visit_touch (
  owner_id bigint not null,
  programme_id bigint not null,
  account_id bigint not null,
  touched_at bigint not null,
  primary key (owner_id)
);

create index visit_touch_by_programme_id_touched_at on visit_touch (programme_id, touched_at);

create index visit_touch_by_touched_at on visit_touch (touched_at);

create table funnel (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  body text collate "C" not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint funnel_check_1 check (length(name) > 0),
  constraint funnel_check_2 check (version > 0)
);

create unique index funnel_one_programme_id_name_key on funnel (programme_id, name_key);

create table webhook (
  id bigint not null,
  account_id bigint not null,
  url text collate "C" not null,
  kinds text collate "C" not null,
  state text collate "C" not null,
  reason text collate "C",
  secret text collate "C" not null,
  old_secret text collate "C",
  old_until bigint,
  position bigint not null,
  failures bigint not null,
  failing_since bigint,
  next_at bigint not null,
  holder text collate "C",
  claimed_until bigint not null,
  made_at bigint not null,
  primary key (id),
  constraint webhook_check_1 check (state in ('active', 'paused')),
  constraint webhook_check_2 check (length(url) > 0)
);

create index webhook_by_account_id on webhook (account_id);

create table webhook_delivery (
  webhook_id bigint not null,
  position bigint not null,
  account_id bigint not null,
  kind bigint not null,
  state text collate "C" not null,
  attempts bigint not null,
  due_at bigint not null,
  made_at bigint not null,
  tried_at bigint,
  status bigint,
  took bigint,
  error text collate "C",
  primary key (webhook_id, position),
  constraint webhook_delivery_check_1 check (state in ('waiting', 'delivered', 'dead'))
);

create index webhook_delivery_by_webhook_id_due_at on webhook_delivery (webhook_id, due_at) where state = 'waiting';

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

create index webhook_delivery_by_made_at on webhook_delivery (made_at);

create table upload (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint,
  kind text collate "C" not null,
  name text collate "C" not null,
  made_by text collate "C" not null,
  touched_at bigint not null,
  size bigint not null,
  lines bigint not null,
  state text collate "C" not null,
  is_dry_run bigint not null check (is_dry_run in (0, 1)),
  is_stop_asked bigint not null check (is_stop_asked in (0, 1)),
  max_refused bigint not null,
  mapping text collate "C",
  tally text collate "C",
  complaints text collate "C" not null,
  fault text collate "C",
  started_at bigint,
  started_line bigint not null,
  primary key (id),
  constraint upload_check_1 check (size >= 0),
  constraint upload_check_2 check (length(name) > 0)
);

create index upload_by_account_id_id on upload (account_id, id);

create index upload_by_touched_at on upload (touched_at);

create table upload_piece (
  upload_id bigint not null,
  account_id bigint not null,
  part bigint not null,
  start_at bigint not null,
  bytes bytea not null,
  primary key (upload_id, part, start_at),
  constraint upload_piece_check_1 check (part in (0, 1)),
  constraint upload_piece_check_2 check (start_at >= 0)
);
