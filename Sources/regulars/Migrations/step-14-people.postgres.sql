-- Favourite categories: what members chose, in their rows, and how many chose what.
alter table member add column favourites text collate "C";

create table favourite_tally (
  programme_id bigint not null,
  starts_at bigint not null,
  code text collate "C" not null,
  account_id bigint not null,
  members bigint not null,
  primary key (programme_id, starts_at, code)
);
