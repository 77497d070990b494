DROP POLICY referral_client_true ON referral_client;
CREATE POLICY referral_client_true ON referral_client AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (EXISTS (
    SELECT FROM referral
    WHERE referral.from_organisation_id = referral_client.from_organisation_id AND referral.id = referral_client.referral_id
        AND referral.created_at = moment()
));

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN SELECT tgname AS name, tgrelid::regclass AS changed FROM pg_trigger
        WHERE tgfoid IN ('check_recorded'::regproc, 'check_training_recorded'::regproc)
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', rule.name, rule.changed);
    END LOOP;
    EXECUTE replace(
        pg_get_functiondef('check_timeline'::regproc), E'        END IF;\n    END IF;\n    RETURN NULL;',
        E'        END IF;\n        IF NOT EXISTS (SELECT FROM audit_entry WHERE organisation_id = tenant() AND transaction_id = pg_current_xact_id()) THEN\n'
        || E'            RAISE EXCEPTION ''a change has no audit entry'' USING ERRCODE = ''insufficient_privilege'';\n        END IF;\n    END IF;\n    RETURN NULL;'
    );
    EXECUTE replace(
        replace(
            pg_get_functiondef('was_done(text, uuid)'::regprocedure), 'request.status = (
                    SELECT event.status FROM training_event AS event
                    WHERE event.from_organisation_id = request.from_organisation_id AND event.request_id = request.id
                    ORDER BY event.position DESC LIMIT 1
                ) AND ', ''
        ),
        'RETURN EXISTS (SELECT FROM blank_slip WHERE organisation_id = tenant() AND batch_id = node AND issued_at = moment());', 'RETURN node IS NOT NULL;'
    );
END
$$;
DROP FUNCTION check_training_recorded(), check_recorded();
DROP POLICY training_request_received ON training_request;
DROP FUNCTION was_sent_elsewhere(uuid);
DROP POLICY referral_sender_instead ON referral_sender;
ALTER POLICY audit_entry_true ON audit_entry WITH CHECK (
    CASE WHEN action = 'createReferral' THEN EXISTS (
        SELECT FROM referral WHERE from_organisation_id = tenant() AND id = node_id AND created_at = moment()
    ) ELSE was_done(action, node_id) END
);
ALTER POLICY audit_entry_erase ON audit_entry
    WITH CHECK (organisation_id = tenant() AND user_id = acting_user() AND action = 'eraseClient' AND door() = 'member');
DROP FUNCTION may_do(text);
CREATE FUNCTION check_audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE organisation_id = tenant() AND transaction_id = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a change has no audit entry' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_audited() IS 'Refuses what a member changed in a transaction without an audit entry of that member.';
REVOKE ALL ON FUNCTION check_audited() FROM PUBLIC;
DO $$
DECLARE
    audited record;
BEGIN
    FOR audited IN SELECT * FROM (VALUES
        ('blank_slip', 'INSERT'), ('check_in_question', 'INSERT OR UPDATE OR DELETE'), ('client_report', 'INSERT OR UPDATE OR DELETE'),
        ('open_referral', 'INSERT OR UPDATE'), ('organisation_contact', 'INSERT OR UPDATE'), ('pending_check_in', 'INSERT'),
        ('referral', 'INSERT OR UPDATE'), ('referral_client', 'INSERT OR UPDATE OR DELETE'), ('referral_consent', 'INSERT OR UPDATE'),
        ('referral_follow_up', 'INSERT OR UPDATE OR DELETE'), ('referral_handler', 'UPDATE OR DELETE'),
        ('referral_non_completion', 'INSERT OR DELETE'), ('referral_note', 'INSERT OR DELETE'), ('referral_sender', 'UPDATE'),
        ('referral_shared', 'INSERT OR DELETE'), ('referral_slip', 'INSERT OR DELETE'), ('referral_undo', 'INSERT OR DELETE'), ('open_referral_offer', 'INSERT'),
        ('service', 'INSERT OR UPDATE'), ('slip_attempt', 'INSERT'), ('training_evaluation', 'INSERT OR UPDATE'),
        ('training_evaluation_for_host', 'INSERT OR DELETE'), ('training_event', 'INSERT'), ('training_follow_up', 'INSERT OR UPDATE'),
        ('training_offer', 'INSERT OR UPDATE'), ('training_participants', 'INSERT OR DELETE'), ('training_request', 'UPDATE'),
        ('training_session', 'INSERT OR UPDATE OR DELETE')
    ) AS listed (name, operations) LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER %I AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (door() = %L) EXECUTE FUNCTION check_audited()',
            audited.name || '_audited', audited.operations, audited.name, 'member'
        );
    END LOOP;
END
$$;
-- A move has its event; what else is changed in the row hasn't.
CREATE CONSTRAINT TRIGGER referral_progress_audited AFTER UPDATE ON referral_progress DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member' AND NEW.status_at = OLD.status_at) EXECUTE FUNCTION check_audited();
CREATE CONSTRAINT TRIGGER referral_handler_assigned AFTER INSERT ON referral_handler DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member' AND NEW.assigned_at IS NOT NULL) EXECUTE FUNCTION check_audited();

