-- What computes the members of a segment: its condition, and when it was last counted.
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
