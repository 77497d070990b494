# Not yet reviewed by a native speaker.
# Sending a referral.

referral-receiver-frozen = Shirika hili limefungwa kwa muda na halipokei mtu kwa sasa: chagua lingine.
referral-receiver-left = Shirika hili limeondoka kwenye muungano: chagua lingine.
referral-receiver-invited = Shirika hili limealikwa na bado si mwanachama: chagua lingine.
referral-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” huwa peke yake: iondoe, au usitaje kingine.
referral-populations-minor = Chini ya miaka 18, kubadilishana ngono ni unyonyaji wala si kazi ya ngono (WHO): ondoa makundi ya wafanyakazi wa ngono.
referral-age-contradicts = Kundi la umri na jibu la “chini ya 18” vinapingana: rekebisha kimojawapo, au jibu “{ CAPTION("NOT_STATED", of: "MinorStatus") }”.
referral-consent-missing = Bila ridhaa ya mteja hakuna rufaa. Mwulize; hakuna njia ya kukwepa hili.
referral-service-type-not-offered = Shirika hili halitoi huduma hii: tafuta huduma ili upate linaloitoa.
referral-service-not-offered = Shirika hili halitoi huduma hii, au haliitoi tena: chagua inayotolewa, au usichague yoyote.
referral-service-adults-only = Huduma hii haipokei walio chini ya miaka 18: chagua inayowapokea.
referral-receiver-adults-only = Hakuna huduma ya aina hii ya shirika hili inayopokea walio chini ya miaka 18: chagua mojawapo ya njia nyingine, au shirika lingine.
referral-service-paused = Huduma hii haipokei wapya kwa sasa: chagua mojawapo ya njia nyingine, au huduma nyingine.
referral-receiver-paused = Shirika hili halipokei wapya kwa huduma hii kwa sasa: chagua mojawapo ya njia nyingine, au shirika lingine.
pseudonym-malformed = Jina bandia ni herufi ndogo { $length } za base32 (a hadi z, 2 hadi 7) ambazo kifaa chako chenyewe hutengeneza kutokana na nambari yake ya mteja.
sealed-note-too-long = Ujumbe uliofungwa huwa na KiB 24 zaidi: ufupishe hadi KiB 16 za maandishi kabla ya kuufunga.
sealed-note-malformed = Ujumbe uliofungwa ni faili ya age yenye kinga (armour) iliyotengenezwa kwenye kifaa chako: { $problem ->
        [version] mstari wake wa kwanza lazima utaje age-encryption.org/v1
        [header-cut-off] kichwa chake kimekatika
        [recipient-malformed] mpokeaji katika kichwa chake ameandikwa vibaya
        [recipient-unknown] ni wapokeaji wa X25519 pekee wanaokubaliwa
        [recipient-missing] hauna mpokeaji wa X25519, hivyo hakuna anayeweza kuufungua
        [mac-missing] kichwa chake hakiishii na MAC
        [mac-malformed] MAC ya kichwa chake imeandikwa vibaya
        [payload-cut-off] umekatika baada ya kichwa
        [readable] yaliyomo yanasomeka, kwa hiyo haujafungwa
        [armour-missing] lazima uanze na uishe na mistari ya faili ya age yenye kinga
        [armour-columns] kinga yake haiko katika mistari ya herufi 64
        [armour-symbols] kinga yake si base64
        [empty] ni tupu
       *[other] umeandikwa vibaya
    }.

# Moving it on.

referral-schedule-range = Chagua leo au moja ya siku { $days } zijazo.
referral-by-other-party = Ni { $by ->
        [SENDER] mtumaji
        [RECEIVER] mpokeaji
       *[BOTH] pande mbili husika
    } tu anayeweza kufanya hili (“{ $action }”), kupitia mtu ambaye majukumu yake yanaruhusu.
referral-move-impossible = Rufaa sasa iko katika hali “{ $status }”. “{ $action }” inawezekana kutoka: { $from }.
referral-expired = Rufaa iko katika hali “{ $status }”: muda wake ulikuwa umekwisha. Mpokeaji anaweza kuifungua tena ndani ya siku { $days }; la sivyo mpeleke mteja upya.
referral-reopen-too-late = Rufaa imekuwa katika hali “{ $status }” kwa zaidi ya siku { $days }: mpeleke mteja upya.
referral-reopen-withdrawn = Rufaa iko katika hali “{ $status }” na mteja ameondoa ridhaa: haiwezi kufunguliwa tena.
referral-consent-withdrawn-before = Rufaa iko katika hali “{ $status }” na ridhaa ilikwisha kuondolewa: hakuna kilichobaki cha kufuta.
referral-error-too-late = Mwezi wa rufaa hii umeshachapishwa: haiwezi tena kuwekewa alama kwamba iliingizwa kimakosa.
referral-reason-of-sender = Sababu hii hurekodiwa na mtumaji pekee: chagua nyingine.
referral-move-service-closed = Huduma hii imefungwa: chagua iliyo wazi miongoni mwa zenu.
referral-move-service-paused = Huduma hii haipokei wapya kwa sasa: chagua nyingine miongoni mwa zenu, au ianzisheni tena kwanza.
referral-move-minor = Mteja yuko chini ya miaka 18: chagua huduma inayowapokea walio chini ya miaka 18.

# Who handles it, and what two desks call it.

referral-assign-none = Taja rufaa unazowapangia wengine: 1 au zaidi.
referral-assign-too-many = Rufaa zisizozidi { $maximum } hupangwa pamoja, na hakuna iliyopangwa kati ya hizi: zipange kwa mafungu.
referral-assign-cannot-send = Majukumu ya mwenzako huyu hayaruhusu: kwa rufaa ambazo shirika lako limetuma, chagua aliye “{ CAPTION("CASEWORKER", of: "Role") }” au “{ CAPTION("PEER_EDUCATOR", of: "Role") }”.
referral-assign-cannot-receive = Majukumu ya mwenzako huyu hayaruhusu: kwa rufaa ambazo shirika lako limepokea, chagua aliye “{ CAPTION("CASEWORKER", of: "Role") }”.
referral-assign-disabled = Akaunti hii imezimwa: chagua mwenzako mwingine.
referral-reference-malformed = Namba ya rufaa ni herufi na tarakimu nne hadi sita, kama K7MQ: isome tena.
