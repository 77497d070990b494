SELECT request.session_id, follow_up.months_after, sum(follow_up.asked)::integer AS asked, sum(follow_up.still_using)::integer AS still_using
FROM training_request AS request
JOIN training_follow_up AS follow_up ON follow_up.from_organisation_id = request.from_organisation_id AND follow_up.request_id = request.id
WHERE request.session_id = ANY ($1)
GROUP BY request.session_id, follow_up.months_after
ORDER BY follow_up.months_after
