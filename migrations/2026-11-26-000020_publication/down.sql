REVOKE INSERT (organisation_id, action) ON audit_entry FROM pamoja_publisher;
DROP POLICY audit_entry_publish ON audit_entry;
DROP INDEX training_session_recorded;
DO $$
DECLARE
    counted text;
BEGIN
    FOREACH counted IN ARRAY ARRAY['organisation', 'referral', 'referral_progress', 'referral_client', 'referral_shared', 'referral_event',
        'referral_non_completion', 'referral_consent', 'training_session', 'training_participants']
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM pamoja_publisher', counted);
        EXECUTE format('DROP POLICY %I ON %I', counted || '_publish', counted);
    END LOOP;
END
$$;
DROP TABLE statistic_rollup;
DROP TABLE statistic_cell;
DROP TABLE statistic_release;
