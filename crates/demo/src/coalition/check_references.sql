-- Checks every foreign key of the schema with one join each, because the triggers that check them are off.
DO $$
DECLARE
    reference record;
    broken boolean;
BEGIN
    FOR reference IN
        SELECT conname, conrelid::regclass AS child, confrelid::regclass AS parent, columns.given, columns.matching
        FROM pg_constraint
        CROSS JOIN LATERAL (
            SELECT
                string_agg(format('child.%I IS NOT NULL', child.attname), ' AND ') AS given,
                string_agg(format('parent.%I = child.%I', parent.attname, child.attname), ' AND ') AS matching
            FROM unnest(conkey, confkey) AS pair (child, parent)
            JOIN pg_attribute AS child ON child.attrelid = conrelid AND child.attnum = pair.child
            JOIN pg_attribute AS parent ON parent.attrelid = confrelid AND parent.attnum = pair.parent
        ) AS columns
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace
    LOOP
        EXECUTE format(
            'SELECT count(*) > 0 FROM %s AS child WHERE %s AND NOT EXISTS (SELECT FROM %s AS parent WHERE %s)',
            reference.child, reference.given, reference.parent, reference.matching
        ) INTO broken;
        IF broken THEN
            RAISE EXCEPTION 'rows stand against the constraint %', reference.conname USING ERRCODE = 'foreign_key_violation';
        END IF;
    END LOOP;
END
$$
