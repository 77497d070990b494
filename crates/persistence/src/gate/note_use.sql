SELECT note_use($1, $2, $3)
