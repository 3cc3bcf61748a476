-- Values that a programme makes of others.

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
