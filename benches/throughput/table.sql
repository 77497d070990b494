-- Reads a published table, twelve months by county: which months are published, which of them lack the measure, and the cells.
\if :known = 0
SELECT organisation, account, session, secret, (table_from || '-01')::date AS since, ((table_through || '-01')::date + interval '1 month')::date AS until
FROM benchmark_caller WHERE number = :client_id % (SELECT count(*) FROM benchmark_caller) \gset
\set known 1
\endif
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT at, roles FROM open_member(:organisation, :account, :session, :secret);
SELECT month, series FROM statistic_release WHERE month >= :since::date AND month < :until::date AND NOT series @> ARRAY['REFERRALS_BY_COUNTY CREATED'];
SELECT min(month), max(month) FROM statistic_release;
SELECT measure, period, keys, value FROM statistic_cell
    WHERE table_name = 'REFERRALS_BY_COUNTY' AND measure = ANY ('{CREATED}') AND period_kind = 'MONTH' AND period >= :since::date AND period < :until::date;
ROLLBACK;
