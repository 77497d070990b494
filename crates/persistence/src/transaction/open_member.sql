SELECT at, roles, own_announcements() AS announced, on_own_device() AS own_device FROM open_member($1, $2, $3, $4)
