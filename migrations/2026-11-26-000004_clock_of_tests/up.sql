-- Whoever can set a setting could set the time: only a database of the tests, whose name says so, is told another one.
CREATE OR REPLACE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + CASE
        WHEN starts_with(current_database(), 'test_') THEN coalesce(nullif(current_setting('pamoja.clock_offset', true), '')::interval, interval '0')
        ELSE interval '0'
    END;
COMMENT ON FUNCTION moment() IS 'The time, as all of the program reads it. Only in a database whose name begins with test_ can it be set off.';
