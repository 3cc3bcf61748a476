-- How far jobs are and who asked for them; failed deliveries by index; when tokens were used; links in letters to the staff.
alter table job add column actor text collate "C";

alter table job add column begun_at bigint;

alter table job add column done bigint;

alter table job add column total bigint;

alter table job add column is_stopping bigint not null default 0 check (is_stopping in (0, 1));

create index job_by_account_id_state_id on job (account_id, state, id);

create index webhook_delivery_by_webhook_id_position on webhook_delivery (webhook_id, position) where (state = 'dead' or (state = 'waiting' and attempts > 0));

alter table token add column used_at bigint;

create index token_by_account_id_kind_id on token (account_id, kind, id);

alter table staff add column mail text collate "C";

create table staff_link (
  id bigint not null,
  account_id bigint not null,
  staff_id bigint not null,
  purpose text collate "C" not null,
  secret_hash text collate "C" not null,
  made_at bigint not null,
  ends_at bigint not null,
  primary key (id),
  foreign key (account_id) references account (id),
  foreign key (staff_id) references staff (id),
  constraint staff_link_check_1 check (purpose in ('invitation', 'reset'))
);

create unique index staff_link_one_secret_hash on staff_link (secret_hash);

create index staff_link_by_account_id_staff_id on staff_link (account_id, staff_id);

create index staff_link_by_ends_at on staff_link (ends_at);
