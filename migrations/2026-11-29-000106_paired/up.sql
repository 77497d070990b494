-- What belongs together is written together: a state and its event, a change and its audit entry, an erasure and the entry that says so.
-- These triggers look when the transaction commits, and refuse what they don't find. Whether there is a door is asked when a row is written:
-- whoever forgets the door before the commit finds nothing of their own any more, and is refused.

-- Who of the tenant's people made a move is written by the database.
CREATE POLICY referral_event_user_write ON referral_event_user FOR INSERT TO pamoja_owner
    WITH CHECK (organisation_id = tenant() AND user_id = acting_user());
CREATE FUNCTION write_event_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
    VALUES (tenant(), NEW.from_organisation_id, NEW.referral_id, NEW.position, acting_user());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION write_event_user() IS 'Writes down, for the acting organisation alone, who of its people made a move.';
REVOKE ALL ON FUNCTION write_event_user() FROM PUBLIC;
CREATE TRIGGER referral_event_user_write AFTER INSERT ON referral_event FOR EACH ROW
    WHEN (door() = 'member' AND NEW.by_organisation_id = tenant() AND (NEW.status <> 'REQUESTED' OR NEW.takes_back OR NEW.amended))
    EXECUTE FUNCTION write_event_user();
REVOKE INSERT ON referral_event_user FROM pamoja_app;

-- Sending a referral writes its first event: nobody else writes one like it, so that a new referral needs no look at the commit.
CREATE POLICY referral_event_write ON referral_event FOR INSERT TO pamoja_owner
    WITH CHECK (from_organisation_id = tenant() AND by_organisation_id = tenant() AND status = 'REQUESTED' AND door() = 'member');
CREATE FUNCTION write_first_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    WITH made AS (
        INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
        VALUES (NEW.from_organisation_id, NEW.referral_id, NEW.to_organisation_id, NEW.status, tenant()) RETURNING position
    )
    INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
    SELECT tenant(), NEW.from_organisation_id, NEW.referral_id, made.position, acting_user() FROM made;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION write_first_event() IS 'Writes down that a referral was sent, and by whom.';
REVOKE ALL ON FUNCTION write_first_event() FROM PUBLIC;
CREATE TRIGGER referral_progress_sent AFTER INSERT ON referral_progress FOR EACH ROW
    WHEN (door() = 'member') EXECUTE FUNCTION write_first_event();
CREATE POLICY referral_event_not_first ON referral_event AS RESTRICTIVE FOR INSERT TO pamoja_app
    WITH CHECK (status <> 'REQUESTED' OR takes_back OR amended);

CREATE POLICY audit_entry_own ON audit_entry FOR SELECT TO pamoja_owner USING (organisation_id = tenant());

-- The state of a referral and its timeline. The owner looks: who gives back what was taken no longer sees it.
CREATE FUNCTION check_timeline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stands record;
    before record;
BEGIN
    SELECT progress.status, progress.status_at, progress.updated_at, progress.to_organisation_id,
        last.position, last.status AS last_status, last.at, last.to_organisation_id AS last_to, last.amended OR last.takes_back AS mends
    INTO stands
    FROM referral_progress AS progress CROSS JOIN LATERAL (
        SELECT * FROM referral_event AS event
        WHERE event.from_organisation_id = NEW.from_organisation_id AND event.referral_id = NEW.referral_id ORDER BY event.position DESC LIMIT 1
    ) AS last
    WHERE progress.from_organisation_id = NEW.from_organisation_id AND progress.referral_id = NEW.referral_id;
    -- Nothing found is refused, too.
    IF (stands.status = stands.last_status AND stands.to_organisation_id IS NOT DISTINCT FROM stands.last_to
        AND (stands.status_at = stands.at OR (stands.mends AND stands.updated_at >= stands.at))) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'a referral does not stand as its timeline says' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_TABLE_NAME = 'referral_event' THEN
        IF NEW.position = stands.position AND NEW.by_organisation_id IS NOT NULL AND NEW.at <> stands.updated_at THEN
            RAISE EXCEPTION 'an event changes nothing' USING ERRCODE = 'insufficient_privilege';
        END IF;
        -- Not the last of its transaction is an expiry that the next move found.
        IF NEW.position <> stands.position AND NEW.by_organisation_id IS NOT NULL THEN
            RAISE EXCEPTION 'an event is overtaken by another of the same transaction' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.takes_back OR NEW.by_organisation_id IS NULL THEN
            SELECT event.status, event.taken_back, event.by_organisation_id INTO before FROM referral_event AS event
            WHERE event.from_organisation_id = NEW.from_organisation_id AND event.referral_id = NEW.referral_id AND event.position < NEW.position
            ORDER BY event.position DESC LIMIT 1;
            IF (NEW.takes_back AND (before.taken_back AND before.by_organisation_id = NEW.by_organisation_id) IS NOT TRUE)
                OR (NEW.by_organisation_id IS NULL AND before.status NOT IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW'))
            THEN
                RAISE EXCEPTION 'an event does not follow from the one before' USING ERRCODE = 'insufficient_privilege';
            END IF;
        END IF;
        IF NOT EXISTS (SELECT FROM audit_entry WHERE organisation_id = tenant() AND transaction_id = pg_current_xact_id()) THEN
            RAISE EXCEPTION 'a change has no audit entry' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_timeline() IS 'Refuses a referral''s new state without its event, an event without its state, and either without an audit entry.';
REVOKE ALL ON FUNCTION check_timeline() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER referral_event_paired AFTER INSERT ON referral_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() IS NOT NULL AND (NEW.status <> 'REQUESTED' OR NEW.takes_back OR NEW.amended)) EXECUTE FUNCTION check_timeline();
CREATE CONSTRAINT TRIGGER referral_progress_paired AFTER UPDATE OF status, status_at ON referral_progress DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (door() IS NOT NULL AND (NEW.status, NEW.status_at) IS DISTINCT FROM (OLD.status, OLD.status_at)) EXECUTE FUNCTION check_timeline();

CREATE FUNCTION check_taken_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT NEW.taken_back OR (
        SELECT after.takes_back AND after.by_organisation_id = NEW.by_organisation_id AND after.at = moment() FROM referral_event AS after
        WHERE after.from_organisation_id = NEW.from_organisation_id AND after.referral_id = NEW.referral_id AND after.position > NEW.position
        ORDER BY after.position LIMIT 1
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'nothing takes this event back' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_taken_back() IS 'Refuses an event that is called taken back without the event that takes it back.';
REVOKE ALL ON FUNCTION check_taken_back() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER referral_event_taken_back AFTER UPDATE OF taken_back ON referral_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() IS NOT NULL AND NEW.taken_back <> OLD.taken_back) EXECUTE FUNCTION check_taken_back();

-- A request for a training: both parties see both, so that no other role has to look.
CREATE FUNCTION check_training_timeline() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    request uuid;
    stands record;
BEGIN
    IF TG_TABLE_NAME = 'training_event' THEN
        request := NEW.request_id;
    ELSE
        request := NEW.id;
    END IF;
    SELECT asked.status, asked.updated_at, last.position, last.status AS last_status, last.at INTO stands
    FROM training_request AS asked CROSS JOIN LATERAL (
        SELECT * FROM training_event AS event
        WHERE event.from_organisation_id = NEW.from_organisation_id AND event.request_id = request ORDER BY event.position DESC LIMIT 1
    ) AS last
    WHERE asked.from_organisation_id = NEW.from_organisation_id AND asked.id = request;
    IF (stands.status = stands.last_status AND stands.updated_at >= stands.at) IS NOT TRUE THEN
        RAISE EXCEPTION 'a request does not stand as its timeline says' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_TABLE_NAME = 'training_event' THEN
        IF NEW.position <> stands.position OR stands.updated_at <> stands.at THEN
            RAISE EXCEPTION 'an event changes nothing' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_training_timeline() IS 'Refuses the new state of a request for a training without its event, and an event without its state.';
REVOKE ALL ON FUNCTION check_training_timeline() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER training_event_paired AFTER INSERT ON training_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() IS NOT NULL) EXECUTE FUNCTION check_training_timeline();
CREATE CONSTRAINT TRIGGER training_request_new AFTER INSERT ON training_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() IS NOT NULL) EXECUTE FUNCTION check_training_timeline();
CREATE CONSTRAINT TRIGGER training_request_paired AFTER UPDATE OF status ON training_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() IS NOT NULL AND NEW.status <> OLD.status) EXECUTE FUNCTION check_training_timeline();

-- What a member changes besides. What is left out is said where a test compares the two.
CREATE FUNCTION check_audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- The other way round: an entry says what was done. The owner looks, for whoever gives back what was taken no longer sees it.
CREATE FUNCTION made_move(wanted uuid, reached text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM referral_event
        WHERE referral_id = wanted AND at = moment() AND by_organisation_id = tenant()
            AND CASE reached WHEN 'amended' THEN amended WHEN 'taken back' THEN takes_back ELSE status = reached AND NOT takes_back AND NOT amended END
    );
END
$$;
COMMENT ON FUNCTION made_move(uuid, text) IS 'Whether the tenant has just brought a referral there: to a state, or amended it, or taken a move back.';
CREATE FUNCTION changed_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM referral_progress WHERE referral_id = wanted AND updated_at = moment());
END
$$;
COMMENT ON FUNCTION changed_referral(uuid) IS 'Whether this transaction has changed how a referral of the tenant stands.';
REVOKE ALL ON FUNCTION made_move(uuid, text), changed_referral(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION made_move(uuid, text), changed_referral(uuid) TO pamoja_app, pamoja_worker;

-- PL/pgSQL plans a branch when it is first taken, and keeps the plan.
CREATE FUNCTION was_done(action text, node uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF door() = 'job' THEN
        RETURN action = 'expireReferral' AND EXISTS (
            SELECT FROM referral_progress
            WHERE referral_id = node AND from_organisation_id = tenant() AND status = 'EXPIRED' AND updated_at = moment()
        );
    END IF;
    CASE action
        WHEN 'referInstead' THEN RETURN made_move(node, 'REQUESTED');
        WHEN 'acceptReferral', 'reopenReferral' THEN RETURN made_move(node, 'ACCEPTED');
        WHEN 'waitlistReferral' THEN RETURN made_move(node, 'WAITLISTED');
        WHEN 'declineReferral' THEN RETURN made_move(node, 'DECLINED');
        WHEN 'scheduleReferral' THEN RETURN made_move(node, 'SCHEDULED');
        WHEN 'markReferralNoShow' THEN RETURN made_move(node, 'NO_SHOW');
        WHEN 'completeReferral' THEN RETURN made_move(node, 'COMPLETED');
        WHEN 'markReferralNotCompleted' THEN RETURN made_move(node, 'NOT_COMPLETED');
        WHEN 'cancelReferral' THEN RETURN made_move(node, 'CANCELLED');
        WHEN 'markReferralEnteredInError' THEN RETURN made_move(node, 'ENTERED_IN_ERROR');
        WHEN 'checkInReferralWithoutSlip' THEN RETURN made_move(node, 'ARRIVED');
        WHEN 'checkInReferral' THEN
            -- Without a node: a code that nobody knows.
            RETURN node IS NULL OR made_move(node, 'ARRIVED') OR EXISTS (SELECT FROM pending_check_in WHERE organisation_id = tenant() AND id = node);
        WHEN 'amendReferral' THEN RETURN made_move(node, 'amended');
        WHEN 'undoReferralMove' THEN RETURN made_move(node, 'taken back') OR changed_referral(node);
        WHEN 'moveReferral', 'reissueReferralSlip', 'withdrawReferralConsent' THEN RETURN changed_referral(node);
        WHEN 'answerCheckIn' THEN RETURN EXISTS (SELECT FROM referral WHERE id = node AND from_organisation_id = tenant());
        WHEN 'assignReferral' THEN
            RETURN EXISTS (
                SELECT FROM referral JOIN referral_handler AS handler
                    ON handler.from_organisation_id = referral.from_organisation_id AND handler.referral_id = referral.id
                WHERE referral.id = node AND handler.organisation_id = tenant() AND handler.assigned_at = moment()
            );
        WHEN 'recordClientReport' THEN
            RETURN EXISTS (SELECT FROM client_report WHERE from_organisation_id = tenant() AND referral_id = node);
        WHEN 'dismissTask' THEN
            RETURN EXISTS (SELECT FROM referral_follow_up WHERE from_organisation_id = tenant() AND referral_id = node AND settled_at IS NOT NULL);
        WHEN 'createService' THEN
            RETURN EXISTS (SELECT FROM service WHERE organisation_id = tenant() AND id = node AND created_at = moment());
        WHEN 'updateService', 'confirmService' THEN
            RETURN EXISTS (SELECT FROM service WHERE organisation_id = tenant() AND id = node AND checked_at = moment());
        WHEN 'setServiceCapacity' THEN RETURN EXISTS (SELECT FROM service WHERE organisation_id = tenant() AND id = node);
        WHEN 'closeService' THEN
            RETURN EXISTS (SELECT FROM service WHERE organisation_id = tenant() AND id = node AND closed_at IS NOT NULL);
        WHEN 'createTrainingOffer', 'updateTrainingOffer' THEN
            RETURN EXISTS (SELECT FROM training_offer WHERE organisation_id = tenant() AND id = node);
        WHEN 'closeTrainingOffer' THEN
            RETURN EXISTS (SELECT FROM training_offer WHERE organisation_id = tenant() AND id = node AND closed_at IS NOT NULL);
        WHEN 'requestTraining', 'acceptTrainingRequest', 'declineTrainingRequest', 'scheduleTraining', 'cancelTraining',
            'recordTrainingDelivered', 'recordTrainingEvaluation', 'recordTrainingFollowUp'
        THEN
            RETURN EXISTS (
                SELECT FROM training_request AS request
                WHERE request.id = node AND request.updated_at = moment() AND request.status = CASE action
                    WHEN 'requestTraining' THEN 'REQUESTED' WHEN 'acceptTrainingRequest' THEN 'ACCEPTED' WHEN 'declineTrainingRequest' THEN 'DECLINED'
                    WHEN 'scheduleTraining' THEN 'SCHEDULED' WHEN 'cancelTraining' THEN 'CANCELLED' WHEN 'recordTrainingDelivered' THEN 'DELIVERED'
                    WHEN 'recordTrainingEvaluation' THEN 'EVALUATED' ELSE request.status END
            );
        WHEN 'pauseServices', 'updateOrganisationContact' THEN RETURN node = tenant();
        -- What leaves nothing that could be looked at: looks, and what concerns many at once.
        WHEN 'clientRecord', 'rotateClientPseudonyms' THEN RETURN node IS NULL;
        WHEN 'allocateSlips' THEN RETURN node IS NOT NULL;
        WHEN 'referralBySlip' THEN
            RETURN node IS NULL OR EXISTS (SELECT FROM referral WHERE id = node) OR EXISTS (SELECT FROM open_referral WHERE id = node);
        -- eraseClient is written by erase_clients alone; signIn, expireReferral and what the operator does are not for members to say.
        ELSE RETURN false;
    END CASE;
END
$$;
COMMENT ON FUNCTION was_done(text, uuid) IS 'Whether this transaction has done what an audit entry says, as far as the rows show it. A new operation needs a line here.';
REVOKE ALL ON FUNCTION was_done(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION was_done(text, uuid) TO pamoja_app, pamoja_worker;
-- The most frequent operation is looked at without a call.
CREATE POLICY audit_entry_true ON audit_entry AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker WITH CHECK (
    CASE WHEN action = 'createReferral' THEN EXISTS (
        SELECT FROM referral WHERE from_organisation_id = tenant() AND id = node_id AND created_at = moment()
    ) ELSE was_done(action, node_id) END
);

-- An erasure and its entry are one: the entry is of a pseudonym that was deleted here.
CREATE POLICY referral_client_erase_read ON referral_client FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY referral_client_erase ON referral_client FOR DELETE TO pamoja_owner USING (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY audit_entry_erase ON audit_entry FOR INSERT TO pamoja_owner
    WITH CHECK (organisation_id = tenant() AND user_id = acting_user() AND action = 'eraseClient' AND door() = 'member');
CREATE FUNCTION erase_clients(referrals uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH erased AS (
        DELETE FROM referral_client WHERE from_organisation_id = tenant() AND referral_id = ANY (referrals) RETURNING referral_id
    )
    INSERT INTO audit_entry (action, node_id) SELECT 'eraseClient', referral_id FROM erased
$$;
COMMENT ON FUNCTION erase_clients(uuid[]) IS 'Deletes pseudonyms of the tenant''s referrals, each with its audit entry. The rest must be erased by the commit.';
REVOKE ALL ON FUNCTION erase_clients(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_clients(uuid[]) TO pamoja_app;
-- A pseudonym is written when its referral is, and never again: what was erased doesn't come back.
CREATE POLICY referral_client_true ON referral_client AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (EXISTS (
    SELECT FROM referral
    WHERE referral.from_organisation_id = referral_client.from_organisation_id AND referral.id = referral_client.referral_id
        AND referral.created_at = moment()
));
-- It goes with the consent alone.
CREATE FUNCTION check_consent_withdrawn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM referral_progress AS progress
        WHERE progress.from_organisation_id = OLD.from_organisation_id AND progress.referral_id = OLD.referral_id AND progress.consent_withdrawn
    ) THEN
        RAISE EXCEPTION 'a pseudonym goes only with the consent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_consent_withdrawn() IS 'Refuses to delete a pseudonym of a referral whose client has not withdrawn consent.';
REVOKE ALL ON FUNCTION check_consent_withdrawn() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER referral_client_gone AFTER DELETE ON referral_client DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member') EXECUTE FUNCTION check_consent_withdrawn();

-- The member's own role looks: it sees all that is its organisation's.
CREATE FUNCTION check_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stands record;
BEGIN
    SELECT consent_withdrawn, decline_reason, scheduled_on, instead_service_id INTO stands
    FROM referral_progress WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id;
    IF stands.consent_withdrawn IS NOT TRUE
        OR EXISTS (SELECT FROM referral_client WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
        OR EXISTS (SELECT FROM referral_shared WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
        OR EXISTS (SELECT FROM referral_note WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
        OR EXISTS (SELECT FROM referral_slip WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
        OR EXISTS (SELECT FROM client_report WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
        OR NEW.action = 'eraseClient' AND (
            stands.decline_reason IS NOT NULL OR stands.scheduled_on IS NOT NULL OR stands.instead_service_id IS NOT NULL
            OR EXISTS (SELECT FROM referral_non_completion WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id)
            OR EXISTS (SELECT FROM referral_consent WHERE from_organisation_id = NEW.organisation_id AND referral_id = NEW.node_id AND given_by IS NOT NULL)
        )
    THEN
        RAISE EXCEPTION 'an audit entry says that something was erased that is still there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_erased() IS 'Refuses an audit entry of an erasure or a withdrawal that left something behind.';
REVOKE ALL ON FUNCTION check_erased() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER audit_entry_erased AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member' AND NEW.action IN ('eraseClient', 'withdrawReferralConsent')) EXECUTE FUNCTION check_erased();
