-- What visitors and members do on sites and in apps, sessions, days that add them up, and funnels.
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
