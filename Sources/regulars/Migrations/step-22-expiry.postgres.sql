-- Points that ran out are found by the day on which the books learnt of it.

create index posting_by_programme_id_posted_at_id on posting (programme_id, posted_at, id) where cause in (6, 9);
