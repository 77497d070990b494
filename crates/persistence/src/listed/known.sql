SELECT proname AS name FROM pg_proc
