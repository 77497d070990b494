-- Whoever has seen a blank slip before can check it in anywhere. A check-in at a receiver whom the sender didn't name moves no referral
-- before the sender has said that it is their client's. What the sender is asked, and a no, are the sender's alone: nothing that the
-- organisation with the check-in reads changes before a yes.
CREATE TABLE check_in_question (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    checked_in_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT moment(),
    denied_at timestamptz,
    PRIMARY KEY (from_organisation_id, referral_id, organisation_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral_sender (from_organisation_id, referral_id) ON DELETE CASCADE,
    CHECK (organisation_id <> from_organisation_id)
);
COMMENT ON TABLE check_in_question IS 'PRIVATE from_organisation_id: where the slip of a referral was checked in before it was sent, though the sender named nobody there, and whether the sender said no. A yes deletes it, and so does withdrawal.';
CREATE INDEX check_in_question_waiting ON check_in_question (from_organisation_id, asked_at, referral_id);
ALTER TABLE check_in_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_in_question FORCE ROW LEVEL SECURITY;
CREATE POLICY check_in_question_read ON check_in_question FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY check_in_question_add ON check_in_question FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY check_in_question_change ON check_in_question FOR UPDATE TO pamoja_app
    USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY check_in_question_remove ON check_in_question FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT (from_organisation_id, referral_id, organisation_id, checked_in_at, asked_at, denied_at),
    INSERT (from_organisation_id, referral_id, organisation_id, checked_in_at), UPDATE (denied_at), DELETE ON check_in_question TO pamoja_app;

-- How many check-ins of one account wait.
CREATE INDEX pending_check_in_user ON pending_check_in (organisation_id, user_id, expires_at);

DROP FUNCTION bind_blank_slip(bytea, uuid[]);
CREATE FUNCTION bind_blank_slip(hash bytea) RETURNS TABLE (nonce bytea, organisation_id uuid, checked_in_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used bytea;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN;
    END IF;
    -- Of two referrals that take it at once the second waits here, and then finds it gone; so does a check-in that is under way.
    DELETE FROM blank_slip AS blank WHERE blank.organisation_id = tenant() AND blank.look_up_hash = hash AND blank.expires_at > moment()
    RETURNING blank.nonce INTO used;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT used, waiting.organisation_id, waiting.checked_in_at
    FROM (VALUES (1)) AS one (n) LEFT JOIN LATERAL (
        SELECT pending.organisation_id, pending.checked_in_at FROM pending_check_in AS pending
        WHERE pending.look_up_hash = hash AND pending.organisation_id <> tenant() AND pending.expires_at > moment()
        ORDER BY pending.checked_in_at, pending.organisation_id LIMIT 20
    ) AS waiting ON true;
END
$$;
COMMENT ON FUNCTION bind_blank_slip(bytea) IS 'Uses up a blank slip of the acting organisation, and tells where its bearer was checked in: a row for each of the first twenty places, or one without a place; no row when it can''t be used.';
REVOKE ALL ON FUNCTION bind_blank_slip(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bind_blank_slip(bytea) TO pamoja_app;

-- The sender addresses an open referral to whoever has its slip waiting. Only the function below acts as the owner.
CREATE POLICY referral_address ON referral FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_address_read ON referral FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY referral_progress_address ON referral_progress FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_progress_address_read ON referral_progress FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY referral_shared_address ON referral_shared FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_shared_address_read ON referral_shared FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY referral_note_address ON referral_note FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_note_address_read ON referral_note FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY referral_slip_address ON referral_slip FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_non_completion_address ON referral_non_completion FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_non_completion_address_read ON referral_non_completion FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY referral_event_address ON referral_event FOR UPDATE TO pamoja_owner
    USING (from_organisation_id = tenant() AND to_organisation_id IS NULL) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_event_address_read ON referral_event FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());

CREATE FUNCTION address_to_waiting(wanted uuid, receiver uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    attempt integer := 0;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    PERFORM FROM referral_slip JOIN pending_check_in ON pending_check_in.look_up_hash = referral_slip.look_up_hash
    WHERE referral_slip.from_organisation_id = tenant() AND referral_slip.referral_id = wanted AND referral_slip.to_organisation_id IS NULL
        AND pending_check_in.organisation_id = receiver AND pending_check_in.expires_at > moment() AND receiver <> tenant();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    LOOP
        BEGIN
            UPDATE referral SET to_organisation_id = receiver, reference = random_reference(4 + attempt / 4)
            WHERE from_organisation_id = tenant() AND id = wanted AND to_organisation_id IS NULL;
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            -- Another referral between the two has it. The more they have, the more letters and digits it takes.
            attempt := attempt + 1;
            IF attempt >= 12 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
    UPDATE referral_progress SET to_organisation_id = receiver WHERE from_organisation_id = tenant() AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = receiver WHERE from_organisation_id = tenant() AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = receiver WHERE from_organisation_id = tenant() AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = receiver WHERE from_organisation_id = tenant() AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = receiver WHERE from_organisation_id = tenant() AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = receiver
    WHERE from_organisation_id = tenant() AND referral_id = wanted AND NOT takes_back AND NOT taken_back;
    RETURN true;
END
$$;
COMMENT ON FUNCTION address_to_waiting(uuid, uuid) IS 'Addresses an open referral of the acting organisation to one that has its slip checked in and waiting; false when that one hasn''t, or when it is addressed to somebody.';
REVOKE ALL ON FUNCTION address_to_waiting(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION address_to_waiting(uuid, uuid) TO pamoja_app;

-- The place may have taken the open referral before the sender says yes: then somebody handles it there already.
CREATE OR REPLACE FUNCTION meet_pending_check_in(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receiver uuid;
    desk uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    DELETE FROM pending_check_in USING referral_slip
    WHERE referral_slip.from_organisation_id = tenant() AND referral_slip.referral_id = wanted
        AND pending_check_in.organisation_id = referral_slip.to_organisation_id
        AND pending_check_in.look_up_hash = referral_slip.look_up_hash AND pending_check_in.expires_at > moment()
    RETURNING pending_check_in.organisation_id, pending_check_in.user_id INTO receiver, desk;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
    VALUES (tenant(), wanted, receiver, 'ARRIVED', receiver);
    INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
    VALUES (receiver, tenant(), wanted, currval(pg_get_serial_sequence('referral_event', 'position')), desk);
    INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id) VALUES (receiver, tenant(), wanted, desk)
    ON CONFLICT DO NOTHING;
    RETURN true;
END
$$;
