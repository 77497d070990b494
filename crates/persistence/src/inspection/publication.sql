WITH classed AS (
    SELECT oid, relname, split_part(obj_description(oid, 'pg_class'), ':', 1) AS class
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
)
SELECT format('The role %s can read %s, which holds true figures over all members: REVOKE it, or undo what was changed by hand.', current_user, relname) AS sentence
FROM classed WHERE class = 'UNPUBLISHED' AND has_any_column_privilege(oid, 'SELECT')
UNION ALL
SELECT format('The role %s can write %s, which holds what is published: REVOKE it, or undo what was changed by hand.', current_user, relname)
FROM classed WHERE class = 'PUBLISHED'
    AND (has_any_column_privilege(oid, 'INSERT') OR has_any_column_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE, TRUNCATE'))
UNION ALL
SELECT format('The role %s belongs to pamoja_publisher, which reads over all members: REVOKE it.', current_user)
FROM pg_roles WHERE rolname = 'pamoja_publisher' AND pg_has_role(oid, 'MEMBER')
UNION ALL
SELECT 'The role pamoja_publisher is not bound by row-level security: take SUPERUSER and BYPASSRLS from it.'
FROM pg_roles WHERE rolname = 'pamoja_publisher' AND (rolsuper OR rolbypassrls)
