month-name = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
month-of-year = { month-name } { $year }
day-of-month = { $day } { month-name }
day-of-year = { $day } { month-name } { $year }
language-without-caption = another language
