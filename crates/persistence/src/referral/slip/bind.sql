SELECT nonce, waiting FROM bind_blank_slip($1, $2)
