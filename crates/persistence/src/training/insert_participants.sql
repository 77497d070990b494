INSERT INTO training_participants (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count)
SELECT tenant(), $1::uuid, came.host, came.request, came.cadre, came.people
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[]) AS came (host, request, cadre, people)
