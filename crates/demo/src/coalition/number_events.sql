-- The next event gets the next position.
SELECT setval(pg_get_serial_sequence('referral_event', 'position'), $1::bigint) WHERE $1 > 0
