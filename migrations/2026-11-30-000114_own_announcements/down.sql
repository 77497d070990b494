DROP FUNCTION own_announcements();
