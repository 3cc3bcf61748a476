-- Values that a programme makes of others.

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
