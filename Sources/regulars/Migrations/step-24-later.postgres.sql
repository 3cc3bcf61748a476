-- What instances may use of limits that a promotion has for one day of the whole chain.

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

-- What people read when they agreed, by the version that their consents name.

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

create index consent_by_programme_id_consent_text_version on consent (programme_id, consent, text_version);

-- When members came into segments and left them, for the timeline of their cards.

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

-- Goods that came back before the receipt that they name, under each of its keys.

create table waiting_return (
  account_id bigint not null,
  kind bigint not null,
  key text collate "C" not null,
  document_id bigint not null,
  owner_id bigint not null,
  goods text collate "C" not null,
  primary key (account_id, kind, key, document_id)
);

-- The document under which they were taken back of it when it came.

alter table receipt_return add column matched_as bigint;
