SELECT rotate_violations($1::text[], $2::text[])
