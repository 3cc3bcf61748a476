-- Segments are archived; members stay in them, or out of them, by choice; and how they grew is kept day by day.
alter table segment add column archived_at integer;

create table segment_choice (
  owner_id integer not null,
  segment_id integer not null,
  account_id integer not null,
  is_in integer not null check (is_in in (0, 1)),
  since integer not null,
  primary key (owner_id, segment_id)
) strict, without rowid;

create index segment_choice_by_segment_id_owner_id on segment_choice (segment_id, owner_id);

create table segment_size (
  segment_id integer not null,
  day integer not null,
  account_id integer not null,
  members integer not null,
  counted_at integer not null,
  primary key (segment_id, day)
) strict, without rowid;
-- What the words of reports mean, version by version, what months are to come to, and what the journal moved by months.
create table report_definitions (
  account_id integer not null,
  version integer not null,
  starts_on integer not null,
  body text not null,
  actor text not null,
  made_at integer not null,
  primary key (account_id, version),
  constraint report_definitions_check_1 check (version > 0)
) strict, without rowid;

create table report_target (
  programme_id integer not null,
  month integer not null,
  measure text not null,
  account_id integer not null,
  amount integer not null,
  primary key (programme_id, month, measure),
  constraint report_target_check_1 check (amount > 0)
) strict, without rowid;

create table points_flow (
  programme_id integer not null,
  month integer not null,
  from_account integer not null,
  to_account integer not null,
  account_id integer not null,
  points integer not null,
  at integer not null,
  primary key (programme_id, month, from_account, to_account)
) strict, without rowid;
-- Reports that people keep, when they are sent to whom, and what became of each letter.
create table saved_report (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  name text not null,
  name_key text not null,
  note text not null,
  folder text not null,
  form text not null,
  roles text not null,
  staff_id integer not null,
  version integer not null,
  made_at integer not null,
  changed_at integer not null,
  archived_at integer,
  constraint saved_report_check_1 check (length(name) > 0),
  constraint saved_report_check_2 check (version > 0)
) strict;

create unique index saved_report_one_programme_id_name_key on saved_report (programme_id, name_key);

create table report_schedule (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  report_id integer not null,
  rhythm text not null,
  day integer not null,
  hour integer not null,
  language text not null,
  staff_id integer not null,
  is_paused integer not null check (is_paused in (0, 1)),
  next_at integer,
  made_at integer not null,
  foreign key (report_id) references saved_report (id),
  constraint report_schedule_check_1 check (rhythm in ('day', 'week', 'month')),
  constraint report_schedule_check_2 check (day >= 0 and day <= 31),
  constraint report_schedule_check_3 check (hour >= 0 and hour <= 23),
  constraint report_schedule_check_4 check (language in ('ru', 'en')),
  constraint report_schedule_check_5 check (is_paused = 0 or next_at is null)
) strict;

create index report_schedule_by_report_id_id on report_schedule (report_id, id);

create index report_schedule_by_next_at on report_schedule (next_at) where next_at is not null;

create table report_reader (
  schedule_id integer not null,
  staff_id integer not null,
  account_id integer not null,
  added_at integer not null,
  is_off integer not null check (is_off in (0, 1)),
  primary key (schedule_id, staff_id),
  foreign key (schedule_id) references report_schedule (id)
) strict;

create table report_sending (
  id integer primary key,
  account_id integer not null,
  programme_id integer not null,
  schedule_id integer not null,
  moment integer not null,
  staff_id integer,
  passed_over integer not null,
  state text not null,
  reason text,
  made_at integer not null,
  ended_at integer,
  foreign key (schedule_id) references report_schedule (id),
  constraint report_sending_check_1 check (state in ('waiting', 'sent', 'failed', 'dropped')),
  constraint report_sending_check_2 check (passed_over >= 0)
) strict;

create unique index report_sending_one_schedule_id_moment on report_sending (schedule_id, moment);

create index report_sending_by_made_at on report_sending (made_at);

create table report_letter (
  sending_id integer not null,
  staff_id integer not null,
  account_id integer not null,
  state text not null,
  reason text,
  at integer not null,
  primary key (sending_id, staff_id),
  foreign key (sending_id) references report_sending (id),
  constraint report_letter_check_1 check (state in ('handing', 'sent', 'failed', 'refused', 'unknown'))
) strict;
