-- The sender is reminded to document what a client reported, until a violation says so, or somebody that nothing is to be documented.

ALTER TABLE client_report ADD COLUMN not_documented boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN client_report.not_documented IS 'Whether somebody said that no violation is to be documented of it.';
GRANT SELECT (not_documented), UPDATE (not_documented) ON client_report TO pamoja_app;
CREATE INDEX client_report_undocumented ON client_report (from_organisation_id, referral_id)
    WHERE outcome IN ('TURNED_AWAY', 'MISTREATED') AND NOT not_documented;

DROP TRIGGER client_report_recorded_update ON client_report;
CREATE CONSTRAINT TRIGGER client_report_recorded_update AFTER UPDATE ON client_report DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member' AND (NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.friendliness IS DISTINCT FROM OLD.friendliness
        OR NEW.service_organisation_id IS DISTINCT FROM OLD.service_organisation_id OR NEW.service_id IS DISTINCT FROM OLD.service_id
        OR NEW.rated_in IS DISTINCT FROM OLD.rated_in))
    EXECUTE FUNCTION check_recorded('referral_id', 'markReferralEnteredInError recordClientReport');
CREATE CONSTRAINT TRIGGER client_report_recorded_update_documented AFTER UPDATE OF not_documented ON client_report DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member' AND NEW.not_documented IS DISTINCT FROM OLD.not_documented)
    EXECUTE FUNCTION check_recorded('referral_id', 'dismissTask recordClientReport');
DO $$
DECLARE
    before text := pg_get_functiondef('was_done(text, uuid)'::regprocedure);
    after text := replace(before, 'referral_id = node AND settled_at IS NOT NULL);',
        'referral_id = node AND settled_at IS NOT NULL)
                OR EXISTS (SELECT FROM client_report WHERE from_organisation_id = tenant() AND referral_id = node AND not_documented);');
BEGIN
    IF length(after) < length(before) + 100 THEN
        RAISE EXCEPTION 'was_done is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;
