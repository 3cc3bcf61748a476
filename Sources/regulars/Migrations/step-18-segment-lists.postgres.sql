-- Segments are archived; members stay in them, or out of them, by choice; and how they grew is kept day by day.
alter table segment add column archived_at bigint;

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
