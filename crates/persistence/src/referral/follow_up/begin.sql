-- Whoever ends it writes this: the sender, or the receiver, who reads of the reasons only its own.
INSERT INTO referral_follow_up (from_organisation_id, referral_id)
SELECT $1::uuid, $2::uuid
WHERE NOT EXISTS (
    SELECT FROM referral_non_completion AS said
    WHERE said.from_organisation_id = $1 AND said.referral_id = $2 AND said.recorded_at = moment()
        AND said.reason = ANY (CASE WHEN said.by_organisation_id = $1 THEN $3::text[] ELSE $4::text[] END)
)
