-- Up to where the outbox can be read without overlooking what is still to be committed: judged by the transactions of this database that
-- write to it, and by no others. Whoever writes holds, from before its first position is issued until it ends, an advisory lock that
-- carries the last position issued before. What lies at or before the smallest of those, and was issued when they were looked at, is settled.

COMMENT ON TABLE outbox IS 'PRIVATE: changes that this organisation can be told of, by position; both parties of a change put it there.';
DROP INDEX outbox_order;
ALTER TABLE outbox DROP COLUMN transaction_id;

-- Nobody else's locks begin with these 16 bits; the other 48 are the position.
CREATE FUNCTION outbox_lock_space() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 20554;
COMMENT ON FUNCTION outbox_lock_space() IS 'The first 16 bits of the advisory locks of those who write to the outbox.';

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
GRANT SELECT ON SEQUENCE outbox_position_seq TO pamoja_app;
