WITH rotated AS (
    UPDATE referral_client SET client = rotation.new FROM unnest($1::text[], $2::text[]) AS rotation (old, new)
    WHERE from_organisation_id = tenant() AND client = rotation.old
    RETURNING referral_id
)
INSERT INTO outbox (organisation_id, kind, node_id) SELECT tenant(), $3::text, referral_id FROM rotated
