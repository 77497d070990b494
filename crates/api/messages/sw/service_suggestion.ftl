# Not yet reviewed by a native speaker.

suggestion-first = Omba mapendekezo 1 hadi { $maximum }.

suggestion-open = Kuna nafasi, kama walivyosema tarehe { $day }.
suggestion-limited = Kuna nafasi chache, kama walivyosema tarehe { $day }.
suggestion-waitlist = Kuna orodha ya kusubiri tu, kama walivyosema tarehe { $day }.
suggestion-capacity-unknown = Tangu tarehe { $day } hakuna aliyesema kama kuna nafasi: uliza kabla ya kumtuma mteja.
suggestion-capacity-never-said = Hakuna aliyesema kama kuna nafasi: uliza kabla ya kumtuma mteja.

suggestion-same-county = Katika kaunti ya { $county }, aliko mteja.
suggestion-neighbouring-county = Katika { $county }, kaunti jirani.
suggestion-other-county = Katika { $county }, mbali zaidi.

suggestion-friendly-own-place = Ni mahali pao wenyewe, kwa ajili ya watu wanaowahudumia.
suggestion-friendly-facility = Sajili inaonyesha kuwa kuna huduma kwa makundi maalum hapo.
suggestion-friendliness-unknown = Haijulikani kama mahali hapo ni rafiki kwa makundi maalum.

suggestion-checked = { $organisation } wanathibitisha huduma hii; waliikagua mara ya mwisho tarehe { $day }.

suggestion-answers-within-an-hour = Kwa kawaida waliwajibu ndani ya saa moja.
suggestion-answers-within-hours = Kwa kawaida waliwajibu ndani ya saa { $hours }.

suggestion-accompanied = Hii ni huduma yenu wenyewe: nenda pamoja na mteja.
suggestion-open-until = Imefunguliwa sasa, hadi { $time }.
suggestion-open-until-day = Imefunguliwa sasa, hadi { $day } { $time }.
suggestion-open-day-and-night = Hufunguliwa usiku na mchana.
suggestion-closed-until = Imefungwa sasa; itafunguliwa leo { $time }.
suggestion-closed-until-day = Imefungwa sasa; itafunguliwa { $day } { $time }.
