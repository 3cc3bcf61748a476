-- Who was in a segment on a day that is past: how members came and went, segment by segment.

create index segment_move_by_segment_id_owner_id_at on segment_move (segment_id, owner_id, at);
