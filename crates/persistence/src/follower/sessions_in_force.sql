SELECT place, roles, device FROM sessions_in_force($1, $2, $3, $4)
