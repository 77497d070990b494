# Why an offer of a training, or a request for one, is suggested.

matching-same-topic = It is on what was asked for.
matching-related-topic = It is on “{ $topic }”, which is close to what was asked for.
matching-same-county = It is held in { $county }.
matching-remote = It can be held over a line.
matching-neighbouring-county = It is held in a county that borders { $county }.
matching-other-county = It is not held near { $county }: ask whether they would come.
matching-language = It is held in: { $languages }.
matching-other-language = It is held in none of the languages asked for: ask whether somebody can interpret.
matching-room = Up to { $maximum } people fit in.
matching-people = { $people } people are expected, who all fit in.
matching-too-many-people = More people are expected than the { $maximum } who fit in: it would take more than one training.
matching-satisfaction = People gave their trainings on it { $satisfaction } of 5.
matching-preferred-month = They would like it in { $month }.
matching-preferred-month-past = They wanted it by { $month }: ask when it would suit now.
matching-waiting = They have been waiting since { $day }.
