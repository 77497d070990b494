SELECT id, slug, name, kind, populations, counties, status
FROM organisation
WHERE true
