-- Members by the last digits of a card. New identifiers wait while the index is built: about a minute for a hundred million cards.
create index identifier_by_card_end on identifier (programme_id, substr(value, length(value) - 3), owner_id) where kind = 'card';
