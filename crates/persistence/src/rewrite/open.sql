-- Who may still see what was erased: transactions of this database, those anywhere that write, prepared ones, and replication slots that
-- keep rows.
SELECT 'transaction ' || held.virtualtransaction || ' of process ' || held.pid
FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
WHERE held.pid <> pg_backend_pid() AND held.granted AND held.mode = 'ExclusiveLock'
    AND (held.locktype = 'virtualxid' AND session.datname = current_database() OR held.locktype = 'transactionid')
UNION SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts
UNION SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE xmin IS NOT NULL
