-- Own figures of closed months are kept as counts. Whatever changes a record that such a month counts strikes them in the same transaction: the
-- triggers below look at every column that a count reads (decision 0034 has the list, and a test derives it from the statements).

CREATE FUNCTION figure_month(counted_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_trunc('month', counted_at AT TIME ZONE interval '3 hours')::date;
COMMENT ON FUNCTION figure_month(timestamptz) IS 'The month in Kenya in which figures count what was created or recorded then.';
CREATE FUNCTION month_closes_at(month date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (month + interval '1 month' + interval '30 days') AT TIME ZONE interval '3 hours';
COMMENT ON FUNCTION month_closes_at(date) IS 'From when on no figure of a month changes because time passes, as the domain says.';

CREATE DOMAIN own_side AS text CONSTRAINT own_side_check CHECK (VALUE IN ('SENT', 'RECEIVED'));

CREATE TABLE own_figure (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    side own_side NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    table_name statistic_table_name NOT NULL,
    rule text NOT NULL CHECK (rule ~ '^[0-9a-f]{32}$'),
    keys text[] NOT NULL,
    counts bigint[] NOT NULL,
    totals bigint[] NOT NULL CHECK (cardinality(totals) > 0),
    PRIMARY KEY (organisation_id, side, month, table_name),
    CHECK (cardinality(counts) = cardinality(keys) * cardinality(totals))
);
COMMENT ON TABLE own_figure IS 'PRIVATE: own figures of a closed month, as they were counted; a change of what they count strikes them, and a job counts anew.';
COMMENT ON COLUMN own_figure.rule IS 'A hash of the statement that counted: another one, or a changed one, counts anew.';
COMMENT ON COLUMN own_figure.keys IS 'The cells that are not zero: for each the codes of its keys, divided by spaces.';
COMMENT ON COLUMN own_figure.counts IS 'For each cell, in the order of keys, a count for each of the table''s measures.';
COMMENT ON COLUMN own_figure.totals IS 'The month''s total for each of the table''s measures.';

-- A row says that something was changed. Each is a new one, so nobody who changes something ever waits for somebody else who does, and
-- nothing refers to another table, whose row would be locked. Figures that were counted meanwhile, without the change, find the row there.
CREATE TABLE own_figure_change (
    organisation_id uuid NOT NULL,
    side own_side NOT NULL,
    month date NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (organisation_id, side, month, id)
);
COMMENT ON TABLE own_figure_change IS 'PRIVATE: that what a closed month counts was changed; its figures do not exist until a job has counted anew.';

ALTER TABLE own_figure ENABLE ROW LEVEL SECURITY;
ALTER TABLE own_figure FORCE ROW LEVEL SECURITY;
CREATE POLICY own_figure_read ON own_figure FOR SELECT TO pamoja_app USING (
    organisation_id = (SELECT tenant())
    -- With a limit it is looked up row by row: of an EXISTS the planner would make a table of all that was struck.
    AND (
        SELECT change.id FROM own_figure_change AS change
        WHERE change.organisation_id = own_figure.organisation_id AND change.side = own_figure.side AND change.month = own_figure.month
        LIMIT 1
    ) IS NULL
);
GRANT SELECT (organisation_id, side, month, table_name, rule, keys, counts, totals) ON own_figure TO pamoja_app;
ALTER TABLE own_figure_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE own_figure_change FORCE ROW LEVEL SECURITY;
CREATE POLICY own_figure_change_read ON own_figure_change FOR SELECT TO pamoja_app USING (organisation_id = (SELECT tenant()));
GRANT SELECT (organisation_id, side, month, id) ON own_figure_change TO pamoja_app;

-- The triggers act as the owner, on the figures of both parties of a record.
CREATE POLICY own_figure_strike_read ON own_figure FOR SELECT TO pamoja_owner USING (organisation_id = tenant() OR pg_trigger_depth() > 0);
CREATE POLICY own_figure_strike_lock ON own_figure FOR UPDATE TO pamoja_owner
    USING (organisation_id = tenant() OR pg_trigger_depth() > 0) WITH CHECK (organisation_id = tenant());
CREATE POLICY own_figure_strike ON own_figure FOR DELETE TO pamoja_owner USING (organisation_id = tenant() OR pg_trigger_depth() > 0);
CREATE POLICY own_figure_change_strike_read ON own_figure_change FOR SELECT TO pamoja_owner USING (organisation_id = tenant() OR pg_trigger_depth() > 0);
CREATE POLICY own_figure_change_strike ON own_figure_change FOR INSERT TO pamoja_owner WITH CHECK (organisation_id = tenant() OR pg_trigger_depth() > 0);
-- They look up which month counts a record: one of the acting organisation's, or any where a superuser puts rows right by hand.
CREATE POLICY referral_strike_read ON referral FOR SELECT TO pamoja_owner
    USING (from_organisation_id = tenant() OR to_organisation_id = tenant() OR current_setting('is_superuser') = 'on');
CREATE POLICY training_session_strike_read ON training_session FOR SELECT TO pamoja_owner
    USING (trainer_organisation_id = tenant() OR current_setting('is_superuser') = 'on');

CREATE FUNCTION strike_month(organisation uuid, of_side text, of_month date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Of others nothing is looked at: not even how many pages it took may tell whether they have figures of that month, or changes. Their job
    -- deletes what is struck.
    IF organisation <> tenant() THEN
        INSERT INTO own_figure_change (organisation_id, side, month) VALUES (organisation, of_side, of_month);
        RETURN;
    END IF;
    -- Once a transaction: what it changes further in the same month is struck already.
    INSERT INTO own_figure_change (organisation_id, side, month)
    SELECT organisation, of_side, of_month
    WHERE NOT EXISTS (
        SELECT FROM own_figure_change AS change
        WHERE change.organisation_id = organisation AND change.side = of_side AND change.month = of_month
            AND change.xmin = pg_current_xact_id()::xid
    );
    IF FOUND THEN
        -- What somebody else is just deleting is left to them: should they not, it doesn't exist for anybody all the same.
        DELETE FROM own_figure AS figure WHERE figure.ctid = ANY (ARRAY (
            SELECT held.ctid FROM own_figure AS held
            WHERE held.organisation_id = organisation AND held.side = of_side AND held.month = of_month
            FOR UPDATE SKIP LOCKED
        ));
    END IF;
END
$$;
COMMENT ON FUNCTION strike_month(uuid, text, date) IS 'Strikes what is kept of an organisation''s figures of a month. It waits for nobody, and reads nothing of others.';
REVOKE ALL ON FUNCTION strike_month(uuid, text, date) FROM PUBLIC;

-- Of a month that isn't closed nothing is kept. Whoever comes through no door (a migration, a superuser) has no time of the program's.
CREATE FUNCTION strike_record(counted_at timestamptz, sent_by uuid, received_by uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date := figure_month(counted_at);
BEGIN
    -- Without a moment nothing counts it: a training that isn't delivered, or a part of a referral that is gone.
    IF month IS NOT NULL AND (month_closes_at(month) <= moment() OR door() IS NULL) THEN
        IF sent_by IS NOT NULL THEN
            PERFORM strike_month(sent_by, 'SENT', month);
        END IF;
        IF received_by IS NOT NULL THEN
            PERFORM strike_month(received_by, 'RECEIVED', month);
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION strike_record(timestamptz, uuid, uuid) IS 'Strikes the figures of both parties that count a record, if they can be kept.';
REVOKE ALL ON FUNCTION strike_record(timestamptz, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION strike_referral() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM strike_record(OLD.created_at, OLD.from_organisation_id, OLD.to_organisation_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM strike_record(NEW.created_at, NEW.from_organisation_id, NEW.to_organisation_id);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_referral() IS 'Strikes the figures that count a referral, before and after it was changed.';
REVOKE ALL ON FUNCTION strike_referral() FROM PUBLIC;

-- The argument says whose figures count what was changed: BOTH parties', the SENDER's alone, which the receiver learns nothing of, or those of
-- WHO wrote it: the receiver reads of such rows only its own.
CREATE FUNCTION strike_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    changed record;
    created timestamptz;
    receiver uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN
        changed := OLD;
    ELSE
        changed := NEW;
    END IF;
    -- Where the referral itself is gone, its own trigger strikes.
    SELECT referral.created_at, referral.to_organisation_id INTO created, receiver FROM referral
    WHERE referral.from_organisation_id = changed.from_organisation_id AND referral.id = changed.referral_id;
    IF TG_ARGV[0] = 'SENDER' THEN
        receiver := NULL;
    ELSIF TG_ARGV[0] = 'WHO' THEN
        IF changed.by_organisation_id IS DISTINCT FROM receiver AND (TG_OP <> 'UPDATE' OR OLD.by_organisation_id IS DISTINCT FROM receiver) THEN
            receiver := NULL;
        END IF;
    END IF;
    PERFORM strike_record(created, changed.from_organisation_id, receiver);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_part() IS 'Strikes the figures that count a referral a part of which was changed.';
REVOKE ALL ON FUNCTION strike_part() FROM PUBLIC;

CREATE FUNCTION strike_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    host uuid;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM strike_record(OLD.delivered_at, NULL, OLD.trainer_organisation_id);
        FOREACH host IN ARRAY OLD.hosts LOOP
            PERFORM strike_record(OLD.delivered_at, host, NULL);
        END LOOP;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM strike_record(NEW.delivered_at, NULL, NEW.trainer_organisation_id);
        FOREACH host IN ARRAY NEW.hosts LOOP
            PERFORM strike_record(NEW.delivered_at, host, NULL);
        END LOOP;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_session() IS 'Strikes the figures that count who came to a training, before and after it was changed.';
REVOKE ALL ON FUNCTION strike_session() FROM PUBLIC;

CREATE FUNCTION strike_participants() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    changed record;
    delivered timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        changed := OLD;
    ELSE
        changed := NEW;
    END IF;
    SELECT session.delivered_at INTO delivered FROM training_session AS session
    WHERE session.trainer_organisation_id = changed.trainer_organisation_id AND session.id = changed.session_id;
    PERFORM strike_record(delivered, changed.host_organisation_id, changed.trainer_organisation_id);
    IF TG_OP = 'UPDATE' THEN
        PERFORM strike_record(delivered, OLD.host_organisation_id, NULL);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_participants() IS 'Strikes the figures that count some who came to a training.';
REVOKE ALL ON FUNCTION strike_participants() FROM PUBLIC;

-- What kind an organisation is counts in the figures of all who sent it something, and an operator changes it now and then. So whoever counts
-- holds the kinds meanwhile, and whoever changes one waits for that and strikes all figures that go by kinds.
CREATE FUNCTION kind_lock() RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN (20557::bigint << 48) | (hashtextextended('kind', 0) & ((1::bigint << 48) - 1));
COMMENT ON FUNCTION kind_lock() IS 'The number of the lock that keeps the kinds of organisations as they are while figures are counted.';
REVOKE ALL ON FUNCTION kind_lock() FROM PUBLIC;
CREATE FUNCTION strike_by_kind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(kind_lock());
    DELETE FROM own_figure WHERE table_name = TG_ARGV[0];
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_by_kind() IS 'Strikes all figures by the receiver''s kind: an organisation is of another one now.';
REVOKE ALL ON FUNCTION strike_by_kind() FROM PUBLIC;

CREATE FUNCTION strike_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    DELETE FROM own_figure;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION strike_all() IS 'Strikes all figures: a table that they count was emptied, and nobody counts while it is.';
REVOKE ALL ON FUNCTION strike_all() FROM PUBLIC;

-- A new referral costs next to nothing: what is created now counts in this month, and none of three plain conditions below is true of it. A
-- condition is planned anew for each statement, so there are no more of them, and none calls a function of our own. Progress, pseudonym and
-- what is shared are written with the referral, whose own trigger strikes if it is of before; what is shared anew of one comes with an event
-- that says it was amended.
CREATE TRIGGER referral_strike_insert AFTER INSERT ON referral FOR EACH ROW WHEN (NEW.created_at < now()) EXECUTE FUNCTION strike_referral();
CREATE TRIGGER referral_strike_update AFTER UPDATE OF to_organisation_id, service_type, county_code, created_at ON referral FOR EACH ROW WHEN (
    NEW.to_organisation_id IS DISTINCT FROM OLD.to_organisation_id OR NEW.service_type <> OLD.service_type
    OR NEW.county_code <> OLD.county_code OR NEW.created_at <> OLD.created_at
) EXECUTE FUNCTION strike_referral();
CREATE TRIGGER referral_strike_delete AFTER DELETE ON referral FOR EACH ROW EXECUTE FUNCTION strike_referral();

CREATE TRIGGER referral_progress_strike_update AFTER UPDATE OF status, status_at, decline_reason ON referral_progress FOR EACH ROW WHEN (
    NEW.status <> OLD.status OR NEW.status_at <> OLD.status_at OR NEW.decline_reason IS DISTINCT FROM OLD.decline_reason
) EXECUTE FUNCTION strike_part('BOTH');
CREATE TRIGGER referral_progress_strike_delete AFTER DELETE ON referral_progress FOR EACH ROW EXECUTE FUNCTION strike_part('BOTH');

CREATE TRIGGER referral_client_strike_update AFTER UPDATE OF populations, age_band ON referral_client FOR EACH ROW
    WHEN (NEW.populations <> OLD.populations OR NEW.age_band <> OLD.age_band) EXECUTE FUNCTION strike_part('SENDER');
CREATE TRIGGER referral_client_strike_delete AFTER DELETE ON referral_client FOR EACH ROW EXECUTE FUNCTION strike_part('SENDER');

CREATE TRIGGER referral_shared_strike_update AFTER UPDATE OF populations, age_band, under_18 ON referral_shared FOR EACH ROW
    WHEN (NEW.populations <> OLD.populations OR NEW.age_band <> OLD.age_band OR NEW.under_18 <> OLD.under_18)
    EXECUTE FUNCTION strike_part('BOTH');
CREATE TRIGGER referral_shared_strike_delete AFTER DELETE ON referral_shared FOR EACH ROW EXECUTE FUNCTION strike_part('BOTH');

-- Who agreed again to be counted still isn't: one no counts.
CREATE TRIGGER referral_consent_strike_insert AFTER INSERT ON referral_consent FOR EACH ROW
    WHEN (NOT NEW.counted) EXECUTE FUNCTION strike_part('SENDER');
CREATE TRIGGER referral_consent_strike_update AFTER UPDATE OF counted ON referral_consent FOR EACH ROW
    WHEN (NEW.counted <> OLD.counted) EXECUTE FUNCTION strike_part('SENDER');
CREATE TRIGGER referral_consent_strike_delete AFTER DELETE ON referral_consent FOR EACH ROW
    WHEN (NOT OLD.counted) EXECUTE FUNCTION strike_part('SENDER');

-- What happens now to a referral of a closed month happens more than 30 days after its creation, so it reaches no measure, and as an answer it
-- is none.
CREATE TRIGGER referral_event_strike_insert AFTER INSERT ON referral_event FOR EACH ROW
    WHEN (NEW.at < now() OR NEW.amended) EXECUTE FUNCTION strike_part('BOTH');
CREATE TRIGGER referral_event_strike_update AFTER UPDATE OF status, at, by_organisation_id, taken_back, takes_back ON referral_event FOR EACH ROW
    WHEN (
        NEW.status <> OLD.status OR NEW.at <> OLD.at OR NEW.by_organisation_id IS DISTINCT FROM OLD.by_organisation_id
        OR NEW.taken_back <> OLD.taken_back OR NEW.takes_back <> OLD.takes_back
    ) EXECUTE FUNCTION strike_part('BOTH');
CREATE TRIGGER referral_event_strike_delete AFTER DELETE ON referral_event FOR EACH ROW EXECUTE FUNCTION strike_part('BOTH');

CREATE TRIGGER referral_non_completion_strike AFTER INSERT OR DELETE ON referral_non_completion FOR EACH ROW EXECUTE FUNCTION strike_part('WHO');
CREATE TRIGGER referral_non_completion_strike_update AFTER UPDATE OF by_organisation_id, reason, recorded_at ON referral_non_completion FOR EACH ROW
    WHEN (NEW.by_organisation_id <> OLD.by_organisation_id OR NEW.reason <> OLD.reason OR NEW.recorded_at <> OLD.recorded_at)
    EXECUTE FUNCTION strike_part('WHO');

CREATE TRIGGER training_session_strike_insert AFTER INSERT ON training_session FOR EACH ROW
    WHEN (NEW.delivered_at IS NOT NULL) EXECUTE FUNCTION strike_session();
CREATE TRIGGER training_session_strike_update AFTER UPDATE OF topic, county_code, hosts, delivered_at ON training_session FOR EACH ROW WHEN (
    NEW.topic <> OLD.topic OR NEW.county_code <> OLD.county_code OR NEW.hosts <> OLD.hosts
    OR NEW.delivered_at IS DISTINCT FROM OLD.delivered_at
) EXECUTE FUNCTION strike_session();
CREATE TRIGGER training_session_strike_delete AFTER DELETE ON training_session FOR EACH ROW
    WHEN (OLD.delivered_at IS NOT NULL) EXECUTE FUNCTION strike_session();
CREATE TRIGGER training_participants_strike AFTER INSERT OR DELETE OR UPDATE OF host_organisation_id, cadre, count ON training_participants
    FOR EACH ROW EXECUTE FUNCTION strike_participants();

CREATE TRIGGER organisation_strike AFTER UPDATE OF kind ON organisation FOR EACH ROW
    WHEN (NEW.kind <> OLD.kind) EXECUTE FUNCTION strike_by_kind('REFERRALS_BY_RECEIVER_KIND');

DO $$
DECLARE
    counted text;
BEGIN
    FOREACH counted IN ARRAY ARRAY['referral', 'referral_progress', 'referral_client', 'referral_shared', 'referral_consent', 'referral_event',
        'referral_non_completion', 'training_session', 'training_participants', 'organisation'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION strike_all()', counted || '_strike_truncate', counted);
    END LOOP;
END
$$;
