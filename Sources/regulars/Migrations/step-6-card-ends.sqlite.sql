-- Members by the last digits of a card.
create index identifier_by_card_end on identifier (programme_id, substr(value, length(value) - 3), owner_id) where kind = 'card';
