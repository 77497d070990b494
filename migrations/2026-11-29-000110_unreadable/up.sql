-- PostgreSQL knows years that no reader does. A row with one would fail the whole page on which it stands, for everybody.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS name, conname, attname, atttypid::regtype AS type
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'c' AND conname ~ '_readable$' AND pg_get_constraintdef(pg_constraint.oid) LIKE '%isfinite%'
    LOOP
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (isfinite(%I) AND %I >= %L::%s AND %I < %L::%s)',
            found.name, found.conname, found.conname, found.attname, found.attname, '0001-01-01', found.type, found.attname,
            CASE WHEN found.type = 'date'::regtype THEN '10000-01-01' ELSE '10000-01-01 00:00:00+00' END, found.type
        );
    END LOOP;
END
$$;
-- Nor is a month one that isn't.
ALTER TABLE training_request ADD CONSTRAINT training_request_months_readable
    CHECK (array_to_string(preferred_months, ' ') ~ '^([1-9][0-9]{3}-(0[1-9]|1[0-2])( |$))*$');

-- What PostgreSQL prints of a function's plans for a developer who asks for it tells what the function found, to whoever calls it or has
-- it called at commit.
DO $$
DECLARE
    called regprocedure;
BEGIN
    FOR called IN
        SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET client_min_messages = warning', called);
    END LOOP;
END
$$;
