CREATE OR REPLACE FUNCTION take_lock(what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    whose uuid := CASE
        WHEN door() = 'member' AND what = 'pseudonym' THEN tenant()
        WHEN door() = 'member' AND what IN ('blank_slip', 'slip_attempt') THEN acting_user()
        WHEN door() = 'job' AND what = 'audit_seal' THEN tenant()
        WHEN door() = 'operator' AND what = 'facility register' THEN '00000000-0000-0000-0000-000000000000'
    END;
BEGIN
    IF whose IS NULL THEN
        RAISE EXCEPTION 'no lock % for this transaction', what USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The first 16 bits keep these locks apart from those of the outbox.
    PERFORM pg_advisory_xact_lock((20557::bigint << 48) | (hashtextextended(what || ' ' || whose, 0) & ((1::bigint << 48) - 1)));
END
$$;
ALTER POLICY outbox_job_add ON outbox WITH CHECK (
    kind = 'REFERRAL' AND EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
);
REVOKE SELECT (cadre) ON training_participants FROM pamoja_worker;
DROP POLICY training_participants_job_hosted ON training_participants;
REVOKE SELECT (county_code, delivered_at) ON training_session FROM pamoja_worker;
DROP POLICY training_session_job_hosted ON training_session;
REVOKE SELECT (kind) ON organisation FROM pamoja_worker;
REVOKE SELECT (from_organisation_id, referral_id, reason, recorded_at) ON referral_non_completion FROM pamoja_worker;
DROP POLICY referral_non_completion_job_received ON referral_non_completion;
DROP POLICY referral_non_completion_job ON referral_non_completion;
REVOKE SELECT (from_organisation_id, referral_id, status, at, by_organisation_id, takes_back, taken_back) ON referral_event FROM pamoja_worker;
DROP POLICY referral_event_job_received ON referral_event;
DROP POLICY referral_event_job_read ON referral_event;
REVOKE SELECT (from_organisation_id, referral_id, counted) ON referral_consent FROM pamoja_worker;
DROP POLICY referral_consent_job ON referral_consent;
REVOKE SELECT (from_organisation_id, referral_id, populations, age_band, under_18) ON referral_shared FROM pamoja_worker;
DROP POLICY referral_shared_job_received ON referral_shared;
DROP POLICY referral_shared_job ON referral_shared;
REVOKE SELECT (populations, age_band) ON referral_client FROM pamoja_worker;
REVOKE SELECT (decline_reason) ON referral_progress FROM pamoja_worker;
DROP POLICY referral_progress_job_received ON referral_progress;
REVOKE SELECT (county_code) ON referral FROM pamoja_worker;
DROP POLICY referral_job_received ON referral;
REVOKE ALL ON own_figure_change, own_figure FROM pamoja_worker;
DROP POLICY own_figure_change_job_remove ON own_figure_change;
DROP POLICY own_figure_change_job ON own_figure_change;
DROP POLICY own_figure_job_remove ON own_figure;
DROP POLICY own_figure_job_add ON own_figure;
DROP POLICY own_figure_job ON own_figure;
