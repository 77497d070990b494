SELECT at, roles FROM open_member($1, $2, $3, $4)
