DO $$
DECLARE
    found record;
    called regprocedure;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS name, conname, attname
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'c' AND conname ~ '_readable$' AND pg_get_constraintdef(pg_constraint.oid) LIKE '%isfinite%'
    LOOP
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (isfinite(%I))', found.name, found.conname, found.conname, found.attname
        );
    END LOOP;
    ALTER TABLE training_request DROP CONSTRAINT training_request_months_readable;
    FOR called IN
        SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
    LOOP
        EXECUTE format('ALTER FUNCTION %s RESET client_min_messages', called);
    END LOOP;
END
$$;
