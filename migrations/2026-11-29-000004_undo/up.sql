-- Whoever made the last move can take it back for a while. What is needed for that is a row of the mover's organisation alone: how the
-- referral stood before the move. Every further change of the referral deletes it, and so does the clock.

-- Both sides see that a move was made and taken back: its event stays, and another event tells that it was taken back. Nothing counts either.
ALTER TABLE referral_event ADD COLUMN takes_back boolean NOT NULL DEFAULT false, ADD COLUMN taken_back boolean NOT NULL DEFAULT false;
GRANT SELECT (takes_back, taken_back), INSERT (takes_back), UPDATE (taken_back) ON referral_event TO pamoja_app;
GRANT SELECT (takes_back, taken_back) ON referral_event TO pamoja_publisher;
CREATE POLICY referral_event_take_back ON referral_event FOR UPDATE TO pamoja_app
    USING (coalesce((from_organisation_id = tenant() OR to_organisation_id = tenant()) AND by_organisation_id = tenant(), false))
    WITH CHECK (by_organisation_id = tenant());

-- Whoever recorded a reason can take it back.
CREATE POLICY referral_non_completion_take_back ON referral_non_completion FOR DELETE TO pamoja_app USING (by_organisation_id = tenant());

CREATE TABLE referral_undo (
    organisation_id uuid NOT NULL,
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    user_id uuid NOT NULL,
    made_at timestamptz NOT NULL DEFAULT moment(),
    led_to referral_status NOT NULL,
    event_position bigint,
    took boolean NOT NULL,
    for_good boolean NOT NULL,
    took_up boolean NOT NULL,
    status referral_status NOT NULL,
    status_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    scheduled_on date,
    decline_reason decline_reason,
    service_id uuid,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, from_organisation_id, referral_id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_undo IS 'PRIVATE organisation_id: how a referral stood before the organisation''s last move, who made it and when; the next change of the referral deletes it.';
CREATE INDEX referral_undo_age ON referral_undo (organisation_id, made_at);
CREATE INDEX referral_undo_referral ON referral_undo (from_organisation_id, referral_id);
ALTER TABLE referral_undo ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_undo FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_undo_read ON referral_undo FOR SELECT TO pamoja_app USING (organisation_id = (SELECT tenant()));
CREATE POLICY referral_undo_add ON referral_undo FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND user_id = acting_user() AND door() = 'member'
    AND EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = referral_undo.from_organisation_id AND referral.id = referral_undo.referral_id
    )
);
CREATE POLICY referral_undo_remove ON referral_undo FOR DELETE TO pamoja_app USING (organisation_id = tenant());
GRANT SELECT (organisation_id, from_organisation_id, referral_id, user_id, made_at, led_to, event_position, took, for_good, took_up, status, status_at,
        opened_at, scheduled_on, decline_reason, service_id, expires_at),
    INSERT (organisation_id, from_organisation_id, referral_id, user_id, led_to, event_position, took, for_good, took_up, status, status_at,
        opened_at, scheduled_on, decline_reason, service_id, expires_at), DELETE
    ON referral_undo TO pamoja_app;

-- A party that changes the referral ends what the other could have taken back, and doesn't learn whether there was anything.
CREATE POLICY referral_undo_of_parties ON referral_undo FOR SELECT TO pamoja_owner USING (
    organisation_id = tenant() OR from_organisation_id = tenant()
    OR EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = referral_undo.from_organisation_id AND referral.id = referral_undo.referral_id
            AND referral.to_organisation_id = tenant()
    )
);
CREATE POLICY referral_undo_forget ON referral_undo FOR DELETE TO pamoja_owner USING (
    organisation_id = tenant() OR from_organisation_id = tenant()
    OR EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = referral_undo.from_organisation_id AND referral.id = referral_undo.referral_id
            AND referral.to_organisation_id = tenant()
    )
);
CREATE FUNCTION forget_undo(changed uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    DELETE FROM referral_undo WHERE referral_id = ANY (changed);
END;
COMMENT ON FUNCTION forget_undo(uuid[]) IS 'Deletes what either party of these referrals of the acting organisation could have taken back.';
REVOKE ALL ON FUNCTION forget_undo(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_undo(uuid[]) TO pamoja_app;

-- What was taken and is given back is open again, to the same members as before. Only the function below does that, as the owner: the
-- receiver alone can't address a row to nobody, nor see to whom else it was offered.
CREATE POLICY open_referral_offer_give_back ON open_referral_offer FOR SELECT TO pamoja_owner USING (
    EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = open_referral_offer.from_organisation_id AND referral.id = open_referral_offer.referral_id
            AND referral.to_organisation_id = tenant()
    )
);
CREATE POLICY open_referral_give_back ON open_referral FOR UPDATE TO pamoja_owner USING (
    closed_at IS NOT NULL
    AND EXISTS (
        SELECT FROM open_referral_offer AS offer
        WHERE offer.organisation_id = tenant()
            AND offer.from_organisation_id = open_referral.from_organisation_id AND offer.referral_id = open_referral.id
    )
) WITH CHECK (closed_at IS NULL);
CREATE POLICY referral_give_back ON referral FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_progress_give_back ON referral_progress FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_shared_give_back ON referral_shared FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_note_give_back ON referral_note FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_slip_give_back ON referral_slip FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_non_completion_give_back ON referral_non_completion FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY referral_event_give_back ON referral_event FOR UPDATE TO pamoja_owner USING (to_organisation_id = tenant()) WITH CHECK (to_organisation_id IS NULL);
CREATE POLICY outbox_give_back ON outbox FOR INSERT TO pamoja_owner WITH CHECK (
    kind = 'REFERRAL'
    AND EXISTS (
        SELECT FROM open_referral_offer AS offer
        JOIN referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
        WHERE offer.referral_id = outbox.node_id AND offer.organisation_id = outbox.organisation_id AND referral.to_organisation_id = tenant()
    )
);

CREATE FUNCTION give_back_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
    until timestamptz;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    -- It was closed when it was taken: that moment is the database's own.
    SELECT progress.from_organisation_id, progress.expires_at INTO sender, until
    FROM referral_progress AS progress
    JOIN open_referral ON open_referral.from_organisation_id = progress.from_organisation_id AND open_referral.id = progress.referral_id
    WHERE progress.referral_id = wanted AND progress.to_organisation_id = tenant() AND progress.from_organisation_id <> tenant()
        AND progress.status = 'REQUESTED' AND progress.service_id IS NULL
        AND open_referral.closed_at > moment() - interval '15 minutes'
    FOR UPDATE OF progress;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO outbox (organisation_id, kind, node_id)
    SELECT offer.organisation_id, 'REFERRAL', wanted FROM open_referral_offer AS offer
    WHERE offer.from_organisation_id = sender AND offer.referral_id = wanted AND offer.organisation_id <> tenant();
    -- The rows that name both parties go first: they refer to the referral's own.
    UPDATE referral_progress SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE open_referral SET closed_at = NULL, expires_at = until WHERE from_organisation_id = sender AND id = wanted;
    UPDATE referral SET to_organisation_id = NULL WHERE from_organisation_id = sender AND id = wanted;
    RETURN true;
END
$$;
COMMENT ON FUNCTION give_back_open_referral(uuid) IS 'Opens again, to all to whom it was offered, what the acting organisation took at most 15 minutes ago; false when it took nothing.';
REVOKE ALL ON FUNCTION give_back_open_referral(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION give_back_open_referral(uuid) TO pamoja_app;

-- Who takes it next doesn't learn who had it before.
CREATE OR REPLACE FUNCTION address_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    SELECT from_organisation_id INTO sender FROM open_referral
    WHERE id = wanted AND closed_at IS NULL AND expires_at > moment() AND from_organisation_id <> tenant();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Of two who move it at once, takers or the sender, the second waits here, and then finds it closed. Everybody locks the progress first.
    PERFORM FROM referral_progress WHERE from_organisation_id = sender AND referral_id = wanted AND to_organisation_id IS NULL FOR UPDATE;
    PERFORM FROM open_referral
    WHERE from_organisation_id = sender AND id = wanted AND closed_at IS NULL AND expires_at > moment() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE open_referral SET closed_at = moment() WHERE from_organisation_id = sender AND id = wanted;
    UPDATE referral SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND id = wanted;
    UPDATE referral_progress SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = tenant()
    WHERE from_organisation_id = sender AND referral_id = wanted AND NOT takes_back AND NOT taken_back;
    RETURN true;
END
$$;

-- The sender opens again what it called off by mistake.
GRANT UPDATE (expires_at) ON open_referral TO pamoja_app;
