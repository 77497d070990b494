-- When the earliest delivery of a training was recorded.
SELECT min(delivered_at) FROM training_session WHERE delivered_at IS NOT NULL
