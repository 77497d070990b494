-- A statement for each foreign key of the schema: whether a row stands against it. One join each, because the triggers that check them
-- are off. Where another key of the same tables compares all of this one's columns and more, the rows that it holds for need no second
-- join: those are left where one of its columns is null.
SELECT foreign_key.conname, format(
    'SELECT count(*) > 0 FROM %s AS child WHERE %s%s AND NOT EXISTS (SELECT FROM %s AS parent WHERE %s)',
    foreign_key.conrelid::regclass, columns.given, coalesce(' AND ' || wider.some_missing, ''), foreign_key.confrelid::regclass, columns.matching
)
FROM pg_constraint AS foreign_key
CROSS JOIN LATERAL (
    SELECT
        string_agg(format('child.%I IS NOT NULL', child.attname), ' AND ') AS given,
        string_agg(format('parent.%I = child.%I', parent.attname, child.attname), ' AND ') AS matching
    FROM unnest(foreign_key.conkey, foreign_key.confkey) AS pair (child, parent)
    JOIN pg_attribute AS child ON child.attrelid = foreign_key.conrelid AND child.attnum = pair.child
    JOIN pg_attribute AS parent ON parent.attrelid = foreign_key.confrelid AND parent.attnum = pair.parent
) AS columns
LEFT JOIN LATERAL (
    SELECT '(' || string_agg(format('child.%I IS NULL', attribute.attname), ' OR ') || ')' AS some_missing
    FROM pg_constraint AS other
    JOIN pg_attribute AS attribute ON attribute.attrelid = other.conrelid AND attribute.attnum = ANY (other.conkey)
        AND attribute.attnum <> ALL (foreign_key.conkey)
    WHERE other.contype = 'f' AND other.conrelid = foreign_key.conrelid AND other.confrelid = foreign_key.confrelid
        AND cardinality(other.conkey) > cardinality(foreign_key.conkey)
        AND NOT EXISTS (
            SELECT FROM unnest(foreign_key.conkey, foreign_key.confkey) AS own (child, parent)
            WHERE NOT EXISTS (
                SELECT FROM unnest(other.conkey, other.confkey) AS pair (child, parent)
                WHERE pair.child = own.child AND pair.parent = own.parent
            )
        )
    GROUP BY other.oid
    ORDER BY other.oid
    LIMIT 1
) AS wider ON true
WHERE foreign_key.contype = 'f' AND foreign_key.connamespace = 'public'::regnamespace
