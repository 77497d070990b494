-- Whoever sends SQL as one of the program's roles may say what happened, and not who did it or when: organisation, user and time are the
-- transaction's. Where no statement needs to say them, the right to is taken away and the column has a default; where one does, the value
-- is compared. All of it concerns transactions that came in through a door. A superuser, a migration and the made-up coalition have none.

-- Columns that keep their default. A right on the whole table becomes one on the other columns.
DO $$
DECLARE
    kept record;
    role text;
    others text;
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
            IF has_table_privilege(role, kept.name, 'INSERT') THEN
                SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO others FROM pg_attribute
                WHERE attrelid = kept.name::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
                    AND attname <> ALL (kept.columns);
                EXECUTE format('REVOKE INSERT ON %I FROM %I', kept.name, role);
                EXECUTE format('GRANT INSERT (%s) ON %I TO %I', others, kept.name, role);
            ELSE
                SELECT string_agg(quote_ident(name), ', ') INTO others FROM unnest(kept.columns) AS name;
                EXECUTE format('REVOKE INSERT (%s) ON %I FROM %I', others, kept.name, role);
            END IF;
        END LOOP;
    END LOOP;
END
$$;

-- The audit.
ALTER TABLE audit_entry ADD COLUMN door text;
ALTER TABLE audit_entry ALTER COLUMN door SET DEFAULT door(),
    ALTER COLUMN organisation_id SET DEFAULT tenant(), ALTER COLUMN user_id SET DEFAULT acting_user();
COMMENT ON COLUMN audit_entry.door IS 'Through which door it was written: a member''s user, a job, the operator, a sign-in. Null in entries from before.';
COMMENT ON COLUMN audit_entry.user_id IS 'The member''s user; null where a job or the operator did it, and at sign-in.';
GRANT SELECT (door) ON audit_entry TO pamoja_app, pamoja_worker, pamoja_operator;

CREATE FUNCTION refuse_untrue() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% would not say truly who wrote it, or when', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION refuse_untrue() IS 'Refuses a row. The conditions of its triggers say which: they cost next to nothing for all others.';
REVOKE ALL ON FUNCTION refuse_untrue() FROM PUBLIC;

-- A moment that is set is the present one. Some are set once and for all.
CREATE TRIGGER service_true BEFORE UPDATE OF closed_at, checked_at, capacity_updated_at ON service FOR EACH ROW WHEN (
    door() IS NOT NULL AND (
        (NEW.closed_at IS DISTINCT FROM OLD.closed_at AND (OLD.closed_at IS NOT NULL OR NEW.closed_at <> moment()))
        OR (NEW.checked_at <> OLD.checked_at AND NEW.checked_at <> moment())
        OR (NEW.capacity_updated_at IS DISTINCT FROM OLD.capacity_updated_at AND NEW.capacity_updated_at <> moment())
    )
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER training_offer_true BEFORE UPDATE OF closed_at ON training_offer FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at AND (OLD.closed_at IS NOT NULL OR NEW.closed_at <> moment())
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER training_session_true BEFORE UPDATE OF delivered_at ON training_session FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.delivered_at IS DISTINCT FROM OLD.delivered_at AND (OLD.delivered_at IS NOT NULL OR NEW.delivered_at <> moment())
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER open_referral_true BEFORE UPDATE OF closed_at ON open_referral FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at AND NEW.closed_at <> moment()
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER check_in_question_true BEFORE UPDATE OF denied_at ON check_in_question FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.denied_at IS DISTINCT FROM OLD.denied_at AND (OLD.denied_at IS NOT NULL OR NEW.denied_at <> moment())
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER referral_follow_up_true BEFORE UPDATE OF settled_at, dismissed_by ON referral_follow_up FOR EACH ROW WHEN (
    door() IS NOT NULL AND (NEW.settled_at, NEW.dismissed_by) IS DISTINCT FROM (OLD.settled_at, OLD.dismissed_by)
    AND (OLD.settled_at IS NOT NULL OR NEW.settled_at IS DISTINCT FROM moment())
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER facility_true BEFORE UPDATE OF imported_at ON facility FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.imported_at <> OLD.imported_at AND NEW.imported_at <> moment()
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER facility_register_true BEFORE UPDATE OF taken_in_at ON facility_register FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.taken_in_at <> OLD.taken_in_at AND NEW.taken_in_at <> moment()
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER user_account_true BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW WHEN (
    door() IS NOT NULL AND NEW.disabled_at IS DISTINCT FROM OLD.disabled_at AND NEW.disabled_at <> moment()
) EXECUTE FUNCTION refuse_untrue();
CREATE TRIGGER referral_progress_withdrawn BEFORE UPDATE OF consent_withdrawn ON referral_progress FOR EACH ROW WHEN (
    door() IS NOT NULL AND OLD.consent_withdrawn AND NOT NEW.consent_withdrawn
) EXECUTE FUNCTION refuse_untrue();

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.updated_at := moment();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_change() IS 'Writes down when a row was changed, whatever the statement says.';
REVOKE ALL ON FUNCTION note_change() FROM PUBLIC;
CREATE TRIGGER referral_progress_change BEFORE UPDATE ON referral_progress FOR EACH ROW
    WHEN (door() IS NOT NULL AND NEW.updated_at IS DISTINCT FROM moment()) EXECUTE FUNCTION note_change();
CREATE TRIGGER training_request_change BEFORE UPDATE ON training_request FOR EACH ROW
    WHEN (door() IS NOT NULL AND NEW.updated_at IS DISTINCT FROM moment()) EXECUTE FUNCTION note_change();

-- A move is made now. What isn't is the clock's expiry, or a state that the timeline shows: the one before a move that is taken back.
CREATE FUNCTION check_stand() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status = 'EXPIRED' AND NEW.status_at = OLD.expires_at AND OLD.expires_at <= moment() AND NEW.opened_at = OLD.opened_at
        AND OLD.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW')
    THEN
        -- Jobs come here, and may not read the timeline.
        RETURN NEW;
    END IF;
    IF (
        NEW.status_at = moment() OR (NEW.status, NEW.status_at) = (OLD.status, OLD.status_at) OR EXISTS (
            SELECT FROM referral_event WHERE from_organisation_id = NEW.from_organisation_id AND referral_id = NEW.referral_id
                AND status = NEW.status AND at = NEW.status_at
        )
    ) AND (
        NEW.opened_at IN (OLD.opened_at, moment()) OR EXISTS (
            SELECT FROM referral_event
            WHERE from_organisation_id = NEW.from_organisation_id AND referral_id = NEW.referral_id AND at = NEW.opened_at
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a referral would not say truly since when it stands as it does' USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION check_stand() IS 'Refuses a state, or a beginning of a referral''s time, of another moment, unless the timeline shows it.';
REVOKE ALL ON FUNCTION check_stand() FROM PUBLIC;
CREATE TRIGGER referral_progress_stand BEFORE UPDATE OF status, status_at, opened_at ON referral_progress FOR EACH ROW WHEN (
    door() IS NOT NULL AND (
        ((NEW.status, NEW.status_at) IS DISTINCT FROM (OLD.status, OLD.status_at) AND NEW.status_at <> moment())
        OR (NEW.opened_at <> OLD.opened_at AND NEW.opened_at <> moment())
    )
) EXECUTE FUNCTION check_stand();
-- Thirty days, as the domain says. Otherwise whoever moves a referral could have it expire at once, by nobody's doing.
CREATE TRIGGER referral_progress_time BEFORE UPDATE OF expires_at, opened_at, status ON referral_progress FOR EACH ROW WHEN (
    door() IS NOT NULL AND (
        ((NEW.expires_at, NEW.opened_at) IS DISTINCT FROM (OLD.expires_at, OLD.opened_at) AND NEW.expires_at < NEW.opened_at + interval '720 hours')
        OR ((NEW.expires_at, NEW.status) IS DISTINCT FROM (OLD.expires_at, OLD.status) AND NEW.expires_at <= moment()
            AND NEW.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW'))
    )
) EXECUTE FUNCTION refuse_untrue();

-- What is new.
CREATE POLICY referral_progress_true ON referral_progress AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator
    WITH CHECK (status = 'REQUESTED' AND expires_at >= moment() + interval '720 hours');
-- By nobody is what the clock did, at the time that the referral had; everything else is the tenant's doing, now.
CREATE POLICY referral_event_true ON referral_event AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator WITH CHECK (
    CASE
        WHEN by_organisation_id IS NOT NULL THEN by_organisation_id = tenant() AND at = moment() AND door() = 'member'
            AND (NOT amended OR from_organisation_id = tenant()) AND (NOT without_slip OR (status = 'ARRIVED' AND to_organisation_id = tenant()))
        ELSE status = 'EXPIRED' AND at <= moment() AND NOT takes_back AND NOT amended AND NOT without_slip AND EXISTS (
            SELECT FROM referral_progress AS progress
            WHERE progress.from_organisation_id = referral_event.from_organisation_id AND progress.referral_id = referral_event.referral_id
                AND progress.expires_at = referral_event.at
                AND progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW', 'EXPIRED')
        )
    END
);
-- Whoever makes the first move handles the referral; another one is assigned.
CREATE POLICY referral_handler_true ON referral_handler AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator
    WITH CHECK (CASE WHEN assigned_at IS NULL THEN user_id = acting_user() ELSE assigned_at = moment() END);
CREATE POLICY referral_handler_true_change ON referral_handler AS RESTRICTIVE FOR UPDATE TO pamoja_app, pamoja_worker, pamoja_operator
    USING (true) WITH CHECK (coalesce(assigned_at = moment(), false));
CREATE POLICY referral_follow_up_true ON referral_follow_up AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator WITH CHECK (
    CASE WHEN settled_at IS NULL THEN dismissed_by IS NULL ELSE settled_at = moment() END
    AND (ended_at = moment() OR (ended_at < moment() AND EXISTS (
        SELECT FROM referral_progress AS progress
        WHERE progress.from_organisation_id = referral_follow_up.from_organisation_id AND progress.referral_id = referral_follow_up.referral_id
            AND referral_follow_up.ended_at IN (progress.status_at, progress.expires_at)
    )))
);
CREATE POLICY blank_slip_true ON blank_slip AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator
    WITH CHECK (expires_at <= moment() + interval '1440 hours');
CREATE POLICY pending_check_in_true ON pending_check_in AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker, pamoja_operator
    WITH CHECK (expires_at <= moment() + interval '1440 hours');
CREATE POLICY training_evaluation_for_host_true ON training_evaluation_for_host AS RESTRICTIVE FOR INSERT
    TO pamoja_app, pamoja_worker, pamoja_operator WITH CHECK (EXISTS (
        SELECT FROM training_evaluation AS evaluation
        WHERE evaluation.organisation_id = trainer_organisation_id AND evaluation.session_id = training_evaluation_for_host.session_id
            AND readable_at IN (evaluation.evaluated_at, evaluation.evaluated_at + interval '168 hours')
    ));

CREATE FUNCTION waits_elsewhere(wanted uuid, receiver uuid, since timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM referral_slip AS slip JOIN pending_check_in AS pending ON pending.look_up_hash = slip.look_up_hash
        WHERE slip.from_organisation_id = tenant() AND slip.referral_id = wanted
            AND pending.organisation_id = receiver AND pending.checked_in_at = since
    )
$$;
COMMENT ON FUNCTION waits_elsewhere(uuid, uuid, timestamptz) IS 'Whether somebody was checked in there and then with the slip of this referral of the tenant.';
REVOKE ALL ON FUNCTION waits_elsewhere(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waits_elsewhere(uuid, uuid, timestamptz) TO pamoja_app;
CREATE POLICY check_in_question_true ON check_in_question AS RESTRICTIVE FOR INSERT TO pamoja_app
    WITH CHECK (waits_elsewhere(referral_id, organisation_id, checked_in_at));
