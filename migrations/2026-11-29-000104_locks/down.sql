GRANT SELECT (transaction_id) ON audit_entry TO pamoja_app;
ALTER TABLE audit_entry ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
DROP TRIGGER audit_entry_note_transaction ON audit_entry;
DROP FUNCTION note_transaction();

GRANT SELECT, USAGE ON SEQUENCE outbox_position_seq TO pamoja_app;
ALTER TABLE outbox_for_all ALTER COLUMN position SET DEFAULT nextval('outbox_position_seq');
DROP TRIGGER outbox_for_all_issue_position ON outbox_for_all;
DROP FUNCTION issue_outbox_position();

DROP FUNCTION settled_outbox_position();
CREATE FUNCTION settled_outbox_position() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    issued bigint;
    held bigint;
BEGIN
    -- In this order: whoever is issued a position after this line counts as not yet read, and whoever was issued one before it holds its
    -- lock, or has ended and is seen by whatever is read from now on.
    SELECT last_value - (NOT is_called)::integer INTO issued FROM outbox_position_seq;
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO held FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = outbox_lock_space()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN least(issued, held);
END
$$;
COMMENT ON FUNCTION settled_outbox_position() IS 'The position up to which nothing can appear in the outbox any more that a later statement would not see.';

DROP TRIGGER outbox_hold_position ON outbox;
DROP TRIGGER outbox_for_all_hold_position ON outbox_for_all;
DROP FUNCTION hold_outbox_position();
CREATE FUNCTION hold_outbox_position() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Once a transaction: the first lock is the one that reaches back furthest.
    IF current_setting('pamoja.outbox_held', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared((outbox_lock_space() << 48) | (last_value - (NOT is_called)::integer)) FROM outbox_position_seq;
        PERFORM set_config('pamoja.outbox_held', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hold_outbox_position() IS 'Says to readers of the outbox, until the transaction ends, from which position on something may still appear.';
CREATE TRIGGER outbox_hold_position BEFORE INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION hold_outbox_position();
CREATE TRIGGER outbox_for_all_hold_position BEFORE INSERT ON outbox_for_all FOR EACH STATEMENT EXECUTE FUNCTION hold_outbox_position();

DROP FUNCTION lock_trainer(uuid);
DROP FUNCTION take_lock(text);
