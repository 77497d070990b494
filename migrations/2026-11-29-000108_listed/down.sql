DO $$
DECLARE
    checking record;
    checks record;
BEGIN
    FOR checking IN
        SELECT pg_proc.oid, proname, prosrc, said FROM pg_proc JOIN (VALUES
            ('check_training_timeline', 'Refuses the new state of a request for a training without its event, and an event without its state.'),
            ('check_consent_withdrawn', 'Refuses to delete a pseudonym of a referral whose client has not withdrawn consent.'),
            ('check_erased', 'Refuses an audit entry of an erasure or a withdrawal that left something behind.')
        ) AS known (name, said) ON known.name = proname
        WHERE pronamespace = 'statement'::regnamespace
    LOOP
        EXECUTE format('CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS %L', checking.proname, checking.prosrc);
        EXECUTE format('COMMENT ON FUNCTION %I() IS %L', checking.proname, checking.said);
        EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', checking.proname);
        FOR checks IN
            SELECT tgname, tgrelid::regclass AS checked, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgfoid = checking.oid
        LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', checks.tgname, checks.checked);
            EXECUTE regexp_replace(checks.definition, 'EXECUTE FUNCTION .*$', format('EXECUTE FUNCTION %I()', checking.proname));
        END LOOP;
    END LOOP;
END
$$;
DROP SCHEMA statement CASCADE;
