-- What instances may use of limits that a promotion has for one day of the whole chain.

create table promotion_day_slice (
  account_id integer not null,
  promotion_id integer not null,
  day integer not null,
  node integer not null,
  uses integer not null,
  money integer not null,
  points integer not null,
  primary key (promotion_id, day, node)
) strict, without rowid;
