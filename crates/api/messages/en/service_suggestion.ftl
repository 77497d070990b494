suggestion-first = Ask for 1 to { $maximum } suggestions.

suggestion-open = There is room, as they said on { $day }.
suggestion-limited = There is room for a few, as they said on { $day }.
suggestion-waitlist = There is only a waitlist, as they said on { $day }.
suggestion-capacity-unknown = Nobody has said since { $day } whether there is room: ask before you refer.
suggestion-capacity-never-said = Nobody has said whether there is room: ask before you refer.

suggestion-same-county = In { $county }, where the client is.
suggestion-neighbouring-county = In { $county }, a neighbouring county.
suggestion-other-county = In { $county }, further away.

suggestion-friendly-own-place = A place of their own, for the people it serves.
suggestion-friendly-facility = The register lists services for key populations there.
suggestion-friendliness-unknown = It is not known whether the place is friendly to key populations.

suggestion-checked = { $organisation } vouches for it; last checked on { $day }.

suggestion-answers-within-an-hour = They typically answered you within an hour.
suggestion-answers-within-hours = They typically answered you within { $hours } hours.

suggestion-accompanied = This is your own: go there with the client.
suggestion-open-until = Open now, until { $time }.
suggestion-open-until-day = Open now, until { $day } { $time }.
suggestion-open-day-and-night = Open day and night.
suggestion-closed-until = Closed now; it opens today at { $time }.
suggestion-closed-until-day = Closed now; it opens on { $day } at { $time }.
