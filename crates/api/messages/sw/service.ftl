# Not yet reviewed by a native speaker.
# Keeping the own services.

service-closed = Huduma hii imefungwa: toa mpya badala yake.
pause-service-closed = Mojawapo ya huduma hizi imefungwa: iache nje.
pause-offer-closed = Mojawapo ya matoleo haya limefungwa: liache nje.
pause-nothing-named = Hapa hakuna kilichotajwa: taja angalau huduma au toleo moja, au acha orodha zote mbili kwa yote ya shirika lenu.
hours-time-malformed = Saa huandikwa kama 09:30, kuanzia 00:00 hadi 24:00.
hours-days-missing = Taja siku: angalau moja.
hours-no-time = Hufunguliwa inapofungwa, au mwisho wa siku. Usiku na mchana ni 00:00 hadi 24:00; inayofunguliwa usiku wa manane hufunguliwa 00:00.
hours-overlap = Vipindi viwili kati ya hivi vinaingiliana { $day }, au ni sawa: viunganishe. Kinachofungwa kabla ya kufunguliwa huendelea hadi siku inayofuata.
hours-too-many = Taja vipindi visivyozidi { $maximum }: siku zenye saa sawa huandikwa pamoja.
contact-too-many-languages = Taja lugha zisizozidi { $maximum }.
line-malformed = Andika nambari ya simu kama +254 na tarakimu tisa, kama nambari ya bure ya 0800 na tarakimu sita, au kama msimbo mfupi wa tarakimu tatu hadi sita.
line-mobile = Hii ni nambari ya simu ya mkononi, na nyingi za hizi ni za mtu binafsi. Itoe tu ikiwa ni mali ya shirika, na uthibitishe hivyo; vinginevyo toa nambari nyingine, au usitoe yoyote.
service-facility-closed = Kituo hiki kimefungwa kulingana na rejista.
service-facility-elsewhere = Kituo hiki kiko katika kaunti nyingine: weka kaunti ya kituo, au usitaje kituo.
service-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” haisemi lolote kuhusu huduma: acha orodha tupu ikiwa ni ya kila mtu.
