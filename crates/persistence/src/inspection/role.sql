SELECT rolname::text AS name, rolsuper AS superuser, rolbypassrls AS bypasses,
    EXISTS (SELECT FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER') AND relnamespace = 'public'::regnamespace)
        OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')) AS owns,
    current_setting('statement_timeout') AS statement_timeout,
    current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
    current_setting('server_version') AS server_version
FROM pg_roles WHERE rolname = current_user
