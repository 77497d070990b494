-- The tables from which the program erases: it may delete from them or change them. The others only grow, or hold figures.
SELECT class.relname::text
FROM pg_class AS class
WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r' AND pg_get_userbyid(class.relowner) = current_user
    AND EXISTS (
        SELECT FROM pg_roles AS role
        WHERE role.rolname IN ('pamoja_app', 'pamoja_worker', 'pamoja_operator', 'pamoja_gate')
            AND (has_table_privilege(role.oid, class.oid, 'DELETE') OR has_any_column_privilege(role.oid, class.oid, 'UPDATE'))
    )
ORDER BY class.relname
