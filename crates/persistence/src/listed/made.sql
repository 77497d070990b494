SELECT proname::text AS name FROM pg_proc WHERE pronamespace = to_regnamespace('statement') ORDER BY proname
