-- Who documented it goes last: as long as that stands there, the rest may, too.
WITH due AS (
    SELECT author.violation_id AS id FROM violation_author AS author
    JOIN violation ON violation.organisation_id = author.organisation_id AND violation.id = author.violation_id
    WHERE author.organisation_id = (SELECT tenant()) AND violation.ended_in <= $1::date
    LIMIT 1000
), without_author AS (
    DELETE FROM violation_author WHERE organisation_id = (SELECT tenant()) AND violation_id IN (SELECT id FROM due)
), without_client AS (
    DELETE FROM violation_client WHERE organisation_id = (SELECT tenant()) AND violation_id IN (SELECT id FROM due)
), without_note AS (
    DELETE FROM violation_note WHERE organisation_id = (SELECT tenant()) AND violation_id IN (SELECT id FROM due)
), without_links AS (
    DELETE FROM violation_link WHERE organisation_id = (SELECT tenant()) AND violation_id IN (SELECT id FROM due)
)
UPDATE violation SET forgotten = true, causes = '{}', populations = '{}', under_18 = 'NOT_STATED', act_before = NULL
WHERE organisation_id = (SELECT tenant()) AND id IN (SELECT id FROM due)
