SELECT rolname::text AS name, rolsuper AS superuser, rolbypassrls AS bypasses,
    EXISTS (SELECT FROM pg_class WHERE pg_has_role(role.oid, relowner, 'MEMBER') AND relnamespace = 'public'::regnamespace)
        OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(role.oid, datdba, 'MEMBER')) AS owns,
    ARRAY(
        SELECT other.rolname::text FROM pg_auth_members JOIN pg_roles AS other ON other.oid = pg_auth_members.roleid
        WHERE pg_auth_members.member = role.oid ORDER BY 1
    ) AS belongs_to,
    coalesce(rolconfig, '{}')::text[] AS settings
FROM pg_roles AS role WHERE rolname = ANY ($1::text[]) ORDER BY rolname
