-- This is a file, not diesel's DSL, so that the made-up coalition publishes by the same statements.
DELETE FROM training_satisfaction WHERE organisation_id = tenant() AND month <> present_month()
