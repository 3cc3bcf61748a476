-- Tiers by rules: what members paid by day, what comes with a tier besides money, and where members stand.
alter table member_day add column amount integer not null default 0;

alter table member_day add column points integer not null default 0;

alter table tier add column privileges text not null default '[]';

create table ladder_standing (
  owner_id integer not null,
  programme_id integer not null,
  account_id integer not null,
  tier_id integer,
  grant_id integer,
  falls_at integer,
  rules integer not null,
  primary key (owner_id, programme_id),
  constraint ladder_standing_check_1 check ((tier_id is null) = (grant_id is null))
) strict, without rowid;

create index ladder_standing_by_programme_id_falls_at on ladder_standing (programme_id, falls_at) where falls_at is not null;
