SELECT present_password($1, $2) AS done
