SELECT part, stage, band, outcome, reason, cases FROM violation_funnel($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
