-- What the jobs do, in one organisation at a time: what belongs to it, and the columns that decide whether something is due.

CREATE POLICY organisation_job ON organisation FOR SELECT TO pamoja_worker USING (true);
GRANT SELECT (id, status) ON organisation TO pamoja_worker;
CREATE POLICY referral_job ON referral FOR SELECT TO pamoja_worker USING (coalesce(from_organisation_id = (SELECT tenant()), false));
GRANT SELECT (from_organisation_id, id, to_organisation_id, service_type, created_at) ON referral TO pamoja_worker;
CREATE POLICY referral_sender_job ON referral_sender FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id, cancel_reason) ON referral_sender TO pamoja_worker;
CREATE POLICY referral_progress_job ON referral_progress FOR SELECT TO pamoja_worker USING (coalesce(from_organisation_id = (SELECT tenant()), false));
CREATE POLICY referral_progress_job_change ON referral_progress FOR UPDATE TO pamoja_worker
    USING (coalesce(from_organisation_id = (SELECT tenant()), false)) WITH CHECK (from_organisation_id = tenant());
GRANT SELECT (from_organisation_id, referral_id, to_organisation_id, status, status_at, expires_at, consent_withdrawn, updated_at, listed_at),
    UPDATE (status, status_at, updated_at, listed_at) ON referral_progress TO pamoja_worker;
CREATE POLICY referral_event_job ON referral_event FOR INSERT TO pamoja_worker
    WITH CHECK (from_organisation_id = tenant() AND by_organisation_id IS NULL AND status = 'EXPIRED' AND at <= moment());
GRANT INSERT (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id) ON referral_event TO pamoja_worker;
CREATE POLICY referral_follow_up_job ON referral_follow_up FOR ALL TO pamoja_worker
    USING (from_organisation_id = (SELECT tenant())) WITH CHECK (from_organisation_id = tenant() AND dismissed_by IS NULL);
GRANT SELECT (from_organisation_id, referral_id, ended_at, settled_at), INSERT (from_organisation_id, referral_id, ended_at), DELETE
    ON referral_follow_up TO pamoja_worker;
CREATE POLICY referral_client_job ON referral_client FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id, client) ON referral_client TO pamoja_worker;
CREATE POLICY referral_slip_job ON referral_slip FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY referral_slip_job_remove ON referral_slip FOR DELETE TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id), DELETE ON referral_slip TO pamoja_worker;
CREATE POLICY referral_note_job ON referral_note FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY referral_note_job_remove ON referral_note FOR DELETE TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id), DELETE ON referral_note TO pamoja_worker;
CREATE POLICY referral_undo_job ON referral_undo FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY referral_undo_job_remove ON referral_undo FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, from_organisation_id, referral_id, made_at), DELETE ON referral_undo TO pamoja_worker;
CREATE POLICY open_referral_job ON open_referral FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY open_referral_job_close ON open_referral FOR UPDATE TO pamoja_worker
    USING (from_organisation_id = (SELECT tenant())) WITH CHECK (from_organisation_id = tenant());
GRANT SELECT (from_organisation_id, id, closed_at), UPDATE (closed_at), DELETE ON open_referral TO pamoja_worker;
REVOKE DELETE ON open_referral FROM pamoja_app;
CREATE POLICY blank_slip_job ON blank_slip FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, look_up_hash, expires_at), DELETE ON blank_slip TO pamoja_worker;
REVOKE DELETE ON blank_slip FROM pamoja_app;
CREATE POLICY pending_check_in_job ON pending_check_in FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, id, expires_at), DELETE ON pending_check_in TO pamoja_worker;
REVOKE DELETE ON pending_check_in FROM pamoja_app;
CREATE POLICY check_in_question_job ON check_in_question FOR SELECT TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY check_in_question_job_remove ON check_in_question FOR DELETE TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
GRANT SELECT (from_organisation_id, referral_id, organisation_id, asked_at), DELETE ON check_in_question TO pamoja_worker;
CREATE POLICY client_mutation_job ON client_mutation FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY client_mutation_job_remove ON client_mutation FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, user_id, operation, key, recorded_at), DELETE ON client_mutation TO pamoja_worker;
CREATE POLICY outbox_job ON outbox FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY outbox_job_add ON outbox FOR INSERT TO pamoja_worker WITH CHECK (
    kind = 'REFERRAL' AND EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
);
GRANT SELECT (organisation_id, position, recorded_at), INSERT (organisation_id, kind, node_id), DELETE ON outbox TO pamoja_worker;
REVOKE DELETE ON outbox FROM pamoja_app;
CREATE POLICY outbox_for_all_job ON outbox_for_all FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, position, recorded_at), DELETE ON outbox_for_all TO pamoja_worker;
REVOKE DELETE ON outbox_for_all FROM pamoja_app;
CREATE POLICY slip_attempt_job ON slip_attempt FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, attempted_at), DELETE ON slip_attempt TO pamoja_worker;
REVOKE DELETE ON slip_attempt FROM pamoja_app;
CREATE POLICY user_session_job ON user_session FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, id, ends_at, revoked_at), DELETE ON user_session TO pamoja_worker;
CREATE POLICY access_token_job ON access_token FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY access_token_job_remove ON access_token FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, session_id, expires_at), DELETE ON access_token TO pamoja_worker;
CREATE POLICY sign_in_attempt_job ON sign_in_attempt FOR SELECT TO pamoja_worker USING ((SELECT door()) = 'housekeeping');
CREATE POLICY sign_in_attempt_job_remove ON sign_in_attempt FOR DELETE TO pamoja_worker USING ((SELECT door()) = 'housekeeping');
GRANT SELECT (id, attempted_at), DELETE ON sign_in_attempt TO pamoja_worker;

CREATE POLICY audit_entry_job ON audit_entry FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY audit_entry_job_add ON audit_entry FOR INSERT TO pamoja_worker WITH CHECK (organisation_id = tenant() AND user_id IS NULL);
GRANT SELECT, INSERT (organisation_id, user_id, action, node_id) ON audit_entry TO pamoja_worker;
CREATE POLICY audit_seal_job ON audit_seal FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT, INSERT ON audit_seal TO pamoja_worker;
-- A seal tells how many transactions there were, and is nobody's business but the jobs' and the operator's.
DROP POLICY audit_seal_read ON audit_seal;
REVOKE INSERT, SELECT (organisation_id, number, last_transaction_id, last_position, entries, hash, key_id, signature, sealed_at) ON audit_seal FROM pamoja_app;

CREATE POLICY training_session_job ON training_session FOR SELECT TO pamoja_worker USING (trainer_organisation_id = (SELECT tenant()));
GRANT SELECT (trainer_organisation_id, id, topic, hosts) ON training_session TO pamoja_worker;
CREATE POLICY training_evaluation_job ON training_evaluation FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, session_id, satisfaction_mean, evaluated_at) ON training_evaluation TO pamoja_worker;
CREATE POLICY training_evaluation_for_host_job ON training_evaluation_for_host FOR SELECT TO pamoja_worker USING (trainer_organisation_id = (SELECT tenant()));
GRANT SELECT (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean) ON training_evaluation_for_host TO pamoja_worker;
CREATE POLICY training_participants_job ON training_participants FOR SELECT TO pamoja_worker USING (trainer_organisation_id = (SELECT tenant()));
GRANT SELECT (trainer_organisation_id, session_id, host_organisation_id, count) ON training_participants TO pamoja_worker;
CREATE POLICY training_satisfaction_job ON training_satisfaction FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, topic, month), INSERT (organisation_id, topic, month, satisfaction), DELETE ON training_satisfaction TO pamoja_worker;
REVOKE INSERT (organisation_id, topic, month, satisfaction), DELETE ON training_satisfaction FROM pamoja_app;
REVOKE EXECUTE ON FUNCTION publish_friendliness() FROM pamoja_app;
GRANT EXECUTE ON FUNCTION publish_friendliness() TO pamoja_worker;

-- What the operator's commands do.
CREATE POLICY organisation_operator ON organisation FOR SELECT TO pamoja_operator USING (true);
GRANT SELECT, INSERT ON organisation TO pamoja_operator;
GRANT UPDATE (status, name, kind, populations, counties) ON organisation TO pamoja_operator;
REVOKE INSERT ON organisation FROM pamoja_app;
REVOKE UPDATE (status, name, kind, populations, counties) ON organisation FROM pamoja_app;
CREATE POLICY user_account_operator ON user_account FOR SELECT TO pamoja_operator USING (organisation_id = (SELECT tenant()));
GRANT SELECT, INSERT ON user_account TO pamoja_operator;
GRANT UPDATE (display_name, roles, disabled_at) ON user_account TO pamoja_operator;
REVOKE INSERT ON user_account FROM pamoja_app;
REVOKE UPDATE (display_name, roles, disabled_at) ON user_account FROM pamoja_app;
GRANT INSERT ON user_credential TO pamoja_operator;
CREATE POLICY facility_operator ON facility FOR SELECT TO pamoja_operator USING (true);
GRANT SELECT, INSERT ON facility TO pamoja_operator;
GRANT UPDATE (name, level, county_code, sub_county, key_population_friendly, service_types, operational, imported_at) ON facility TO pamoja_operator;
REVOKE INSERT ON facility FROM pamoja_app;
REVOKE UPDATE (name, level, county_code, sub_county, key_population_friendly, service_types, operational, imported_at) ON facility FROM pamoja_app;
CREATE POLICY facility_register_operator ON facility_register FOR SELECT TO pamoja_operator USING (true);
GRANT SELECT, INSERT (county_code, newest_entry), UPDATE (newest_entry, taken_in_at) ON facility_register TO pamoja_operator;
REVOKE INSERT (county_code, newest_entry), UPDATE (newest_entry, taken_in_at) ON facility_register FROM pamoja_app;
CREATE POLICY audit_entry_operator ON audit_entry FOR SELECT TO pamoja_operator USING (organisation_id = (SELECT tenant()));
CREATE POLICY audit_entry_operator_add ON audit_entry FOR INSERT TO pamoja_operator WITH CHECK (organisation_id = tenant() AND user_id IS NULL);
GRANT SELECT, INSERT (organisation_id, user_id, action, node_id) ON audit_entry TO pamoja_operator;
CREATE POLICY audit_seal_operator ON audit_seal FOR SELECT TO pamoja_operator USING (organisation_id = (SELECT tenant()));
GRANT SELECT ON audit_seal TO pamoja_operator;
CREATE POLICY clock_offset_operator ON clock_offset FOR SELECT TO pamoja_operator USING (true);
GRANT SELECT ON clock_offset TO pamoja_operator;
