SELECT at, roles, own_announcements() AS announced FROM open_member($1, $2, $3, $4)
