ALTER TABLE service DROP COLUMN checked_at;
