-- The noise key of the month that was published last.
SELECT noise_key_id FROM statistic_release ORDER BY month DESC LIMIT 1
