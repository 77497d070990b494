DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT conname, conrelid::regclass AS name FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype = 'c' AND (conname LIKE '%\_readable' OR conname = 'referral_progress_in_time')
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
    END LOOP;
END
$$;
DROP POLICY referral_slip_true ON referral_slip;
DROP POLICY referral_note_true ON referral_note;
DROP POLICY referral_shared_true ON referral_shared;
DROP TRIGGER referral_progress_by_sender ON referral_progress;
