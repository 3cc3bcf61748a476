-- Whom an action on a segment concerned is kept for a time.

alter table bulk_action add column forgotten_at integer;

alter table bulk_action add column is_bare integer not null default 0;

create index bulk_action_by_keeping on bulk_action (ended_at) where is_bare = 0 and ended_at is not null;
