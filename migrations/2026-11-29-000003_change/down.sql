DROP TABLE outbox_for_all;
REVOKE USAGE ON SEQUENCE outbox_position_seq FROM pamoja_app;
ALTER TABLE outbox ALTER COLUMN kind TYPE text;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('REFERRAL', 'TRAINING_REQUEST'));
DROP DOMAIN change_kind;
