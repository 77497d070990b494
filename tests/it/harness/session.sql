WITH begun AS (
    INSERT INTO user_session (organisation_id, user_id, id, device, ends_at)
    VALUES ($1::text::uuid, $2::text::uuid, $3::text::uuid, 'own', moment() + interval '7 days')
    RETURNING organisation_id, id
)
INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
SELECT organisation_id, id, sha256(uuid_send($4::text::uuid)), moment() + interval '30 days' FROM begun
