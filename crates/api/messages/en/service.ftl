# Keeping the own services.

service-closed = This service is closed: offer a new one instead.
service-facility-closed = This facility is closed according to the register.
service-facility-elsewhere = This facility is in another county: give the facility's, or leave the facility out.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” says nothing of a service: leave the list empty when it is for everyone.
