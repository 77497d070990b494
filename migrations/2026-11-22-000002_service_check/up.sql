-- When a member last said that the service is offered as described and that it vouches for the place.
ALTER TABLE service ADD COLUMN checked_at timestamptz NOT NULL DEFAULT moment();
-- Row-level security is forced on the owner too, whom no policy lets change a row.
ALTER TABLE service NO FORCE ROW LEVEL SECURITY;
UPDATE service SET checked_at = created_at;
ALTER TABLE service FORCE ROW LEVEL SECURITY;
GRANT UPDATE (checked_at) ON service TO pamoja_app;
