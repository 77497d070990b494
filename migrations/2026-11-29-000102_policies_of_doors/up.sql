-- A role of the database for each door. The policies that a job or the operator alone could pass are theirs now, and what they need to
-- read they read by policies of their own. Who a transaction belongs to is looked up once a statement: inside (SELECT tenant()).
-- In open_referral_offer_read it isn't: open_referral's policy reads that table and the other way round, and PostgreSQL calls it a recursion
-- where both hold a SELECT.

-- Signing in is the gate's.
DROP POLICY refresh_token_add ON refresh_token;
DROP POLICY refresh_token_change ON refresh_token;
DROP POLICY refresh_token_read ON refresh_token;
DROP POLICY user_credential_read ON user_credential;
DROP POLICY user_session_add ON user_session;
DROP POLICY user_session_change ON user_session;
DROP POLICY user_session_read ON user_session;
REVOKE ALL ON refresh_token, user_credential, user_session FROM pamoja_app;
REVOKE SELECT (organisation_id, token_hash, session_id, issued_at, used_at), UPDATE (used_at) ON refresh_token FROM pamoja_app;
REVOKE SELECT (organisation_id, user_id) ON user_credential FROM pamoja_app;
REVOKE SELECT (organisation_id, id, user_id, device, created_at, last_used_at, ends_at, revoked_at), UPDATE (last_used_at, revoked_at)
    ON user_session FROM pamoja_app;

ALTER POLICY audit_entry_read ON audit_entry USING (organisation_id = (SELECT tenant()));
ALTER POLICY audit_seal_add ON audit_seal TO pamoja_worker WITH CHECK (organisation_id = tenant());
ALTER POLICY blank_slip_read ON blank_slip USING (organisation_id = (SELECT tenant()));
ALTER POLICY blank_slip_remove ON blank_slip TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY check_in_question_change ON check_in_question USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY check_in_question_remove ON check_in_question USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY client_mutation_change ON client_mutation USING (organisation_id = (SELECT tenant()) AND user_id = (SELECT acting_user()));
ALTER POLICY client_report_change ON client_report USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY client_report_remove ON client_report USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY facility_add ON facility TO pamoja_operator WITH CHECK (true);
ALTER POLICY facility_change ON facility TO pamoja_operator USING (true) WITH CHECK (true);
ALTER POLICY facility_register_add ON facility_register TO pamoja_operator WITH CHECK (true);
ALTER POLICY facility_register_change ON facility_register TO pamoja_operator USING (true) WITH CHECK (true);
ALTER POLICY open_referral_close ON open_referral USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY open_referral_read ON open_referral
    USING (from_organisation_id = (SELECT tenant()) OR (closed_at IS NULL AND (EXISTS (SELECT FROM open_referral_offer offer WHERE (offer.organisation_id = (SELECT tenant()) AND offer.from_organisation_id = open_referral.from_organisation_id AND offer.referral_id = open_referral.id)))));
ALTER POLICY open_referral_remove ON open_referral TO pamoja_worker USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY organisation_add ON organisation TO pamoja_operator WITH CHECK (true);
ALTER POLICY organisation_change ON organisation TO pamoja_operator USING (true) WITH CHECK (true);
ALTER POLICY organisation_read ON organisation USING ((SELECT door()) IS NOT NULL);
ALTER POLICY organisation_contact_change ON organisation_contact USING (organisation_id = (SELECT tenant()));
ALTER POLICY organisation_contact_read ON organisation_contact USING ((SELECT door()) IS NOT NULL);
ALTER POLICY outbox_read ON outbox USING (organisation_id = (SELECT tenant()));
ALTER POLICY outbox_remove ON outbox TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY outbox_for_all_remove ON outbox_for_all TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY pending_check_in_read ON pending_check_in USING (organisation_id = (SELECT tenant()));
ALTER POLICY pending_check_in_remove ON pending_check_in TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY referral_forget ON referral USING (coalesce(from_organisation_id = (SELECT tenant()), false));
ALTER POLICY referral_read ON referral
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_client_change ON referral_client USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_client_remove ON referral_client USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_consent_forget ON referral_consent USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_event_read ON referral_event
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_event_take_back ON referral_event
    USING (coalesce(((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())) AND by_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_follow_up_change ON referral_follow_up USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_follow_up_remove ON referral_follow_up USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_handler_change ON referral_handler USING (organisation_id = (SELECT tenant()));
ALTER POLICY referral_handler_remove ON referral_handler USING (organisation_id = (SELECT tenant()));
ALTER POLICY referral_non_completion_read ON referral_non_completion
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR (to_organisation_id = (SELECT tenant()) AND by_organisation_id = (SELECT tenant()))), false));
ALTER POLICY referral_non_completion_remove ON referral_non_completion USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_non_completion_take_back ON referral_non_completion USING (by_organisation_id = (SELECT tenant()));
ALTER POLICY referral_note_read ON referral_note
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_note_remove ON referral_note USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_progress_change ON referral_progress
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_progress_read ON referral_progress
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_sender_change ON referral_sender USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_shared_read ON referral_shared
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_shared_remove ON referral_shared USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_slip_read ON referral_slip
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false));
ALTER POLICY referral_slip_remove ON referral_slip USING (from_organisation_id = (SELECT tenant()));
ALTER POLICY referral_undo_remove ON referral_undo USING (organisation_id = (SELECT tenant()));
ALTER POLICY service_change ON service USING (organisation_id = (SELECT tenant()));
ALTER POLICY service_read ON service USING ((SELECT door()) IS NOT NULL);
ALTER POLICY service_friendliness_read ON service_friendliness USING ((SELECT door()) IS NOT NULL);
ALTER POLICY slip_attempt_read ON slip_attempt USING (organisation_id = (SELECT tenant()));
ALTER POLICY slip_attempt_remove ON slip_attempt TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY statistic_cell_read ON statistic_cell USING ((SELECT door()) IS NOT NULL);
ALTER POLICY statistic_release_read ON statistic_release USING ((SELECT door()) IS NOT NULL);
ALTER POLICY training_evaluation_change ON training_evaluation
    USING (organisation_id = (SELECT tenant()) AND evaluated_at > moment() - interval '168 hours');
ALTER POLICY training_evaluation_read ON training_evaluation USING (organisation_id = (SELECT tenant()));
ALTER POLICY training_evaluation_for_host_read ON training_evaluation_for_host
    USING (trainer_organisation_id = (SELECT tenant()) OR (host_organisation_id = (SELECT tenant()) AND readable_at <= moment()));
ALTER POLICY training_evaluation_for_host_remove ON training_evaluation_for_host USING (trainer_organisation_id = (SELECT tenant()));
ALTER POLICY training_follow_up_change ON training_follow_up
    USING (from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant()));
ALTER POLICY training_follow_up_read ON training_follow_up
    USING (from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant()));
ALTER POLICY training_offer_change ON training_offer USING (organisation_id = (SELECT tenant()));
ALTER POLICY training_offer_read ON training_offer USING ((SELECT door()) IS NOT NULL);
ALTER POLICY training_participants_read ON training_participants
    USING (trainer_organisation_id = (SELECT tenant()) OR host_organisation_id = (SELECT tenant()));
ALTER POLICY training_participants_remove ON training_participants USING (trainer_organisation_id = (SELECT tenant()));
-- A host refers to a session that it is a host of: otherwise the foreign key would tell which sessions the trainer has with others.
ALTER POLICY training_request_change ON training_request
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false))
    WITH CHECK (
        coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false)
        AND (
            session_id IS NULL OR to_organisation_id = tenant() OR EXISTS (
                SELECT FROM training_session AS session
                WHERE session.trainer_organisation_id = training_request.to_organisation_id AND session.id = training_request.session_id
                    AND tenant() = ANY (session.hosts)
            )
        )
    );
ALTER POLICY training_request_read ON training_request
    USING (coalesce((from_organisation_id = (SELECT tenant()) OR to_organisation_id = (SELECT tenant())), false) OR (to_organisation_id IS NULL AND status = 'REQUESTED' AND offers_training((SELECT tenant()), topic, county_code)));
ALTER POLICY training_satisfaction_add ON training_satisfaction TO pamoja_worker WITH CHECK (organisation_id = tenant());
ALTER POLICY training_satisfaction_read ON training_satisfaction USING ((SELECT door()) IS NOT NULL);
ALTER POLICY training_satisfaction_remove ON training_satisfaction TO pamoja_worker USING (organisation_id = (SELECT tenant()));
ALTER POLICY training_session_change ON training_session USING (trainer_organisation_id = (SELECT tenant()));
ALTER POLICY training_session_read ON training_session
    USING (trainer_organisation_id = (SELECT tenant()) OR (SELECT tenant()) = ANY (hosts));
ALTER POLICY training_session_remove ON training_session USING (trainer_organisation_id = (SELECT tenant()));
ALTER POLICY user_account_add ON user_account TO pamoja_operator WITH CHECK (organisation_id = tenant());
ALTER POLICY user_account_change ON user_account TO pamoja_operator
    USING (organisation_id = (SELECT tenant()))
    WITH CHECK (organisation_id = tenant());
ALTER POLICY user_account_read ON user_account USING (organisation_id = (SELECT tenant()));
ALTER POLICY user_credential_add ON user_credential TO pamoja_operator WITH CHECK (organisation_id = tenant());
ALTER POLICY user_session_remove ON user_session TO pamoja_worker USING (organisation_id = (SELECT tenant()));

-- Both a user's and a job's.
ALTER POLICY client_mutation_read ON client_mutation USING (organisation_id = (SELECT tenant()) AND user_id = (SELECT acting_user()));
ALTER POLICY client_mutation_remove ON client_mutation USING (organisation_id = (SELECT tenant()) AND user_id = (SELECT acting_user()));
-- What concerns every member, every member hears of; who announced it and when, nobody does.
DROP POLICY outbox_for_all_read ON outbox_for_all;
REVOKE SELECT (organisation_id, position, kind, node_id, recorded_at) ON outbox_for_all FROM pamoja_app;
CREATE POLICY outbox_for_all_follow ON outbox_for_all FOR SELECT TO pamoja_owner USING ((SELECT door()) = 'member');
CREATE FUNCTION changes_for_all(after bigint, until bigint, most bigint, OUT place bigint, OUT kind text, OUT node_id uuid) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT change.position, change.kind, change.node_id FROM outbox_for_all AS change
    WHERE change.position > after AND change.position <= until ORDER BY change.position LIMIT least(most, 1000)
$$;
COMMENT ON FUNCTION changes_for_all(bigint, bigint, bigint) IS 'The changes that concern every member, between two positions of the outbox.';
REVOKE ALL ON FUNCTION changes_for_all(bigint, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION changes_for_all(bigint, bigint, bigint) TO pamoja_app;
COMMENT ON TABLE outbox_for_all IS 'PRIVATE: changes that concern every member, by position; an organisation announces what is its own, and changes_for_all tells all.';
-- The key of this table doesn't name the organisation that writes. So it is asked first whose request it is: otherwise the answer would tell a
-- trainer whether the host has a follow-up of another trainer's.
ALTER POLICY training_follow_up_add ON training_follow_up WITH CHECK (
    (from_organisation_id = tenant() OR to_organisation_id = tenant())
    AND EXISTS (
        SELECT FROM training_request AS request
        WHERE request.from_organisation_id = training_follow_up.from_organisation_id AND request.id = training_follow_up.request_id
            AND request.to_organisation_id = training_follow_up.to_organisation_id
    )
);
ALTER POLICY facility_read ON facility USING ((SELECT door()) IS NOT NULL);
ALTER POLICY facility_register_read ON facility_register USING ((SELECT door()) IS NOT NULL);
