SELECT device, until FROM session_standing($1, $2, $3)
