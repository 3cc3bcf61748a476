-- What instances may use of limits that a promotion has for one day of the whole chain.

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

-- What people read when they agreed, by the version that their consents name.

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

create index consent_by_programme_id_consent_text_version on consent (programme_id, consent, text_version);

-- When members came into segments and left them, for the timeline of their cards.

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

-- Goods that came back before the receipt that they name, under each of its keys.

create table waiting_return (
  account_id integer not null,
  kind integer not null,
  key text not null,
  document_id integer not null,
  owner_id integer not null,
  goods text not null,
  primary key (account_id, kind, key, document_id)
) strict, without rowid;

-- The document under which they were taken back of it when it came.

alter table receipt_return add column matched_as integer;
