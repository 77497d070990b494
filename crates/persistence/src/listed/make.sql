SELECT public.make_statement(name, parameters, returned, body)
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (name, parameters, returned, body)
