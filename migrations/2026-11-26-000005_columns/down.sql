DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND has_any_column_privilege('pamoja_app', oid, 'SELECT')
        ORDER BY relname
    LOOP
        -- Of the table, and so of each of its columns.
        EXECUTE format('REVOKE SELECT ON %s FROM pamoja_app', granted.name);
        EXECUTE format('GRANT SELECT ON %s TO pamoja_app', granted.name);
    END LOOP;
END
$$;
REVOKE INSERT (organisation_id, user_id, action, node_id) ON audit_entry FROM pamoja_app;
REVOKE INSERT (organisation_id, kind, node_id) ON outbox FROM pamoja_app;
REVOKE INSERT (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id, without_slip) ON referral_event FROM pamoja_app;
GRANT INSERT ON audit_entry, outbox, referral_event TO pamoja_app;
