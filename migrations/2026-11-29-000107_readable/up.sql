-- A row that the program can't read fails the whole page on which it stands, for everybody who reads it. So nothing is written that no
-- reader knows: no moment that never comes, and no list with a gap.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT relname AS name, attname AS part, typcategory = 'A' AS is_list
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
            AND relname <> '__diesel_schema_migrations'
            AND (typcategory = 'A' OR atttypid IN ('date'::regtype, 'timestamptz'::regtype))
            AND (has_column_privilege('pamoja_app', attrelid, attnum, 'INSERT') OR has_column_privilege('pamoja_app', attrelid, attnum, 'UPDATE'))
    LOOP
        EXECUTE format(
            'ALTER TABLE %I ADD CONSTRAINT %I CHECK (%s)',
            found.name, left(found.name || '_' || found.part, 54) || '_readable',
            format(CASE WHEN found.is_list THEN 'array_position(%I, NULL) IS NULL' ELSE 'isfinite(%I)' END, found.part)
        );
    END LOOP;
END
$$;
ALTER TABLE referral_progress ADD CONSTRAINT referral_progress_in_time CHECK (expires_at < opened_at + interval '3 years');

-- Consent is the sender's to record.
CREATE TRIGGER referral_progress_by_sender BEFORE UPDATE OF consent_withdrawn ON referral_progress FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.consent_withdrawn AND NOT OLD.consent_withdrawn AND NEW.from_organisation_id IS DISTINCT FROM tenant()
) EXECUTE FUNCTION refuse_untrue();
-- What was erased doesn't come back.
DO $$
DECLARE
    erased text;
BEGIN
    FOREACH erased IN ARRAY ARRAY['referral_shared', 'referral_note', 'referral_slip'] LOOP
        EXECUTE format(
            'CREATE POLICY %1$I ON %2$I AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (NOT EXISTS (
                SELECT FROM referral_progress AS progress
                WHERE progress.from_organisation_id = %2$I.from_organisation_id AND progress.referral_id = %2$I.referral_id AND progress.consent_withdrawn
            ))',
            erased || '_true', erased
        );
    END LOOP;
END
$$;
