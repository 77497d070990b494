-- A grant on a table reaches further than its columns: it lets the system columns be read, which tell of writes that row-level security
-- hides, and a position be chosen that the table is still to issue. So the program's role is granted columns by name. A new table and a
-- new column have to be granted so too.

REVOKE INSERT ON audit_entry, outbox, referral_event FROM pamoja_app;
GRANT INSERT (organisation_id, user_id, action, node_id) ON audit_entry TO pamoja_app;
GRANT INSERT (organisation_id, kind, node_id) ON outbox TO pamoja_app;
GRANT INSERT (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id, without_slip) ON referral_event TO pamoja_app;

DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT pg_class.oid::regclass AS name, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND has_table_privilege('pamoja_app', pg_class.oid, 'SELECT')
        GROUP BY pg_class.oid, relname ORDER BY relname
    LOOP
        EXECUTE format('REVOKE SELECT ON %s FROM pamoja_app', granted.name);
        EXECUTE format('GRANT SELECT (%s) ON %s TO pamoja_app', granted.columns, granted.name);
    END LOOP;
END
$$;
