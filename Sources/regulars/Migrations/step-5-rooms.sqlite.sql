-- How far jobs are and who asked for them; failed deliveries by index; when tokens were used; links in letters to the staff.
alter table job add column actor text;

alter table job add column begun_at integer;

alter table job add column done integer;

alter table job add column total integer;

alter table job add column is_stopping integer not null default 0 check (is_stopping in (0, 1));

create index job_by_account_id_state_id on job (account_id, state, id);

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

alter table token add column used_at integer;

create index token_by_account_id_kind_id on token (account_id, kind, id);

alter table staff add column mail text;

create table staff_link (
  id integer primary key,
  account_id integer not null,
  staff_id integer not null,
  purpose text not null,
  secret_hash text not null,
  made_at integer not null,
  ends_at integer not null,
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
) strict;

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);
