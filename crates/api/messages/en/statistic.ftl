statistic-measure = What this table can count is: { $measures }. Ask for one of them.
statistic-dimension = What this table counts by is: { $dimensions }. Pick by one of them.
statistic-category = “{ $dimension }” takes codes alone, written as the keys of this table's cells are, such as { $example }. captions and counties list them.
statistic-order = The last month comes before the first: swap them.
statistic-range = Ask for at most { $maximum } months at a time.
statistic-too-many = That is more than { $maximum } figures. Ask for fewer months or longer periods, or pick some of the rows.
statistic-method = Figures below { $units }, or from fewer than { $organisations } organisations, are not shown. All others are changed at random by up to { $maximum }, so they may not add up.
