DROP TABLE organisation_contact;
ALTER TABLE service DROP COLUMN line, DROP COLUMN languages, DROP COLUMN hours;
