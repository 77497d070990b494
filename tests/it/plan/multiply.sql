-- Makes twenty thousand rows of each table's first one, as if a coalition had a million of each: half of them of the same organisations and
-- users, the others of four others. What names a row is made of what it was and of the copy's number, so that copies refer to each other
-- as their originals do. The directory's tables get some hundreds.
SET session_replication_role = replica;
SET synchronous_commit = off;
-- What is published: of each month some hundred cells.
INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
SELECT name, 'CREATED', 'MONTH', '2000-01-01'::date + number * interval '1 month', ARRAY[key::text], 1
FROM unnest(ARRAY['REFERRALS_BY_COUNTY', 'REFERRALS_BY_SERVICE_TYPE']) AS name, generate_series(1, 200) AS number, generate_series(1, 50) AS key;
DO $$
DECLARE
    copied record;
    directory CONSTANT text[] := ARRAY[
        'organisation', 'organisation_contact', 'user_account', 'user_credential', 'service', 'service_friendliness', 'training_offer',
        'training_satisfaction'
    ];
BEGIN
    FOR copied IN
        SELECT relname AS name, relname = ANY (directory) AS listed, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns,
            string_agg(CASE relname || '.' || attname
                -- Most of what there is has ended, and what is open is found by indexes of what is open.
                WHEN 'referral_progress.status' THEN 'CASE WHEN n % 5 = 0 THEN ''REQUESTED'' ELSE ''COMPLETED'' END'
                WHEN 'open_referral.closed_at' THEN 'CASE WHEN n % 50 > 0 THEN moment() END'
                WHEN 'referral_follow_up.settled_at' THEN 'CASE WHEN n % 50 > 0 THEN moment() END'
                WHEN 'training_request.status' THEN 'CASE WHEN n % 50 = 0 THEN status ELSE ''DELIVERED'' END'
                WHEN 'referral.reference' THEN 'translate(lpad(to_hex(n), 6, ''0''), ''abcdef'', ''ABCDEF'')'
                WHEN 'violation_client.client' THEN 'left(translate(md5(client || n / 3), ''0189'', ''ghij''), 26)'
                WHEN 'referral_client.client' THEN 'left(translate(md5(client || n / 3), ''0189'', ''ghij''), 26)'
                WHEN 'organisation.slug' THEN 'slug || n'
                WHEN 'own_figure.month' THEN '(month - n * interval ''1 month'')::date'
                WHEN 'own_figure_change.month' THEN '(month - n * interval ''1 month'')::date'
                WHEN 'training_session.held_on' THEN 'held_on - n % 1000'
                WHEN 'violation.act_before' THEN 'CASE WHEN n % 50 = 0 THEN act_before END'
                WHEN 'violation.status' THEN 'CASE WHEN n % 50 = 0 THEN status ELSE ''ENDED'' END'
                WHEN 'violation.outcome' THEN 'CASE WHEN n % 50 > 0 THEN ''RESOLVED'' END'
                WHEN 'violation.ended_in' THEN 'CASE WHEN n % 50 > 0 THEN documented_in END'
                WHEN 'violation.occurred_in' THEN '(occurred_in - n % 24 * interval ''1 month'')::date'
                WHEN 'violation.documented_in' THEN '(documented_in - n % 24 * interval ''1 month'')::date'
                ELSE CASE
                    WHEN typname = 'uuid' AND (attname ~ '(organisation|user)_id$' OR relname IN ('organisation', 'user_account') AND attname = 'id')
                        THEN format(
                            'CASE WHEN %1$L AND n %% 2 = 0 THEN %2$I ELSE md5(%2$I::text || n %% %3$s)::uuid END',
                            relname <> ALL (directory), attname, CASE WHEN relname = ANY (directory) THEN 1000 ELSE 4 END
                        )
                    WHEN typname = 'uuid' THEN format('md5(%I::text || n)::uuid', attname)
                    WHEN typname = 'bytea' THEN format('substring(sha256(%1$I || int4send(n)) FOR length(%1$I))', attname)
                    WHEN typname = 'timestamptz' THEN format('%I - n * interval ''10 minutes''', attname)
                    WHEN attname IN ('position', 'last_position', 'number') THEN format('%I + n::bigint * 1000000', attname)
                    ELSE quote_ident(attname)
                END
            END, ', ' ORDER BY attnum) AS values
        FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        JOIN pg_type ON pg_type.oid = atttypid
        -- The others have a row each, or a few a month.
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname !~ '^(statistic_|facility|__diesel|clock_offset|recorded$|sign_in_key|table_rewrite|violation_retention)'
        GROUP BY relname
    LOOP
        EXECUTE format(
            'INSERT INTO %1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %3$s FROM (SELECT * FROM %1$I LIMIT 1) AS one, generate_series(1, %4$s) AS copy (n)',
            copied.name, copied.columns, copied.values, CASE WHEN copied.listed THEN 500 ELSE 20000 END
        );
        -- Nothing counts them again while plans are made.
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', copied.name);
    END LOOP;
END
$$;
ANALYZE;
UPDATE pg_class SET reltuples = reltuples * 50 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples >= 20000;
