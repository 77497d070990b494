SELECT attempt, home, salt, memory_kib, passes, lanes FROM begin_sign_in($1)
