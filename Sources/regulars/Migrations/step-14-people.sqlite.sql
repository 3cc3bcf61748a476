-- Favourite categories: what members chose, in their rows, and how many chose what.
alter table member add column favourites text;

create table favourite_tally (
  programme_id integer not null,
  starts_at integer not null,
  code text not null,
  account_id integer not null,
  members integer not null,
  primary key (programme_id, starts_at, code)
) strict, without rowid;
