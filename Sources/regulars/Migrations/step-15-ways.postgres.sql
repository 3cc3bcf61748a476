-- What members agreed to, and what of it stands; offers that they activated.
create table consent (
  owner_id bigint not null,
  consent text collate "C" not null,
  acted_at bigint not null,
  is_given bigint not null check (is_given in (0, 1)),
  account_id bigint not null,
  programme_id bigint not null,
  text_version text collate "C" not null,
  source text collate "C" not null,
  proof text collate "C",
  recorded_at bigint not null,
  actor text collate "C" not null,
  primary key (owner_id, consent, acted_at, is_given),
  foreign key (owner_id) references member (owner_id),
  constraint consent_check_1 check (length(source) > 0)
);

alter table member add column consents bigint;

alter table member add column offers text collate "C";
