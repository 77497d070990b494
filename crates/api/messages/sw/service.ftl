# Not yet reviewed by a native speaker.
# Keeping the own services.

service-closed = Huduma hii imefungwa: toa mpya badala yake.
service-facility-closed = Kituo hiki kimefungwa kulingana na rejista.
service-facility-elsewhere = Kituo hiki kiko katika kaunti nyingine: weka kaunti ya kituo, au usitaje kituo.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” haisemi lolote kuhusu huduma: acha orodha tupu ikiwa ni ya kila mtu.
