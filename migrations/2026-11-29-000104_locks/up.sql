-- Whoever sends SQL as a role of the program takes no lock by its number, reads no list of locks and no counter that all share
-- (docker/catalogue.sql takes these functions from everybody). What they are needed for, functions of the owner do.

-- 1. Locks by name. Whose lock it is isn't asked but looked up, so nobody keeps another organisation waiting, and members can't take
-- what a job waits for.
CREATE FUNCTION take_lock(what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whose uuid := CASE
        WHEN door() = 'member' AND what = 'pseudonym' THEN tenant()
        WHEN door() = 'member' AND what IN ('blank_slip', 'slip_attempt') THEN acting_user()
        WHEN door() = 'job' AND what = 'audit_seal' THEN tenant()
        WHEN door() = 'operator' AND what = 'facility register' THEN '00000000-0000-0000-0000-000000000000'
    END;
BEGIN
    IF whose IS NULL THEN
        RAISE EXCEPTION 'no lock % for this transaction', what USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The first 16 bits keep these locks apart from those of the outbox.
    PERFORM pg_advisory_xact_lock((20557::bigint << 48) | (hashtextextended(what || ' ' || whose, 0) & ((1::bigint << 48) - 1)));
END
$$;
COMMENT ON FUNCTION take_lock(text) IS
    'Takes, until the transaction ends, the lock of that name of its own user or organisation, after waiting for whoever holds it.';
REVOKE ALL ON FUNCTION take_lock(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_lock(text) TO pamoja_app, pamoja_worker, pamoja_operator;

-- The trainer's lock is taken by those who move a request: the trainer, or a host who asked that trainer.
CREATE FUNCTION lock_trainer(trainer uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (
        door() = 'member'
        AND (
            trainer = tenant()
            OR EXISTS (SELECT FROM training_request WHERE from_organisation_id = tenant() AND to_organisation_id = trainer)
        )
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'no lock of this trainer for this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(20555, hashtext(trainer::text));
END
$$;
COMMENT ON FUNCTION lock_trainer(uuid) IS
    'Lets one transaction at a time change when a trainer''s trainings are held; for the trainer and for those who asked the trainer.';
REVOKE ALL ON FUNCTION lock_trainer(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_trainer(uuid) TO pamoja_app;

-- 2. The order of the outbox, as before, but done by the owner.
CREATE OR REPLACE FUNCTION hold_outbox_position() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own text := pg_current_xact_id()::text;
    noted text[] := string_to_array(current_setting('pamoja.outbox_held', true), ' ');
    place bigint;
BEGIN
    SELECT last_value - (NOT is_called)::integer INTO place FROM outbox_position_seq;
    -- Once a transaction: the first lock reaches back furthest, and taking it again costs nothing. What is noted anybody can write, so
    -- it is only believed where it reaches back further: a later lock than this statement needs is never taken instead.
    IF noted[1] = own THEN
        place := least(place, greatest(noted[2]::bigint, 0));
    END IF;
    PERFORM pg_advisory_xact_lock_shared((outbox_lock_space() << 48) | place);
    PERFORM set_config('pamoja.outbox_held', own || ' ' || place, true);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION hold_outbox_position() FROM PUBLIC;

CREATE OR REPLACE FUNCTION settled_outbox_position() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    issued bigint;
    held bigint;
BEGIN
    -- In this order: whoever is issued a position after this line counts as not yet read, and whoever was issued one before it holds its
    -- lock, or has ended and is seen by whatever is read from now on.
    SELECT last_value - (NOT is_called)::integer INTO issued FROM outbox_position_seq;
    -- Those who write hold a shared lock; an exclusive one with such a number is another's, by chance.
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO held FROM pg_locks
    WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objsubid = 1 AND classid::bigint >> 16 = outbox_lock_space()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN least(issued, held);
END
$$;
REVOKE ALL ON FUNCTION settled_outbox_position() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settled_outbox_position() TO pamoja_app, pamoja_worker;

-- A default is computed with the rights of whoever inserts; a trigger with its owner's. So nobody needs a right on the sequence.
CREATE FUNCTION issue_outbox_position() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.position := nextval('outbox_position_seq');
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION issue_outbox_position() IS 'Gives what concerns every member the next position of the outbox.';
REVOKE ALL ON FUNCTION issue_outbox_position() FROM PUBLIC;
CREATE TRIGGER outbox_for_all_issue_position BEFORE INSERT ON outbox_for_all FOR EACH ROW EXECUTE FUNCTION issue_outbox_position();
ALTER TABLE outbox_for_all ALTER COLUMN position DROP DEFAULT;
REVOKE SELECT, USAGE ON SEQUENCE outbox_position_seq FROM pamoja_app;

-- 3. The transaction of an audit entry. Its number counts the transactions of all organisations, and members need it for nothing.
CREATE FUNCTION note_transaction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.transaction_id := pg_current_xact_id();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_transaction() IS 'Notes in which transaction an audit entry is written.';
REVOKE ALL ON FUNCTION note_transaction() FROM PUBLIC;
CREATE TRIGGER audit_entry_note_transaction BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION note_transaction();
ALTER TABLE audit_entry ALTER COLUMN transaction_id DROP DEFAULT;
REVOKE SELECT (transaction_id) ON audit_entry FROM pamoja_app;
