# Keeping the own services.

service-closed = This service is closed: offer a new one instead.
pause-service-closed = One of these services is closed: leave it out.
pause-offer-closed = One of these offers is closed: leave it out.
pause-nothing-named = Nothing is named here: name at least one service or offer, or leave out both lists for all of your organisation.
service-facility-closed = This facility is closed according to the register.
service-facility-elsewhere = This facility is in another county: give the facility's, or leave the facility out.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” says nothing of a service: leave the list empty when it is for everyone.
