SELECT open_operator($1) AS at, NULL::text[] AS roles, NULL::bigint AS announced, NULL::boolean AS own_device
