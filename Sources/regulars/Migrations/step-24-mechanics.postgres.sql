-- What instances may use of limits that a promotion has for one day of the whole chain.

create table promotion_day_slice (
  account_id bigint not null,
  promotion_id bigint not null,
  day bigint not null,
  node bigint not null,
  uses bigint not null,
  money bigint not null,
  points bigint not null,
  primary key (promotion_id, day, node)
);
