SELECT public.drop_unlisted_statements($1::text[])
