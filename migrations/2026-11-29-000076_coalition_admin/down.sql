ALTER TABLE user_account DROP COLUMN administers_kind;
ALTER TABLE organisation DROP CONSTRAINT organisation_id_kind;
