-- Returns that wait for their sale, by when they came: for whoever looks at them, and for what forgets them.

create index waiting_return_by_account_id_document_id on waiting_return (account_id, document_id);

create index waiting_return_by_document_id on waiting_return (document_id);
