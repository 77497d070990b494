SELECT place, kind, node_id FROM changes_for_all($1, $2, $3)
