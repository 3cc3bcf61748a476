-- What tills were told is found by the request's id as well.

create index till_answer_by_request_id on till_answer (request_id);

-- Wallets of which a hold has points set aside are counted.

create index wallet_by_programme_id on wallet (programme_id) where held > 0;
