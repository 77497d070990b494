SELECT id FROM organisation ORDER BY id
