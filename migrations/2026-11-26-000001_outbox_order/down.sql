REVOKE SELECT ON SEQUENCE outbox_position_seq FROM pamoja_app;
DROP TRIGGER outbox_hold_position ON outbox;
DROP FUNCTION settled_outbox_position();
DROP FUNCTION hold_outbox_position();
DROP FUNCTION outbox_lock_space();
ALTER TABLE outbox ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX outbox_order ON outbox (organisation_id, transaction_id, position);
COMMENT ON TABLE outbox IS 'PRIVATE: changes that this organisation can be told of, in the order of commit; both parties of a change put it there.';
