# Not yet reviewed by a native speaker.
# Kutoa mafunzo.

training-modes-missing = Sema yanaweza kufanyikaje: chagua angalau njia moja.
training-counties-missing = Sema yanaweza kufanyika wapi. Yale tu yanayofanyika kupitia mtandao yanaweza kuwa ya kila mahali.
training-languages-missing = Sema yanafanyika kwa lugha zipi: angalau moja.
training-too-many = Taja { $maximum } kati ya hizi kwa wingi zaidi.
training-hours-range = Mafunzo huchukua saa { $minimum } hadi { $maximum }.
training-people-range = Andika idadi ya watu kuanzia 1 hadi { $maximum }.
training-open-until-past = Siku hii imepita: chagua leo au siku ya baadaye, au iache.
training-own-offer-closed = Toleo hili limefungwa: tengeneza jipya badala yake.

# Kuomba mafunzo.

training-of-oneself = Hili ni shirika lako mwenyewe: omba lingine. Mafunzo ndani ya shirika moja hayahitaji ombi.
training-audience-missing = Sema nani atafunzwa: chagua angalau mmoja.
training-months-range = Chagua mwezi huu au mmoja kati ya { $months } ijayo.
training-topic-missing = Sema mafunzo yawe kuhusu nini, au chagua toleo.
training-trainer-frozen = Shirika hili limefungiwa na halifanyi mafunzo kwa sasa: omba lingine.
training-offer-closed = Toleo hili haliwezi kuombwa tena: chagua lingine.
training-offer-paused = Toleo hili halipokei maombi mapya kwa sasa: chagua lingine, au omba mada badala yake.
training-offer-elsewhere = Mafunzo haya hayafanyiki katika kaunti hiyo: chagua toleo linalofanyika huko, au omba mada badala yake.
training-offer-too-small = Watu wasiozidi { $maximum } wanatosha: omba wachache zaidi, au omba mara mbili.
training-offer-of-another = Toleo hili ni la shirika lingine: acha shirika, au acha toleo.
training-offer-on-another-topic = Toleo hili ni kuhusu “{ $topic }”: acha mada, au chagua toleo lingine.

# Kuyaendeleza.

training-by-other-party = Ni { $by ->
        [SENDER] aliyeomba mafunzo
        [RECEIVER] shirika la mkufunzi
       *[BOTH] pande mbili husika
    } tu anayeweza kufanya hili (“{ $action }”), kupitia mtu ambaye majukumu yake yanaruhusu.
training-take-first = Mafunzo yako wazi kwa wote wanaoyatoa: yakubali kwanza.
training-move-impossible = Mafunzo sasa yako katika hali “{ $status }”. “{ $action }” inawezekana kutoka: { $from }.
training-no-longer-open = Mafunzo haya hayako wazi tena: shirika lingine limeyachukua, au yameahirishwa kabisa.
training-reason-missing = Sema kwa nini: atakayeambiwa ajue la kufanya.
training-reason-unasked = Sababu ni ya kukataa na kufuta tu: iache hapa.
training-session-range = Chagua leo au mojawapo ya siku { $days } zijazo.
training-session-other = Hiki ni kikao kingine: jiunge na chako chenye mada ileile ambacho hakijafanyika, kwa siku yake, njia yake na kaunti yake.
training-session-joined-before = Watu wa shirika hili tayari ni sehemu ya kikao hicho.

# Matokeo yake.

training-still-to-come = Mafunzo ni tarehe { $day }: rekodi waliokuja yakishafanyika, au panga upya.
training-participants-range = Andika watu 0 hadi { $maximum } kwa kila kada.
training-participants-host = Hesabu watu wa wenyeji wa kikao hiki pekee.
training-participants-twice = Kada ya mwenyeji mmoja iko mara mbili: jumlisha hizo mbili.
training-participants-missing = Hakuna aliyehesabiwa kwa mmoja wa wenyeji. Ikiwa hakuna aliyekuja kutoka kwake, futa ombi lake badala yake.
training-evaluation-empty = Andika watu waliridhika kiasi gani, au walijua nini kabla na baada.
training-evaluation-stands = Walichofikiri na kujifunza watu kinaweza kurekebishwa kwa siku saba. Kimethibitishwa tangu { $day }, na wenyeji wanakisoma.
training-satisfaction-range = Kuridhika ni wastani kuanzia 1 hadi 5.
training-scores-unpaired = Andika alama zote mbili na ni watu wangapi walifanya majaribio yote mawili, au usiandike lolote kati ya hayo matatu.
training-score-range = Alama ni wastani kuanzia 0 hadi 100.
training-pairs-range = Wasizidi waliokuja: { $participants }.
training-too-few = Takwimu za watu wachache kuliko { $fewest } zinaweza kumtambulisha mmoja wao: acha hii.
training-follow-up-months = Watu huulizwa tena baada ya miezi 3 na baada ya miezi 6.
training-follow-up-early = Watu huulizwa tena kuanzia { $day }.
training-still-using-range = Andika ni wangapi kati ya walioulizwa bado wanayatumia: kuanzia hakuna hadi wote.
