-- What computes the members of a segment: its condition, and when it was last counted.
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
