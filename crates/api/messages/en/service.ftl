# Keeping the own services.

service-closed = This service is closed: offer a new one instead.
pause-service-closed = One of these services is closed: leave it out.
pause-offer-closed = One of these offers is closed: leave it out.
pause-nothing-named = Nothing is named here: name at least one service or offer, or leave out both lists for all of your organisation.
hours-time-malformed = A time is written like 09:30, from 00:00 to 24:00.
hours-days-missing = Say on which days: at least one.
hours-no-time = This opens when it closes, or at the end of a day. Day and night is 00:00 to 24:00; what opens at midnight opens at 00:00.
hours-overlap = Two of these spans overlap on { $day }, or are the same: put them into one. What closes before it opens goes on into the next day.
hours-too-many = Name at most { $maximum } spans: days with the same hours go together.
contact-too-many-languages = Name at most { $maximum } languages.
line-malformed = Write the line as +254 and nine digits, as a toll-free number of 0800 and six digits, or as a short code of three to six digits.
line-mobile = This is a mobile number, and most of these are a person's. Give it only if the organisation owns it, and confirm that; otherwise give another line, or none.
service-facility-closed = This facility is closed according to the register.
service-facility-elsewhere = This facility is in another county: give the facility's, or leave the facility out.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” says nothing of a service: leave the list empty when it is for everyone.
