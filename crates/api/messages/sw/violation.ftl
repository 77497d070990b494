# Not yet reviewed by a native speaker.
# Kurekodi kilichotendwa.

violation-types-missing = Sema kilichotendwa: chagua angalau kimoja.
violation-perpetrators-not-stated = Ama kuna aliyekitenda, ama haijasemwa: acha mojawapo.
violation-county-missing = Sema kilitendwa katika kaunti gani.
violation-people-affected = Andika kilitendewa watu wangapi, kuanzia 1 hadi { $maximum }.
violation-consent-missing = Kirekodi tu pale mwathiriwa anapokubali, au anayeweza kukubali kwa niaba yake. Uliza kwanza.
violation-adult-agrees = Mwathiriwa ana miaka 18 au zaidi: yeye pekee ndiye anayeweza kukubali.
violation-organisation-agrees = Shirika hukubali tu pale lenyewe lilipovamiwa. Vinginevyo mwathiriwa ndiye anayekubali.
violation-organisation-client = Kilichotendewa shirika lenyewe hakiko chini ya jina la siri la mtu yeyote: liache, au sema kwamba mwathiriwa amekubali.
violation-no-clock = Hakuna muda unaoisha baada ya hili: ziache saa. Zinahesabiwa baada ya kukamatwa, kuzuiliwa bila mashtaka, na ukatili wa kingono.
violation-hours = Saa ni 0 hadi { $maximum }. Zikiwa zimepita zaidi, ziache.
violation-hours-of-month = Hiyo ilikuwa { $month }: chagua saa nyingine, au rekebisha mwezi pia.
violation-secretariat = Sekretarieti hairekodi ukiukaji: hufanya hivyo mwanachama ambaye mwathiriwa alimwendea.
violation-referral-of-something-else = Rufaa iliyopokewa ya “{ $service }” haileti ukiukaji: ni ile ya msaada wa sheria au ya matibabu tu. Iache.
violation-referral-ended = Ukiukaji huu hauko wazi tena. Kama umeisha, ufungue upya kwanza; la sivyo uuache.
violation-month-to-come = Mwezi huu bado haujafika: chagua mwezi huu wa sasa au uliopita.
violation-month-of-hours = Saa hizo zilizopita ilikuwa { $month }: uchague, au uache mwezi au saa.
violation-month-early = Chagua { $month } au mwezi wa baadaye: huja baada ya kilichorekodiwa awali.
violation-month-late = Chagua { $month } au mwezi wa awali: huja kabla ya kilichorekodiwa tangu hapo.

# Hatua, mwisho, marekebisho.

violation-step-documented = Tayari imerekodiwa kwamba kimeandikwa. Chagua kilichofanywa kukihusu.
violation-steps-many = Kuna hatua { $maximum }, ambazo ndizo nyingi zaidi zinazowezekana.
violation-step-not-there = Hatua hii haijarekodiwa. Angalia hatua tena, au uiache.
violation-outcome-ongoing = Sema kiliishaje. Kinapoendelea, rekodi hatua.
violation-move-of-others = Jukumu lako halijumuishi hili (“{ $action }”). Muulize aliyekirekodi, au msaidizi wa kisheria wa shirika lako.
violation-move-impossible = Sasa kiko katika hali “{ $status }”. “{ $action }” inawezekana kutoka: { $from }.
violation-month-published = Takwimu za { $month } zimechapishwa: kinabaki kama kilivyorekodiwa (“{ $action }”).
violation-forgotten = Yaliyokuwa ya kibinafsi yamefutwa (“{ $status }”), na yanabaki hivyo.
violation-correction-empty = Sema ni nini kirekebishwe.
violation-correction-forgotten = Yaliyokuwa ya kibinafsi yamefutwa, na yanabaki hivyo: acha hii.

# La kusema na kufanya sasa.

violation-advice-pep = Nenda ukapate dawa ya kuzuia VVU sasa: ni lazima ianze ndani ya saa 72, na mapema ndiyo bora. Dawa ya dharura ya kuzuia mimba na huduma nyingine hutolewa hapo pia.
violation-advice-pep-hours = Nenda ukapate dawa ya kuzuia VVU sasa. { $hours ->
    [0] Imebaki chini ya saa moja ambayo bado inasaidia,
    [one] Imebaki saa moja ambayo bado inasaidia,
   *[other] Zimebaki saa { $hours } ambazo bado inasaidia,
} na mapema ndiyo bora. Dawa ya dharura ya kuzuia mimba na huduma nyingine hutolewa hapo pia.
violation-advice-court = Aliyekamatwa ni lazima afikishwe mahakamani ndani ya saa 24, au kabla ya mwisho wa siku inayofuata ya mahakama pale saa 24 zinapoishia nje ya saa za mahakama (Katiba, kifungu cha 49). Tafuta anazuiliwa wapi, na mpigie wakili simu.
violation-advice-court-by = Aliyekamatwa ni lazima afikishwe mahakamani ndani ya saa 24 (Katiba, kifungu cha 49): yaani kufikia saa { $time } tarehe { $day }. Tafuta anazuiliwa wapi, na mpigie wakili simu.
violation-advice-court-over = Aliyekamatwa ni lazima afikishwe mahakamani ndani ya saa 24, au kabla ya mwisho wa siku inayofuata ya mahakama (Katiba, kifungu cha 49). Muda huo uliisha saa { $time } tarehe { $day }: anayezuiliwa bado anazuiliwa kinyume cha sheria. Tafuta yuko wapi, na wakili adai mara moja aachiliwe au afikishwe mahakamani. Akiwa huru, rekodi jinsi ilivyoisha.
violation-advice-court-day = Aliyekamatwa ni lazima afikishwe mahakamani ndani ya saa 24 (Katiba, kifungu cha 49). Hizo zinaisha saa { $time } tarehe { $day }, nje ya saa za mahakama: kwa hivyo sheria inasema kabla ya mwisho wa siku inayofuata ya mahakama, saa { $closes } tarehe { $court }, au siku ya baadaye pale serikali imetangaza sikukuu. Tafuta anazuiliwa wapi, na mpigie wakili simu.
violation-advice-legal-aid = Wakili au msaidizi wa kisheria anaweza kusaidia: mpe rufaa ya msaada wa kisheria.
violation-advice-care = Huduma husaidia, na hakuna kuchelewa: mpe rufaa ya huduma baada ya ukatili au ya ushauri nasaha, mwathiriwa akitaka.
violation-advice-oversight = { $by ->
        [police] Mamlaka Huru ya Kusimamia Utendakazi wa Polisi (IPOA) hupokea malalamiko kuhusu polisi, pia kutoka kwa shirika, bila jina kutangazwa.
        [health] Idara ya afya ya kaunti na mabaraza ya madaktari, wauguzi na maafisa wa kliniki hupokea malalamiko kuhusu watoa huduma za afya; Mahakama ya VVU na UKIMWI yale yanayohusu VVU.
        [authority] Tume ya Haki ya Utawala (Ombudsman) hupokea malalamiko kuhusu ofisi za umma.
       *[employer] Ofisi ya kazi ya kaunti hupokea malalamiko kuhusu waajiri.
    } Mwathiriwa akitaka, ripoti huko.
violation-advice-where = Mwathiriwa akitaka kuripoti: katika kituo chochote cha polisi, kwenye dawati la jinsia pale lilipo, au kwa Tume ya Kitaifa ya Haki za Binadamu ya Kenya. Mtu wa shirika lako anaweza kuandamana naye.
violation-forget-days = Chagua siku { $minimum } hadi { $maximum }.
