# Not yet reviewed by a native speaker.
# Keeping the own services.

service-closed = Huduma hii imefungwa: toa mpya badala yake.
pause-service-closed = Mojawapo ya huduma hizi imefungwa: iache nje.
pause-offer-closed = Mojawapo ya matoleo haya limefungwa: liache nje.
pause-nothing-named = Hapa hakuna kilichotajwa: taja angalau huduma au toleo moja, au acha orodha zote mbili kwa yote ya shirika lenu.
service-facility-closed = Kituo hiki kimefungwa kulingana na rejista.
service-facility-elsewhere = Kituo hiki kiko katika kaunti nyingine: weka kaunti ya kituo, au usitaje kituo.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” haisemi lolote kuhusu huduma: acha orodha tupu ikiwa ni ya kila mtu.
