INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
VALUES ($1::text::uuid, $2::text::uuid, sha256(uuid_send($3::text::uuid)), moment() + interval '30 days')
