SELECT nonce, organisation_id, checked_in_at FROM bind_blank_slip($1)
