# Not yet reviewed by a native speaker.
# Taking back the last move.

referral-undo-nothing = Rufaa sasa iko katika hali “{ $status }”. Unaweza kutengua hatua yako ya mwisho tu, ndani ya dakika { $minutes }, na iwapo tu hakuna aliyeishughulikia rufaa tangu hapo.
referral-undo-of-colleague = Mwenzako ndiye aliyechukua hatua ya mwisho: ni yeye tu anayeweza kuitengua, ndani ya dakika { $minutes }.
referral-undo-for-good = Hatua ya mwisho haiwezi kutenguliwa: ilifuta kitu au ilibadilisha karatasi moja kwa moja. Rufaa sasa iko katika hali “{ $status }”.

# Putting a referral right.

referral-amend-nothing = Hii haibadilishi chochote: badilisha uharaka, kaunti, huduma, ujumbe au kile ambacho mpokeaji huona.
referral-amend-consent-missing = Mwulize mteja kwanza, na useme kwamba amekubali: bila ridhaa yake hakibadiliki chochote kinachomwonyesha mpokeaji zaidi, au kinachompeleka kwa huduma nyingine.
referral-amend-consent-unsaid = Unasema jinsi mteja alivyokubali, lakini si kwamba alikubali: tuma pia consentGiven.
referral-amend-shares-less = Mpokeaji ameshaona hili: taja yote yaliyoshirikishwa awali, kisha uongeze. Ili kuyaondoa, ondoa ridhaa ya mteja.
referral-amend-open = Hili huamua rufaa inatolewa kwa nani, na imeshatolewa: ighairi na utume mpya.
referral-amend-open-clock = Mteja huyu hawezi kusubiri: hadi mtu aichukue rufaa, inabaki kuwa ya dharura.
referral-amend-clock = Mteja lazima aonwe ndani ya muda maalumu, na huduma hii haina muda huo: ghairi rufaa na utume mpya.
referral-amend-declined = Rufaa iko katika hali “{ $status }”. Ndani ya siku { $days } inaweza kurekebishwa na kuombwa tena pale tu mpokeaji anapohitaji taarifa zaidi.
referral-amend-too-late = Rufaa imekuwa katika hali “{ $status }” kwa zaidi ya siku { $days }: mpeleke mteja upya.

# A better place.

referral-instead-own = Hii ni huduma yenu wenyewe: hamishia rufaa huko badala ya kuikataa.
referral-instead-of-sender = Hii ni huduma ya shirika lililomleta mteja: taja nyingine, au usitaje yoyote.
referral-instead-other-type = Huduma hii si ya aina ambayo mteja anahitaji: taja ya aina hiyo hiyo, au usitaje yoyote.
referral-instead-closed = Huduma hii imefungwa, au shirika lake halipokei mtu kwa sasa: taja nyingine, au usitaje yoyote.
referral-instead-paused = Huduma hii haipokei wapya kwa sasa: taja nyingine, au usitaje yoyote.
referral-instead-full = Huduma hii imesema kwamba imejaa: taja nyingine, au usitaje yoyote.
referral-instead-for-others = Huduma hii ni ya makundi mengine kuliko yale ambayo mteja anajihesabu: taja nyingine, au usitaje yoyote.
referral-instead-adults-only = Mteja yuko chini ya miaka 18 na huduma hii haipokei walio chini ya miaka 18: taja inayowapokea, au usitaje yoyote.
referral-instead-not-named = Rufaa iko katika hali “{ $status }” na mpokeaji hakutaja mahali pazuri zaidi: mpeleke mteja kwa huduma unayochagua mwenyewe.
referral-check-in-not-asked = Rufaa iko katika hali “{ $status }” na hakuna tena swali kuhusu kupokelewa kwa mteja wake: limejibiwa, mteja amefika, au muda umekwisha. Pakia rufaa upya.
referral-instead-withdrawn = Rufaa iko katika hali “{ $status }” na mteja ameondoa ridhaa: mwulize, na utengeneze rufaa mpya akikubali.
referral-instead-referred = Rufaa iko katika hali “{ $status }” na mteja ameshapelekwa kwingine. Rufaa hiyo bado inaendelea.
