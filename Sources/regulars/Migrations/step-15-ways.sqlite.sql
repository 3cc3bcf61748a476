-- What members agreed to, and what of it stands; offers that they activated.
create table consent (
  owner_id integer not null,
  consent text not null,
  acted_at integer not null,
  is_given integer not null check (is_given in (0, 1)),
  account_id integer not null,
  programme_id integer not null,
  text_version text not null,
  source text not null,
  proof text,
  recorded_at integer not null,
  actor text not null,
  primary key (owner_id, consent, acted_at, is_given),
  foreign key (owner_id) references member (owner_id),
  constraint consent_check_1 check (length(source) > 0)
) strict, without rowid;

alter table member add column consents integer;

alter table member add column offers text;
