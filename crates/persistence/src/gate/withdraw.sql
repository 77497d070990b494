SELECT withdraw_sign_in($1)
