UPDATE service SET
    hours = CASE WHEN $1::boolean THEN $2::text ELSE hours END,
    languages = coalesce($3::text[], languages),
    line = CASE WHEN $4::boolean THEN $5::text ELSE line END
WHERE organisation_id = tenant() AND id = $6::uuid
