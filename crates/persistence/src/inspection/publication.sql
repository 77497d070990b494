WITH classed AS (
    SELECT oid, relname, split_part(obj_description(oid, 'pg_class'), ':', 1) AS class
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
), role AS (
    SELECT oid, rolname FROM pg_roles WHERE rolname IN ('pamoja_server', 'pamoja_app', 'pamoja_sign_in', 'pamoja_worker', 'pamoja_operator')
)
SELECT format('The role %s can read %s, which holds true figures over all members: REVOKE it, or undo what was changed by hand.', rolname, relname) AS sentence
FROM classed CROSS JOIN role WHERE class = 'UNPUBLISHED' AND has_any_column_privilege(role.oid, classed.oid, 'SELECT')
UNION ALL
SELECT format('The role %s can write %s, which holds what is published: REVOKE it, or undo what was changed by hand.', rolname, relname)
FROM classed CROSS JOIN role WHERE class = 'PUBLISHED' AND (
    has_any_column_privilege(role.oid, classed.oid, 'INSERT') OR has_any_column_privilege(role.oid, classed.oid, 'UPDATE')
    OR has_table_privilege(role.oid, classed.oid, 'DELETE, TRUNCATE')
)
