-- What visitors and members do on sites and in apps, sessions, days that add them up, and funnels.
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
