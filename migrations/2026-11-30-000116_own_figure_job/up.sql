-- A job counts an organisation's figures of closed months, in that organisation's name. It reads what a member with the right to them counts
-- by, column by column and on both sides, and sees of each table the rows that the organisation sees.

CREATE POLICY own_figure_job ON own_figure FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY own_figure_job_add ON own_figure FOR INSERT TO pamoja_worker
    WITH CHECK (organisation_id = tenant() AND month_closes_at(month) <= moment());
CREATE POLICY own_figure_job_remove ON own_figure FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT, INSERT, DELETE ON own_figure TO pamoja_worker;
CREATE POLICY own_figure_change_job ON own_figure_change FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY own_figure_change_job_remove ON own_figure_change FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT, DELETE ON own_figure_change TO pamoja_worker;

CREATE POLICY referral_job_received ON referral FOR SELECT TO pamoja_worker USING (coalesce(to_organisation_id = (SELECT tenant()), false));
GRANT SELECT (county_code) ON referral TO pamoja_worker;
CREATE POLICY referral_progress_job_received ON referral_progress FOR SELECT TO pamoja_worker USING (coalesce(to_organisation_id = (SELECT tenant()), false));
GRANT SELECT (decline_reason) ON referral_progress TO pamoja_worker;
GRANT SELECT (populations, age_band) ON referral_client TO pamoja_worker;
CREATE POLICY referral_shared_job ON referral_shared FOR SELECT TO pamoja_worker USING (coalesce(from_organisation_id = (SELECT tenant()), false));
CREATE POLICY referral_shared_job_received ON referral_shared FOR SELECT TO pamoja_worker USING (coalesce(to_organisation_id = (SELECT tenant()), false));
GRANT SELECT (from_organisation_id, referral_id, populations, age_band, under_18) ON referral_shared TO pamoja_worker;
CREATE POLICY referral_consent_job ON referral_consent FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id, counted) ON referral_consent TO pamoja_worker;
CREATE POLICY referral_event_job_read ON referral_event FOR SELECT TO pamoja_worker USING (coalesce(from_organisation_id = (SELECT tenant()), false));
CREATE POLICY referral_event_job_received ON referral_event FOR SELECT TO pamoja_worker USING (coalesce(to_organisation_id = (SELECT tenant()), false));
GRANT SELECT (from_organisation_id, referral_id, status, at, by_organisation_id, takes_back, taken_back) ON referral_event TO pamoja_worker;
CREATE POLICY referral_non_completion_job ON referral_non_completion FOR SELECT TO pamoja_worker
    USING (coalesce(from_organisation_id = (SELECT tenant()), false));
-- The receiver reads its own reasons alone.
CREATE POLICY referral_non_completion_job_received ON referral_non_completion FOR SELECT TO pamoja_worker
    USING (coalesce(to_organisation_id = (SELECT tenant()) AND by_organisation_id = (SELECT tenant()), false));
GRANT SELECT (from_organisation_id, referral_id, reason, recorded_at) ON referral_non_completion TO pamoja_worker;
GRANT SELECT (kind) ON organisation TO pamoja_worker;
CREATE POLICY training_session_job_hosted ON training_session FOR SELECT TO pamoja_worker USING ((SELECT tenant()) = ANY (hosts));
GRANT SELECT (county_code, delivered_at) ON training_session TO pamoja_worker;
CREATE POLICY training_participants_job_hosted ON training_participants FOR SELECT TO pamoja_worker USING (host_organisation_id = (SELECT tenant()));
GRANT SELECT (cadre) ON training_participants TO pamoja_worker;

-- A job now also sees what its organisation received. It announces what this one sent, as before.
ALTER POLICY outbox_job_add ON outbox WITH CHECK (
    kind = 'REFERRAL' AND EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND referral.from_organisation_id = tenant()
            AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
);

CREATE OR REPLACE FUNCTION take_lock(what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    whose uuid := CASE
        WHEN door() = 'member' AND what = 'pseudonym' THEN tenant()
        WHEN door() = 'member' AND what IN ('blank_slip', 'slip_attempt') THEN acting_user()
        WHEN door() = 'job' AND what IN ('audit_seal', 'own_figure') THEN tenant()
        WHEN door() = 'operator' AND what = 'facility register' THEN '00000000-0000-0000-0000-000000000000'
    END;
BEGIN
    IF whose IS NULL THEN
        RAISE EXCEPTION 'no lock % for this transaction', what USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The first 16 bits keep these locks apart from those of the outbox.
    PERFORM pg_advisory_xact_lock((20557::bigint << 48) | (hashtextextended(what || ' ' || whose, 0) & ((1::bigint << 48) - 1)));
    IF what = 'own_figure' THEN
        PERFORM pg_advisory_xact_lock_shared(kind_lock());
    END IF;
END
$$;
