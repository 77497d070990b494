SELECT organisation, member, at FROM conclude_sign_in($1, $2, $3, make_interval(secs => $4), $5, $6)
