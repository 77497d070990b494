-- As it was: one role for all doors, and the door in a condition.
ALTER POLICY audit_entry_read ON audit_entry TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY audit_seal_add ON audit_seal TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'job');
ALTER POLICY blank_slip_read ON blank_slip TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY blank_slip_remove ON blank_slip TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY check_in_question_change ON check_in_question TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
ALTER POLICY check_in_question_remove ON check_in_question TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY client_mutation_change ON client_mutation TO pamoja_app
    USING (organisation_id = tenant() AND user_id = acting_user())
    WITH CHECK (organisation_id = tenant() AND user_id = acting_user());
ALTER POLICY client_report_change ON client_report TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY client_report_remove ON client_report TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY facility_add ON facility TO pamoja_app WITH CHECK (door() = 'operator');
ALTER POLICY facility_change ON facility TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
ALTER POLICY facility_register_add ON facility_register TO pamoja_app WITH CHECK (door() = 'operator');
ALTER POLICY facility_register_change ON facility_register TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
ALTER POLICY open_referral_close ON open_referral TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY open_referral_read ON open_referral TO pamoja_app
    USING (from_organisation_id = tenant() OR (closed_at IS NULL AND (EXISTS (SELECT FROM open_referral_offer offer WHERE (offer.organisation_id = tenant() AND offer.from_organisation_id = open_referral.from_organisation_id AND offer.referral_id = open_referral.id)))));
ALTER POLICY open_referral_remove ON open_referral TO pamoja_app USING (from_organisation_id = tenant() AND door() = 'job');
ALTER POLICY organisation_add ON organisation TO pamoja_app WITH CHECK (door() = 'operator');
ALTER POLICY organisation_change ON organisation TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
ALTER POLICY organisation_read ON organisation TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY organisation_contact_change ON organisation_contact TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'member')
    WITH CHECK (organisation_id = tenant() AND door() = 'member');
ALTER POLICY organisation_contact_read ON organisation_contact TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY outbox_read ON outbox TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY outbox_remove ON outbox TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY outbox_for_all_remove ON outbox_for_all TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY pending_check_in_read ON pending_check_in TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY pending_check_in_remove ON pending_check_in TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY referral_forget ON referral TO pamoja_app
    USING (coalesce(from_organisation_id = tenant(), false))
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY referral_read ON referral TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_client_change ON referral_client TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY referral_client_remove ON referral_client TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_consent_forget ON referral_consent TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY referral_event_read ON referral_event TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_event_take_back ON referral_event TO pamoja_app
    USING (coalesce(((from_organisation_id = tenant() OR to_organisation_id = tenant()) AND by_organisation_id = tenant()), false))
    WITH CHECK (by_organisation_id = tenant());
ALTER POLICY referral_follow_up_change ON referral_follow_up TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant() AND (dismissed_by IS NULL OR dismissed_by = acting_user()));
ALTER POLICY referral_follow_up_remove ON referral_follow_up TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_handler_change ON referral_handler TO pamoja_app
    USING (organisation_id = tenant())
    WITH CHECK (organisation_id = tenant() AND door() = 'member');
ALTER POLICY referral_handler_remove ON referral_handler TO pamoja_app USING (organisation_id = tenant() AND door() = 'member');
ALTER POLICY referral_non_completion_read ON referral_non_completion TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR (to_organisation_id = tenant() AND by_organisation_id = tenant())), false));
ALTER POLICY referral_non_completion_remove ON referral_non_completion TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_non_completion_take_back ON referral_non_completion TO pamoja_app USING (by_organisation_id = tenant());
ALTER POLICY referral_note_read ON referral_note TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_note_remove ON referral_note TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_progress_change ON referral_progress TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false))
    WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
ALTER POLICY referral_progress_read ON referral_progress TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_sender_change ON referral_sender TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant());
ALTER POLICY referral_shared_read ON referral_shared TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_shared_remove ON referral_shared TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_slip_read ON referral_slip TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY referral_slip_remove ON referral_slip TO pamoja_app USING (from_organisation_id = tenant());
ALTER POLICY referral_undo_remove ON referral_undo TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY service_change ON service TO pamoja_app USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant());
ALTER POLICY service_read ON service TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY service_friendliness_read ON service_friendliness TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY slip_attempt_read ON slip_attempt TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY slip_attempt_remove ON slip_attempt TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY statistic_cell_read ON statistic_cell TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY statistic_release_read ON statistic_release TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY training_evaluation_change ON training_evaluation TO pamoja_app
    USING (organisation_id = tenant() AND (evaluated_at > (moment() - interval '168:00:00')))
    WITH CHECK (organisation_id = tenant());
ALTER POLICY training_evaluation_read ON training_evaluation TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY training_evaluation_for_host_read ON training_evaluation_for_host TO pamoja_app
    USING (trainer_organisation_id = tenant() OR (host_organisation_id = tenant() AND readable_at <= moment()));
ALTER POLICY training_evaluation_for_host_remove ON training_evaluation_for_host TO pamoja_app USING (trainer_organisation_id = tenant());
ALTER POLICY training_follow_up_change ON training_follow_up TO pamoja_app
    USING (from_organisation_id = tenant() OR to_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
ALTER POLICY training_follow_up_read ON training_follow_up TO pamoja_app
    USING (from_organisation_id = tenant() OR to_organisation_id = tenant());
ALTER POLICY training_offer_change ON training_offer TO pamoja_app
    USING (organisation_id = tenant())
    WITH CHECK (organisation_id = tenant());
ALTER POLICY training_offer_read ON training_offer TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY training_participants_read ON training_participants TO pamoja_app
    USING (trainer_organisation_id = tenant() OR host_organisation_id = tenant());
ALTER POLICY training_participants_remove ON training_participants TO pamoja_app USING (trainer_organisation_id = tenant());
ALTER POLICY training_request_change ON training_request TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false))
    WITH CHECK (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false));
ALTER POLICY training_request_read ON training_request TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()), false) OR (to_organisation_id IS NULL AND status = 'REQUESTED' AND offers_training(tenant(), topic, (county_code))));
ALTER POLICY training_satisfaction_add ON training_satisfaction TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'job');
ALTER POLICY training_satisfaction_read ON training_satisfaction TO pamoja_app USING (door() IS NOT NULL);
ALTER POLICY training_satisfaction_remove ON training_satisfaction TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY training_session_change ON training_session TO pamoja_app
    USING (trainer_organisation_id = tenant())
    WITH CHECK (trainer_organisation_id = tenant());
ALTER POLICY training_session_read ON training_session TO pamoja_app USING (trainer_organisation_id = tenant() OR (tenant() = ANY (hosts)));
ALTER POLICY training_session_remove ON training_session TO pamoja_app USING (trainer_organisation_id = tenant());
ALTER POLICY user_account_add ON user_account TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'operator');
ALTER POLICY user_account_change ON user_account TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'operator')
    WITH CHECK (organisation_id = tenant() AND door() = 'operator');
ALTER POLICY user_account_read ON user_account TO pamoja_app USING (organisation_id = tenant());
ALTER POLICY user_credential_add ON user_credential TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'operator');
ALTER POLICY user_session_remove ON user_session TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
ALTER POLICY client_mutation_read ON client_mutation TO pamoja_app
    USING (organisation_id = tenant() AND (user_id = acting_user() OR door() = 'job'));
ALTER POLICY client_mutation_remove ON client_mutation TO pamoja_app
    USING (organisation_id = tenant() AND (user_id = acting_user() OR door() = 'job'));
ALTER POLICY facility_read ON facility TO pamoja_app USING (true);
ALTER POLICY facility_register_read ON facility_register TO pamoja_app USING (true);
DROP FUNCTION changes_for_all(bigint, bigint, bigint);
DROP POLICY outbox_for_all_follow ON outbox_for_all;
GRANT SELECT (organisation_id, position, kind, node_id, recorded_at) ON outbox_for_all TO pamoja_app;
ALTER POLICY training_follow_up_add ON training_follow_up WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
COMMENT ON TABLE outbox_for_all IS 'PRIVATE: changes that concern every member, by position; an organisation announces what is its own, and the housekeeping job reads them for all.';
CREATE POLICY outbox_for_all_read ON outbox_for_all FOR SELECT TO pamoja_app
    USING (door() = 'housekeeping' OR (organisation_id = tenant() AND door() = 'job'));
CREATE POLICY refresh_token_add ON refresh_token FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY refresh_token_change ON refresh_token FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'sign_in')
    WITH CHECK (organisation_id = tenant());
CREATE POLICY refresh_token_read ON refresh_token FOR SELECT TO pamoja_app
    USING (organisation_id = tenant() AND (door() = ANY (ARRAY['sign_in', 'job'])));
CREATE POLICY user_credential_read ON user_credential FOR SELECT TO pamoja_app USING (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY user_session_add ON user_session FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY user_session_change ON user_session FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'sign_in')
    WITH CHECK (organisation_id = tenant());
CREATE POLICY user_session_read ON user_session FOR SELECT TO pamoja_app USING (organisation_id = tenant());
GRANT INSERT, SELECT (organisation_id, token_hash, session_id, issued_at, used_at), UPDATE (used_at) ON refresh_token TO pamoja_app;
GRANT INSERT, SELECT (organisation_id, user_id) ON user_credential TO pamoja_app;
GRANT INSERT, DELETE, SELECT (organisation_id, id, user_id, device, created_at, last_used_at, ends_at, revoked_at), UPDATE (last_used_at, revoked_at)
    ON user_session TO pamoja_app;
