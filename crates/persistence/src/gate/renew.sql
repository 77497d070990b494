SELECT outcome, session, member, issued_at, at FROM renew_session($1, $2, $3, $4, $5, $6)
