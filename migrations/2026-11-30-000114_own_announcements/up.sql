-- A process keeps what every member may read of the directory in memory, for two seconds. Whoever changes something must see their change at
-- once, whichever process they ask next. So each transaction is told, when it opens, what its organisation has announced to all of late: when
-- that is something else, what was kept before isn't shown to this organisation.
CREATE FUNCTION own_announcements() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
DECLARE
    -- A transaction can commit after another whose position is higher. None lasts so long that what it announced isn't among these at first.
    positions bigint[] := ARRAY (
        SELECT change.position FROM outbox_for_all AS change
        WHERE change.organisation_id = (SELECT tenant()) AND change.recorded_at > moment() - interval '30 seconds'
        ORDER BY change.position LIMIT 1000
    );
BEGIN
    -- Of more than that nobody can tell whether something is new.
    RETURN CASE WHEN cardinality(positions) < 1000 THEN hash_array_extended(positions, 0) END;
END
$$;
COMMENT ON FUNCTION own_announcements() IS 'A number that changes whenever the tenant announces something to all members; null when that was very much of late.';
REVOKE ALL ON FUNCTION own_announcements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_announcements() TO pamoja_app;
