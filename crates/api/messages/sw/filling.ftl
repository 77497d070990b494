# Not yet reviewed by a native speaker.
month-name = { $month ->
        [1] Januari
        [2] Februari
        [3] Machi
        [4] Aprili
        [5] Mei
        [6] Juni
        [7] Julai
        [8] Agosti
        [9] Septemba
        [10] Oktoba
        [11] Novemba
       *[12] Desemba
    }
month-of-year = { month-name } { $year }
day-of-month = { $day } { month-name }
day-of-year = { $day } { month-name } { $year }
language-without-caption = lugha nyingine
