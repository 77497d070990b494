CREATE OR REPLACE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + coalesce(nullif(current_setting('pamoja.clock_offset', true), '')::interval, interval '0');
COMMENT ON FUNCTION moment() IS 'The time, as all of the program reads it. Only tests set an offset.';
