DROP POLICY check_in_question_true ON check_in_question;
DROP FUNCTION waits_elsewhere(uuid, uuid, timestamptz);
DROP POLICY training_evaluation_for_host_true ON training_evaluation_for_host;
DROP POLICY pending_check_in_true ON pending_check_in;
DROP POLICY blank_slip_true ON blank_slip;
DROP POLICY referral_follow_up_true ON referral_follow_up;
DROP POLICY referral_handler_true_change ON referral_handler;
DROP POLICY referral_handler_true ON referral_handler;
DROP POLICY referral_event_true ON referral_event;
DROP POLICY referral_progress_true ON referral_progress;
DROP TRIGGER referral_progress_time ON referral_progress;
DROP TRIGGER referral_progress_stand ON referral_progress;
DROP FUNCTION check_stand();
DROP TRIGGER training_request_change ON training_request;
DROP TRIGGER referral_progress_change ON referral_progress;
DROP FUNCTION note_change();
DROP TRIGGER referral_progress_withdrawn ON referral_progress;
DROP TRIGGER user_account_true ON user_account;
DROP TRIGGER facility_register_true ON facility_register;
DROP TRIGGER facility_true ON facility;
DROP TRIGGER referral_follow_up_true ON referral_follow_up;
DROP TRIGGER check_in_question_true ON check_in_question;
DROP TRIGGER open_referral_true ON open_referral;
DROP TRIGGER training_session_true ON training_session;
DROP TRIGGER training_offer_true ON training_offer;
DROP TRIGGER service_true ON service;
DROP FUNCTION refuse_untrue();
COMMENT ON COLUMN audit_entry.user_id IS NULL;
ALTER TABLE audit_entry ALTER COLUMN user_id DROP DEFAULT, ALTER COLUMN organisation_id DROP DEFAULT;
ALTER TABLE audit_entry DROP COLUMN door;

-- Whoever may write a column of the table gets back those that keep their default meanwhile.
DO $$
DECLARE
    kept record;
    role text;
    columns text;
BEGIN
    FOR kept IN SELECT * FROM (VALUES
        ('audit_entry', ARRAY['organisation_id', 'user_id']),
        ('audit_seal', ARRAY['sealed_at']),
        ('blank_slip', ARRAY['issued_at']),
        ('client_mutation', ARRAY['recorded_at']),
        ('facility', ARRAY['imported_at']),
        ('open_referral', ARRAY['created_at', 'closed_at']),
        ('organisation', ARRAY['created_at', 'active_since']),
        ('pending_check_in', ARRAY['checked_in_at']),
        ('referral', ARRAY['created_at']),
        ('referral_consent', ARRAY['recorded_at']),
        ('referral_non_completion', ARRAY['recorded_at']),
        ('referral_progress', ARRAY['status_at', 'opened_at', 'updated_at', 'consent_withdrawn']),
        ('referral_slip', ARRAY['issued_at']),
        ('service', ARRAY['created_at', 'closed_at', 'checked_at', 'capacity_updated_at']),
        ('slip_attempt', ARRAY['attempted_at']),
        ('user_account', ARRAY['created_at', 'disabled_at', 'enabled_since'])
    ) AS listed (name, columns) LOOP
        FOREACH role IN ARRAY ARRAY['pamoja_app', 'pamoja_worker', 'pamoja_operator'] LOOP
            CONTINUE WHEN NOT has_any_column_privilege(role, kept.name, 'INSERT');
            IF kept.name = 'audit_entry' THEN
                SELECT string_agg(quote_ident(name), ', ') INTO columns FROM unnest(kept.columns) AS name;
                EXECUTE format('GRANT INSERT (%s) ON %I TO %I', columns, kept.name, role);
            ELSE
                EXECUTE format('REVOKE INSERT ON %I FROM %I', kept.name, role);
                EXECUTE format('GRANT INSERT ON %I TO %I', kept.name, role);
            END IF;
        END LOOP;
    END LOOP;
END
$$;
