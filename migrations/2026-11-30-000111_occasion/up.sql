-- What a member writes where another reads it has an occasion: a move of its own. Otherwise whoever sends the program's statements in
-- another order could fill another's lists, or read what waits and leave no trace of it.

-- An offer opens others' requests from the transaction after the one that wrote it: one that is taken back has shown nothing.
ALTER TABLE training_offer ADD COLUMN offered_since timestamptz NOT NULL DEFAULT moment();
COMMENT ON COLUMN training_offer.offered_since IS 'When it was last changed where, until when or whether it can be asked for. It counts from the next transaction on.';
GRANT SELECT (offered_since) ON training_offer TO pamoja_app;
CREATE FUNCTION note_offered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.offered_since := moment();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_offered() IS 'Writes down since when an offer stands as it does.';
REVOKE ALL ON FUNCTION note_offered() FROM PUBLIC;
CREATE TRIGGER training_offer_offered BEFORE UPDATE ON training_offer FOR EACH ROW WHEN (
    door() IS NOT NULL AND (NEW.topic, NEW.county_codes, NEW.open_until, NEW.paused, NEW.closed_at)
        IS DISTINCT FROM (OLD.topic, OLD.county_codes, OLD.open_until, OLD.paused, OLD.closed_at)
) EXECUTE FUNCTION note_offered();
CREATE OR REPLACE FUNCTION offers_training(candidate uuid, wanted_topic text, wanted_county text) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM training_offer
        WHERE organisation_id = candidate AND topic = wanted_topic AND (county_codes = '{}' OR wanted_county = ANY (county_codes))
            AND closed_at IS NULL AND NOT paused AND (open_until IS NULL OR open_until >= present_day()) AND offered_since <> moment()
    );

-- The receiver asks the sender to follow up what has just ended unserved, and nothing else.
ALTER POLICY referral_follow_up_add ON referral_follow_up WITH CHECK (
    (from_organisation_id = tenant() AND (dismissed_by IS NULL OR dismissed_by = acting_user()))
    OR (
        ended_at = moment() AND settled_at IS NULL AND dismissed_by IS NULL
        AND EXISTS (
            SELECT FROM referral_progress AS progress
            WHERE progress.from_organisation_id = referral_follow_up.from_organisation_id AND progress.referral_id = referral_follow_up.referral_id
                AND progress.to_organisation_id = tenant() AND progress.status_at = moment()
                AND progress.status IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED')
        )
    )
);

-- A training is held for those who asked for it.
CREATE FUNCTION have_asked(hosts uuid[], session uuid, of_topic text) RETURNS boolean LANGUAGE sql STABLE
    RETURN NOT EXISTS (
        SELECT FROM unnest(hosts) AS host
        WHERE NOT EXISTS (
            SELECT FROM training_request AS asked
            WHERE asked.to_organisation_id = tenant() AND asked.from_organisation_id = host AND asked.topic = of_topic
                AND (asked.session_id = session OR (asked.session_id IS NULL AND asked.status = 'ACCEPTED'))
        )
    );
COMMENT ON FUNCTION have_asked(uuid[], uuid, text) IS 'Whether each of these hosts has a request that the tenant has accepted, for this session or for none yet.';
ALTER POLICY training_session_add ON training_session WITH CHECK (trainer_organisation_id = tenant() AND have_asked(hosts, id, topic));
ALTER POLICY training_session_change ON training_session WITH CHECK (trainer_organisation_id = tenant() AND have_asked(hosts, id, topic));
ALTER POLICY training_participants_add ON training_participants WITH CHECK (
    trainer_organisation_id = tenant() AND EXISTS (
        SELECT FROM training_request AS asked
        WHERE asked.from_organisation_id = host_organisation_id AND asked.id = request_id AND asked.session_id = training_participants.session_id
    )
);
ALTER POLICY training_evaluation_for_host_add ON training_evaluation_for_host WITH CHECK (
    trainer_organisation_id = tenant() AND EXISTS (
        SELECT FROM training_session AS session
        WHERE session.trainer_organisation_id = tenant() AND session.id = session_id AND session.delivered_at IS NOT NULL
            AND host_organisation_id = ANY (session.hosts)
    )
);

-- Another is told of what this transaction has changed; a member itself of anything that it sees.
ALTER POLICY outbox_add ON outbox WITH CHECK (
    kind = 'REFERRAL' AND CASE
        WHEN organisation_id = tenant() THEN EXISTS (
            SELECT FROM referral WHERE referral.id = outbox.node_id AND tenant() IN (referral.from_organisation_id, referral.to_organisation_id)
        )
        ELSE EXISTS (
            SELECT FROM referral_progress AS progress
            WHERE progress.referral_id = outbox.node_id AND progress.updated_at = moment()
                AND (
                    outbox.organisation_id IN (progress.from_organisation_id, progress.to_organisation_id)
                    OR EXISTS (
                        SELECT FROM open_referral_offer AS offer
                        WHERE offer.from_organisation_id = tenant() AND offer.referral_id = outbox.node_id
                            AND offer.organisation_id = outbox.organisation_id
                    )
                )
        )
    END
);
ALTER POLICY outbox_add_training ON outbox WITH CHECK (
    kind = 'TRAINING_REQUEST'
    AND EXISTS (
        SELECT FROM training_request
        WHERE training_request.id = outbox.node_id AND training_request.updated_at = moment()
            AND (
                outbox.organisation_id IN (training_request.from_organisation_id, training_request.to_organisation_id)
                OR (training_request.to_organisation_id IS NULL AND offers_training(outbox.organisation_id, training_request.topic, training_request.county_code))
            )
    )
);

-- What a transaction notes of the outbox anybody can read (SHOW) and write: it tells neither the transaction's number nor the position, and
-- only what this function wrote is believed.
CREATE FUNCTION outbox_note(place bigint) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    own bytea := (SELECT key FROM sign_in_key) || convert_to(pg_current_xact_id()::text, 'UTF8');
    hidden bigint := ('x' || encode(substr(sha256(own), 1, 8), 'hex'))::bit(64)::bigint;
BEGIN
    RETURN (place # hidden) || ' ' || encode(sha256(own || convert_to(place::text, 'UTF8')), 'hex');
END
$$;
COMMENT ON FUNCTION outbox_note(bigint) IS 'How this transaction notes a position of the outbox, so that nobody else can read or write the note.';
REVOKE ALL ON FUNCTION outbox_note(bigint) FROM PUBLIC;
CREATE OR REPLACE FUNCTION hold_outbox_position() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    noted text := current_setting('pamoja.outbox_held', true);
    place bigint;
    held bigint;
BEGIN
    SELECT last_value - (NOT is_called)::integer INTO place FROM outbox_position_seq;
    -- Once a transaction: the first lock reaches back furthest, and taking it again costs nothing.
    IF noted ~ '^-?[0-9]{1,19} ' THEN
        -- The note of zero is what hides a position.
        held := split_part(noted, ' ', 1)::bigint # split_part(outbox_note(0), ' ', 1)::bigint;
        IF outbox_note(held) = noted THEN
            place := least(place, held);
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock_shared((outbox_lock_space() << 48) | place);
    PERFORM set_config('pamoja.outbox_held', outbox_note(place), true);
    RETURN NULL;
END
$$;
