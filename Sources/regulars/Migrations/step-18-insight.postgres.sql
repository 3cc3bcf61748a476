-- Segments are archived; members stay in them, or out of them, by choice; and how they grew is kept day by day.
alter table segment add column archived_at bigint;

create table segment_choice (
  owner_id bigint not null,
  segment_id bigint not null,
  account_id bigint not null,
  is_in bigint not null check (is_in in (0, 1)),
  since bigint not null,
  primary key (owner_id, segment_id)
);

create index segment_choice_by_segment_id_owner_id on segment_choice (segment_id, owner_id);

create table segment_size (
  segment_id bigint not null,
  day bigint not null,
  account_id bigint not null,
  members bigint not null,
  counted_at bigint not null,
  primary key (segment_id, day)
);
-- What the words of reports mean, version by version, what months are to come to, and what the journal moved by months.
create table report_definitions (
  account_id bigint not null,
  version bigint not null,
  starts_on bigint not null,
  body text collate "C" not null,
  actor text collate "C" not null,
  made_at bigint not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
);

create table report_target (
  programme_id bigint not null,
  month bigint not null,
  measure text collate "C" not null,
  account_id bigint not null,
  amount bigint not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
);

create table points_flow (
  programme_id bigint not null,
  month bigint not null,
  from_account bigint not null,
  to_account bigint not null,
  account_id bigint not null,
  points bigint not null,
  at bigint not null,
  primary key (programme_id, month, from_account, to_account)
);
-- Reports that people keep, when they are sent to whom, and what became of each letter.
create table saved_report (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  name text collate "C" not null,
  name_key text collate "C" not null,
  note text collate "C" not null,
  folder text collate "C" not null,
  form text collate "C" not null,
  roles text collate "C" not null,
  staff_id bigint not null,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  archived_at bigint,
  primary key (id),
  constraint saved_report_check_1 check (length(name) > 0),
  constraint saved_report_check_2 check (version > 0)
);

create unique index saved_report_one_programme_id_name_key on saved_report (programme_id, name_key);

create table report_schedule (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  report_id bigint not null,
  rhythm text collate "C" not null,
  day bigint not null,
  hour bigint not null,
  language text collate "C" not null,
  staff_id bigint not null,
  is_paused bigint not null check (is_paused in (0, 1)),
  next_at bigint,
  made_at bigint not null,
  primary key (id),
  foreign key (report_id) references saved_report (id),
  constraint report_schedule_check_1 check (rhythm in ('day', 'week', 'month')),
  constraint report_schedule_check_2 check (day >= 0 and day <= 31),
  constraint report_schedule_check_3 check (hour >= 0 and hour <= 23),
  constraint report_schedule_check_4 check (language in ('ru', 'en')),
  constraint report_schedule_check_5 check (is_paused = 0 or next_at is null)
);

create index report_schedule_by_report_id_id on report_schedule (report_id, id);

create index report_schedule_by_next_at on report_schedule (next_at) where next_at is not null;

create table report_reader (
  schedule_id bigint not null,
  staff_id bigint not null,
  account_id bigint not null,
  added_at bigint not null,
  is_off bigint not null check (is_off in (0, 1)),
  primary key (schedule_id, staff_id),
  foreign key (schedule_id) references report_schedule (id)
);

create table report_sending (
  id bigint not null,
  account_id bigint not null,
  programme_id bigint not null,
  schedule_id bigint not null,
  moment bigint not null,
  staff_id bigint,
  passed_over bigint not null,
  state text collate "C" not null,
  reason text collate "C",
  made_at bigint not null,
  ended_at bigint,
  primary key (id),
  foreign key (schedule_id) references report_schedule (id),
  constraint report_sending_check_1 check (state in ('waiting', 'sent', 'failed', 'dropped')),
  constraint report_sending_check_2 check (passed_over >= 0)
);

create unique index report_sending_one_schedule_id_moment on report_sending (schedule_id, moment);

create index report_sending_by_made_at on report_sending (made_at);

create table report_letter (
  sending_id bigint not null,
  staff_id bigint not null,
  account_id bigint not null,
  state text collate "C" not null,
  reason text collate "C",
  at bigint not null,
  primary key (sending_id, staff_id),
  foreign key (sending_id) references report_sending (id),
  constraint report_letter_check_1 check (state in ('handing', 'sent', 'failed', 'refused', 'unknown'))
);
