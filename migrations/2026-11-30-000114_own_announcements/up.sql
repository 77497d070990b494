-- A process keeps what every member may read of the directory in memory, for two seconds. Whoever changes something must see their change at
-- once, whichever process they ask next. So each transaction is told, when it opens, what its organisation has announced to all: when that
-- is something new, what was kept before isn't shown to this organisation.
CREATE FUNCTION own_announcements() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
    -- Several, because a transaction can commit after another whose position is higher.
    RETURN hash_array_extended(ARRAY (
        SELECT change.position FROM outbox_for_all AS change
        WHERE change.organisation_id = (SELECT tenant()) ORDER BY change.position DESC LIMIT 16
    ), 0);
END
$$;
COMMENT ON FUNCTION own_announcements() IS 'A number that changes whenever the tenant announces something to all members.';
REVOKE ALL ON FUNCTION own_announcements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_announcements() TO pamoja_app;
