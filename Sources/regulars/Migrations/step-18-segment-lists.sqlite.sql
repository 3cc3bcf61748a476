-- Segments are archived; members stay in them, or out of them, by choice; and how they grew is kept day by day.
alter table segment add column archived_at integer;

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
