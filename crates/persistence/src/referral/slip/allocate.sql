INSERT INTO blank_slip (organisation_id, look_up_hash, nonce, batch_id, user_id, expires_at)
SELECT tenant(), made.look_up_hash, made.nonce, $3::uuid, acting_user(), $4::timestamptz
FROM unnest($1::bytea[], $2::bytea[]) AS made (look_up_hash, nonce)
