# Not yet reviewed by a native speaker.
sending-notice-version = Toleo la tangazo lina herufi, tarakimu, nukta na vistari 1 hadi { $maximum }, kama 2026-1.
sending-language = Lugha huandikwa kwa msimbo wake wa ISO 639, kama sw, en au luo.
sending-adult-agrees = Mteja ana miaka 18 au zaidi: yeye pekee ndiye anayeweza kukubali.
sending-no-clock = Huduma hii haitegemei saa tangu tukio la hatari: ziache. Zinahesabiwa kwa { CAPTION("PEP", of: "ServiceType") }, { CAPTION("EMERGENCY_CONTRACEPTION", of: "ServiceType") }, { CAPTION("POST_VIOLENCE_CARE", of: "ServiceType") }.
sending-hours = Saa tangu tukio la hatari ni 0 hadi { $maximum }: zihesabu tena.
sending-hours-passed = Saa ni 0 hadi { $maximum }. Zikiwa zimepita zaidi, acha saa na mpigie simu mpokeaji kabla mteja hajaondoka: PEP haisaidii tena baada ya saa { $maximum }, huduma nyingine husaidia.
sending-open-with-service = Rufaa iliyo wazi kwa wote si ya huduma fulani: acha hii, au sema shirika gani.
sending-own-without-service = Ili kuandamana na mteja hadi kituo nje ya muungano, taja huduma yenu katika kituo hicho. Ili kumpa mwingine rufaa, mtaje.
sending-not-your-service = Hii si huduma yenu ya aina hiyo, au si yenu tena: ili kuandamana na mteja, taja moja yenu iliyo katika kituo.
sending-no-facility = Huduma hii iko mahali penu wenyewe: rufaa ya kuandamana ni ya huduma katika kituo cha rejista ya taifa mnachokidhamini.
sending-nobody-offers = Hakuna mwanachama mwingine anayetoa huduma hii katika kaunti hii kwa mteja kama huyu: chagua huduma kwingine, au andamaneni hadi kituoni.
sending-no-longer-open = Rufaa hii haiko wazi tena: mwanachama mwingine ameichukua, au imefutwa. Hakuna la kufanya.
sending-advice-go-now = Nenda sasa, usisubiri kukubaliwa. { $hours ->
    [0] Imebaki chini ya saa moja ambayo bado inasaidia.
    [one] Imebaki saa moja ambayo bado inasaidia.
   *[other] Zimebaki saa { $hours } ambazo bado inasaidia.
}
sending-advice-overdue = Muda ambao inasaidia zaidi umepita. Nenda hata hivyo, sasa: wao wataamua nini bado kinawezekana.
sending-advice-go-along = Andamaneni au fuatilieni wenyewe, na mrekodi hapa jinsi ilivyoisha.
sending-advice-facility-closed = Rejista ya taifa inasema kwamba kituo hiki kimefungwa. Uliza mpokeaji mteja aende wapi, au chagua njia nyingine.
sending-advice-already-open = Mteja huyu tayari ana rufaa iliyo wazi ya huduma hiyo hiyo, kwa shirika hilo hilo, tangu { $day }. Futa mojawapo, isipokuwa zote mbili zinahitajika.
sending-advice-open-to-all = Wanachama wote wanaotoa huduma hii katika kaunti wanaiona. Mtajulishwa aliyeichukua; hati ni halali kwa kila mmoja wao.
sending-advice-full = Wamesema kwamba wamejaa. Chagua njia nyingine, au tarajia kusubiri au kukataliwa.
sending-advice-full-along = Shirika lako limesema kwamba hakuna nafasi huko. Chagua njia nyingine, au uliza mahali hapo kabla ya kuondoka.
sending-advice-waitlist = Wana orodha ya kusubiri. Chagua njia nyingine, au tarajia kusubiri.
sending-advice-ask-first = Hawajasema hivi karibuni kama kuna nafasi. Uliza kabla ya kuondoka.
sending-written-at = Iliandikwa ndani ya siku { $days } zilizopita, na si baada ya sasa: angalia saa ya kifaa hiki.
sending-moment = Wakati huandikwa kama 2026-10-07T09:30:00Z.
sending-secretariat = Sekretarieti haitoi rufaa na haioni rufaa yoyote: mwanachama hufanya hivyo.
sending-take-first = Hakuna aliyeichukua rufaa hii bado: ikubali kwanza, au mpokee mteja.
sending-too-many-waiting = Rufaa zako { $maximum } zilizo wazi kwa wote au zisizoweza kusubiri bado hazijajibiwa. Kabla ya kutuma nyingine, zishughulikie: fuatilia pale ambapo hakuna anayejibu, kama majukumu yako yanavyosema, au futa zisizohitajika tena. Kwa asiyeweza kusubiri: piga simu au andamana naye.
organisation-withheld = Mwanachama wa muungano
