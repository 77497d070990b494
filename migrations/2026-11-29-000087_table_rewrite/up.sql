-- When each table's files were last written anew. What was erased before is in none of them; what was erased since may be.
CREATE TABLE table_rewrite (
    table_name text PRIMARY KEY,
    rewritten_at timestamptz NOT NULL
);
COMMENT ON TABLE table_rewrite IS 'SYSTEM: when pamoja forget last wrote the files of each table anew; only the owner reads and writes it.';
ALTER TABLE table_rewrite ENABLE ROW LEVEL SECURITY;
ALTER TABLE table_rewrite FORCE ROW LEVEL SECURITY;
CREATE POLICY table_rewrite_owner ON table_rewrite FOR ALL TO pamoja_owner USING (door() IS NULL) WITH CHECK (door() IS NULL);
