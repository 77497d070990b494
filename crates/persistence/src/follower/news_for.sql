SELECT place, news FROM news_for($1, $2, $3, $4, $5)
