# Not yet reviewed by a native speaker.
# The captions of codes: name of the vocabulary and code, in kebab case.

age-band-under-15 = Chini ya 15
age-band-from-15-to-19 = 15 hadi 19
age-band-from-20-to-24 = 20 hadi 24
age-band-from-25-to-29 = 25 hadi 29
age-band-from-30 = 30 au zaidi
age-band-not-stated = Haikutajwa

cancel-reason-no-longer-needed = Haihitajiki tena
cancel-reason-consent-withdrawn = Ridhaa imeondolewa
cancel-reason-wrong-organisation = Shirika si sahihi
cancel-reason-safety-concern = Wasiwasi wa usalama
cancel-reason-other = Sababu nyingine

capacity-open = Kuna nafasi
capacity-limited = Nafasi chache
capacity-waitlist = Orodha ya kusubiri
capacity-full = Imejaa
capacity-unknown = Haijulikani: uliza kwanza

decline-reason-no-capacity = Hakuna nafasi
decline-reason-waitlist-full = Orodha ya kusubiri imejaa
decline-reason-not-eligible = Huduma si ya mteja huyu
decline-reason-service-not-offered = Huduma haitolewi
decline-reason-out-of-area = Mbali mno
decline-reason-outside-hours = Nje ya saa za kazi
decline-reason-commodity-stockout = Vifaa au dawa zimeisha
decline-reason-needs-more-information = Maelezo zaidi yanahitajika
decline-reason-duplicate = Tayari ametumwa hapa
decline-reason-safety-concern = Wasiwasi wa usalama
decline-reason-conflict-of-interest = Mgongano wa maslahi
decline-reason-better-placed-partner = Mwanachama mwingine anaweza kuhudumia vyema zaidi
decline-reason-other = Sababu nyingine

membership-status-invited = Limealikwa
membership-status-active = Mwanachama
membership-status-frozen = Limefungwa kwa muda
membership-status-left = Limeondoka

minor-status-yes = Chini ya 18
minor-status-no = 18 au zaidi
minor-status-not-stated = Haikutajwa

non-completion-reason-client-did-not-arrive = Mteja hakufika
non-completion-reason-client-declined = Mteja aliamua kutoendelea
non-completion-reason-no-longer-needed = Haihitajiki tena
non-completion-reason-could-not-be-reached = Hakupatikana
non-completion-reason-unsafe-to-follow-up = Si salama kufuatilia
non-completion-reason-transport-or-cost = Usafiri au gharama
non-completion-reason-turned-away-or-mistreated = Alifukuzwa au kutendewa vibaya
non-completion-reason-detained = Alizuiliwa
non-completion-reason-moved = Alihama
non-completion-reason-died = Alifariki
non-completion-reason-service-closed = Huduma imefungwa
non-completion-reason-unknown = Haijulikani

organisation-kind-msm-led = Linaongozwa na wanaume wanaofanya ngono na wanaume
organisation-kind-sex-worker-led = Linaongozwa na wafanyakazi wa ngono
organisation-kind-harm-reduction = Upunguzaji wa madhara ya dawa za kulevya
organisation-kind-trans-led = Linaongozwa na watu waliobadili jinsia
organisation-kind-health-provider = Mtoa huduma za afya
organisation-kind-legal-aid = Msaada wa kisheria
organisation-kind-secretariat = Sekretarieti
organisation-kind-other = Aina nyingine

party-sender = Mtumaji
party-receiver = Mpokeaji

permission-read-directory = Kusoma orodha ya mashirika na huduma
permission-read-referrals = Kusoma rufaa
permission-send-referrals = Kutuma rufaa
permission-receive-referrals = Kupokea rufaa
permission-assign-referrals = Kuwapangia wenzako rufaa
permission-set-capacity = Kutaja nafasi iliyopo
permission-manage-services = Kusimamia huduma
permission-read-training = Kusoma mafunzo
permission-manage-training = Kutoa, kuomba na kufanya mafunzo
permission-document-violations = Rekodi ukiukaji
permission-read-violations = Soma ukiukaji
permission-read-violation-figures = Soma takwimu za ukiukaji
permission-read-own-figures = Kusoma takwimu za shirika lenyewe
permission-read-coalition-figures = Kusoma takwimu za muungano

population-msm = Wanaume wanaofanya ngono na wanaume
population-male-sex-worker = Wafanyakazi wa ngono wanaume
population-female-sex-worker = Wafanyakazi wa ngono wanawake
population-trans-woman = Wanawake waliobadili jinsia
population-trans-man = Wanaume waliobadili jinsia
population-gender-diverse = Watu wa jinsia mbalimbali
population-person-who-injects-drugs = Watu wanaojidunga dawa za kulevya
population-person-who-uses-drugs = Watu wanaotumia dawa za kulevya
population-person-in-prison = Watu walio gerezani
population-other = Kundi lingine
population-not-stated = Haikutajwa

referral-action-accept = Kubali
referral-action-waitlist = Weka kwenye orodha ya kusubiri
referral-action-decline = Kataa
referral-action-schedule = Panga siku
referral-action-check-in = Pokea mteja aliyefika
referral-action-move = Hamishia huduma nyingine
referral-action-mark-no-show = Weka alama kwamba hakuja
referral-action-complete = Kamilisha
referral-action-mark-not-completed = Weka alama kwamba haikukamilika
referral-action-reissue-slip = Toa karatasi mpya
referral-action-cancel = Ghairi
referral-action-withdraw-consent = Ondoa ridhaa
referral-action-mark-entered-in-error = Weka alama kwamba iliingizwa kimakosa
referral-action-reopen = Fungua tena
referral-action-undo = Tengua hatua ya mwisho
referral-action-amend = Rekebisha
referral-action-refer-instead = Mpeleke mahali palipotajwa
referral-action-answer-check-in = Sema kama ni mteja wako

referral-direction-incoming = Zilizopokelewa
referral-direction-outgoing = Zilizotumwa

referral-order-newest-first = Mpya kwanza
referral-order-oldest-first = Za zamani kwanza
referral-order-recently-updated-first = Zilizobadilishwa karibuni kwanza
referral-order-expiring-first = Zinazokaribia kuisha muda kwanza

referral-status-requested = Imeombwa
referral-status-waitlisted = Kwenye orodha ya kusubiri
referral-status-accepted = Imekubaliwa
referral-status-declined = Imekataliwa
referral-status-scheduled = Imepangiwa siku
referral-status-arrived = Mteja amefika
referral-status-no-show = Mteja hakuja
referral-status-completed = Imekamilika
referral-status-not-completed = Haikukamilika
referral-status-cancelled = Imeghairiwa
referral-status-expired = Muda umeisha
referral-status-entered-in-error = Iliingizwa kimakosa

role-peer-educator = Mwelimishaji rika
role-caseworker = Mhudumu wa mteja
role-paralegal = Msaidizi wa kisheria
role-trainer = Mkufunzi
role-analyst = Mchambuzi
role-organisation-admin = Msimamizi wa shirika
role-coalition-admin = Msimamizi wa muungano

service-group-prevention = Kinga na kupunguza madhara
service-group-care = Huduma za mwili na akili
service-group-support = Usalama, haki na maisha ya kila siku

service-type-condoms-lubricant = Kondomu na mafuta ya kulainisha
service-type-hiv-testing = Upimaji wa VVU
service-type-hiv-self-test = Kujipima VVU
service-type-prep = PrEP (kinga kabla ya kuambukizwa VVU)
service-type-pep = PEP (kinga ndani ya saa 72 baada ya hatari ya VVU)
service-type-needle-syringe-programme = Sindano na mabomba safi
service-type-opioid-agonist-therapy = Tiba ya methadone au buprenorphine
service-type-naloxone-overdose-response = Naloxone na msaada wa kuzidisha dawa
service-type-safer-use-education = Elimu ya matumizi salama zaidi ya dawa
service-type-wound-abscess-care = Matibabu ya vidonda na majipu
service-type-alcohol-drug-support = Msaada kuhusu pombe na dawa za kulevya
service-type-peer-education = Elimu rika
service-type-drop-in-centre = Kituo salama cha kufika
service-type-art = Matibabu ya VVU (ART)
service-type-viral-load = Kipimo cha wingi wa virusi
service-type-sti-screening-treatment = Uchunguzi na tiba ya magonjwa ya zinaa
service-type-hepatitis-b = Homa ya ini B
service-type-hepatitis-c = Homa ya ini C
service-type-tb-screening-prevention = Uchunguzi, kinga au tiba ya kifua kikuu
service-type-anal-health = Afya ya njia ya haja kubwa
service-type-cervical-screening = Uchunguzi wa saratani ya mlango wa kizazi
service-type-contraception = Uzazi wa mpango
service-type-emergency-contraception = Uzazi wa mpango wa dharura (ndani ya saa 72)
service-type-gender-affirming-support = Msaada wa kuthibitisha jinsia
service-type-general-outpatient = Matibabu ya jumla ya nje
service-type-mental-health = Afya ya akili
service-type-psychosocial-support = Msaada wa kisaikolojia na kijamii
service-type-post-test-club = Klabu ya waliopimwa
service-type-support-group = Kikundi cha kusaidiana
service-type-post-violence-care = Huduma baada ya ukatili (ndani ya saa 72)
service-type-crisis-response = Msaada wa dharura
service-type-shelter = Makazi ya muda
service-type-relocation = Kuhamishiwa mahali salama
service-type-legal-aid = Msaada wa kisheria wa wakili
service-type-paralegal = Msaada wa mhudumu wa kisheria
service-type-detention-visit = Kutembelea walio kizuizini
service-type-digital-safety = Usalama wa kidijitali
service-type-nutrition = Chakula na lishe
service-type-economic-empowerment = Uwezeshaji wa kiuchumi
service-type-transport-support = Msaada wa usafiri
service-type-identity-documents = Hati za utambulisho
service-type-other = Huduma nyingine

shared-field-populations = Makundi
shared-field-age-band = Kundi la umri

urgency-routine = Kawaida
urgency-urgent = Haraka: ndani ya siku moja au mbili
urgency-emergency = Dharura: mara moja

user-error-code-not-found = Haikupatikana
user-error-code-forbidden = Hairuhusiwi
user-error-code-invalid = Bado si sahihi
user-error-code-conflict = Inapingana na kingine
user-error-code-illegal-transition = Haiwezekani sasa
user-error-code-identifying-data = Inaweza kumtambulisha mtu
user-error-code-expired = Muda umepita
user-error-code-limit-reached = Nyingi mno
user-error-code-internal = Hitilafu upande wetu

advice-code-go-now = Nenda sasa
advice-code-overdue = Muda umepita: nenda hata hivyo
advice-code-service-full = Imejaa
advice-code-service-waitlist = Orodha ya kusubiri
advice-code-ask-first = Uliza kwanza
advice-code-facility-closed = Kituo kimefungwa
advice-code-open-to-all = Wazi kwa wote wanaoitoa
advice-code-go-along = Andamaneni
advice-code-already-open = Tayari ana rufaa

consent-giver-client = Mteja
consent-giver-parent = Mzazi
consent-giver-guardian = Mlezi wa kisheria
consent-giver-caregiver = Mtunzaji

consent-manner-spoken = Kwa mdomo
consent-manner-signed = Kwa sahihi
consent-manner-on-screen = Kwenye skrini

referral-direction-open = Wazi kwetu

suggestion-reason-code-open = Kuna nafasi
suggestion-reason-code-limited = Nafasi chache
suggestion-reason-code-capacity-unknown = Nafasi haijulikani
suggestion-reason-code-waitlist = Orodha ya kusubiri
suggestion-reason-code-same-county = Kaunti ileile
suggestion-reason-code-neighbouring-county = Kaunti jirani
suggestion-reason-code-other-county = Mbali zaidi
suggestion-reason-code-friendly = Rafiki
suggestion-reason-code-friendliness-unknown = Urafiki haujulikani
suggestion-reason-code-checked = Imedhaminiwa
suggestion-reason-code-open-now = Imefunguliwa sasa
suggestion-reason-code-closed-now = Imefungwa sasa
suggestion-reason-code-answer-time = Muda wa kujibu
suggestion-reason-code-accompanied = Andamaneni

client-reported-outcome-served-well = Alihudumiwa vyema
client-reported-outcome-turned-away = Alifukuzwa
client-reported-outcome-mistreated = Alitendewa vibaya
client-reported-outcome-went-elsewhere = Alienda kwingine

task-kind-answer-time-critical = Jibu sasa
task-kind-act-on-violation = Shughulikia ukiukaji
task-kind-answer-check-in = Je, ni mteja wako?
task-kind-overdue-client = Mteja amechelewa
task-kind-no-answer = Hakuna jibu
task-kind-refer-elsewhere = Mtume kwingine
task-kind-follow-up-referral = Fuatilia mteja
task-kind-answer-referral = Jibu
task-kind-take-open-referral = Chukua rufaa iliyo wazi
task-kind-scheduled-today = Anatarajiwa leo
task-kind-mark-yesterday = Je, alikuja?
task-kind-record-outcome = Rekodi jinsi ilivyoisha
task-kind-expiring-soon = Inaisha muda karibuni
task-kind-state-capacity = Sema kuna nafasi kiasi gani
task-kind-check-facility = Hakikisha mahali
task-kind-answer-training-request = Jibu ombi la mafunzo
task-kind-take-training-request = Chukua mafunzo yaliyo wazi kwa wote
task-kind-record-training = Rekodi waliokuja kwenye mafunzo
task-kind-follow-up-training = Uliza tena baada ya mafunzo
task-kind-document-turned-away = Andika alichoripoti mteja
task-kind-release-sensitisation = Tuma uhamasishaji uliopangwa
task-kind-follow-up-violation = Je, unaendelea?

cadre-peer-educator = Waelimishaji rika
cadre-outreach-worker = Wahudumu wa mashinani
cadre-clinician = Madaktari, wauguzi na maafisa wa tiba
cadre-counsellor = Washauri nasaha
cadre-paralegal = Wasaidizi wa kisheria
cadre-community-member = Wanajamii
cadre-police = Maafisa wa polisi
cadre-health-provider = Wafanyakazi wengine wa watoa huduma za afya
cadre-religious-leader = Viongozi wa dini
cadre-media = Waandishi na wahariri wa habari
cadre-staff = Wafanyakazi wa mwanachama
cadre-other = Wengine

match-reason-code-same-topic = Kuhusu mada hiyo
match-reason-code-related-topic = Kuhusu mada iliyo karibu
match-reason-code-same-county = Katika kaunti hiyo
match-reason-code-remote = Kupitia mtandao
match-reason-code-neighbouring-county = Katika kaunti jirani
match-reason-code-other-county = Mbali zaidi
match-reason-code-language = Kwa lugha iliyoombwa
match-reason-code-other-language = Kwa lugha nyingine
match-reason-code-room = Wote wanatosha
match-reason-code-too-many-people = Watu ni wengi mno
match-reason-code-satisfaction = Watu waliridhika kiasi gani
match-reason-code-preferred-month = Wangependa lini
match-reason-code-waiting = Wamesubiri muda gani

training-action-accept = Kubali
training-action-decline = Kataa
training-action-schedule = Panga siku
training-action-deliver = Rekodi waliokuja
training-action-evaluate = Rekodi matokeo
training-action-follow-up = Rekodi ni nani bado anayatumia
training-action-cancel = Futa

training-direction-incoming = Yaliyotumwa kwetu
training-direction-outgoing = Tuliyotuma
training-direction-open = Tunayoweza kuchukua

training-figure-grouping-topic = Kwa mada
training-figure-grouping-month = Kwa mwezi
training-figure-grouping-cadre = Kwa waliofunzwa

training-mode-in-person = Ana kwa ana
training-mode-online = Mtandaoni
training-mode-blended = Kiasi ana kwa ana, kiasi mtandaoni
training-mode-webinar = Semina ya mtandaoni

training-reason-no-trainer = Hakuna mkufunzi
training-reason-no-funds = Hakuna fedha
training-reason-no-venue = Hakuna mahali
training-reason-unsafe = Si salama kukutana
training-reason-dates = Hakuna siku inayowafaa wote
training-reason-topic-not-offered = Hatufundishi mada hii
training-reason-no-longer-needed = Hayahitajiki tena
training-reason-other = Sababu nyingine

training-side-given = Yaliyofanywa kwa wengine
training-side-received = Yaliyofanywa kwetu

training-status-requested = Yameombwa
training-status-accepted = Yamekubaliwa
training-status-declined = Yamekataliwa
training-status-scheduled = Siku imepangwa
training-status-delivered = Yamefanyika
training-status-evaluated = Yamefanyika na kutathminiwa
training-status-cancelled = Yamefutwa

training-topic-harm-reduction-basics = Misingi ya kupunguza madhara
training-topic-overdose-response = Kukabiliana na dozi iliyopita kiasi
training-topic-safer-use = Matumizi salama zaidi ya dawa
training-topic-safer-sex = Ngono salama zaidi
training-topic-hiv-prevention = Kuzuia VVU
training-topic-peer-education = Elimu rika
training-topic-counselling = Ushauri nasaha
training-topic-human-rights-and-law = Haki za binadamu na sheria
training-topic-reporting-violations = Kuripoti ukiukaji wa haki
training-topic-safety-and-security = Usalama
training-topic-digital-safety = Usalama wa kidijitali
training-topic-provider-sensitisation = Kuhamasisha watoa huduma
training-topic-substance-use-conversations = Kuzungumza kuhusu dawa na pombe
training-topic-mental-health-first-aid = Huduma ya kwanza ya afya ya akili
training-topic-gender-based-violence = Ukatili wa kijinsia
training-topic-data-protection = Ulinzi wa data
training-topic-monitoring-and-evaluation = Ufuatiliaji na tathmini
training-topic-other = Kitu kingine

measure-created = Zilizoundwa
measure-accepted = Zilizokubaliwa
measure-arrived = Waliofika
measure-completed = Waliohudumiwa
measure-participants = Watu waliofunzwa

other-key-outside = Nje ya muungano
other-key-not-taken = Hazikuchukuliwa
other-key-not-stated = Haikutajwa

own-side-sent = Tulizotuma
own-side-received = Tulizopokea

period-kind-month = Mwezi
period-kind-quarter = Robo mwaka
period-kind-year = Mwaka

response-time-within-4-hours = Ndani ya saa 4
response-time-within-24-hours = Ndani ya siku moja
response-time-within-72-hours = Ndani ya siku tatu
response-time-within-7-days = Ndani ya siku saba
response-time-later = Baadaye
response-time-never = Hazikujibiwa

statistic-table-name-referrals-by-service-type = Rufaa kwa huduma
statistic-table-name-referrals-by-county = Rufaa kwa kaunti
statistic-table-name-referrals-by-population = Rufaa kwa kundi
statistic-table-name-referrals-by-age-band = Rufaa kwa umri
statistic-table-name-referrals-by-population-and-service-type = Rufaa kwa kundi na huduma
statistic-table-name-referrals-by-county-and-service-type = Rufaa kwa kaunti na aina ya huduma
statistic-table-name-referrals-by-receiver-kind = Rufaa kwa aina ya mpokeaji
statistic-table-name-referrals-by-response-time = Rufaa kwa muda wa kujibiwa
statistic-table-name-referral-declines-by-reason = Rufaa zilizokataliwa kwa sababu
statistic-table-name-referral-non-completions-by-reason = Rufaa zilizoisha bila huduma, kwa sababu
statistic-table-name-training-participants-by-topic = Watu waliofunzwa kwa mada
statistic-table-name-training-participants-by-cadre = Watu waliofunzwa kwa kada
statistic-table-name-training-participants-by-county = Watu waliofunzwa kwa kaunti

weekday-monday = Jumatatu
weekday-tuesday = Jumanne
weekday-wednesday = Jumatano
weekday-thursday = Alhamisi
weekday-friday = Ijumaa
weekday-saturday = Jumamosi
weekday-sunday = Jumapili

language-en = Kiingereza
language-sw = Kiswahili
language-am = Kiamhari
language-ar = Kiarabu
language-bxk = Kibukusu
language-dav = Kitaita
language-dig = Kidigo
language-ebu = Kiembu
language-fr = Kifaransa
language-gu = Kigujarati
language-guz = Kikisii
language-hi = Kihindi
language-kam = Kikamba
language-ki = Kikikuyu
language-kln = Kikalenjin
language-ksb = Kisambaa
language-lg = Kiganda
language-ln = Kilingala
language-luo = Kijaluo
language-luy = Kiluhya
language-mas = Kimaasai
language-mer = Kimeru
language-nyf = Kigiriama
language-om = Kioromo
language-orc = Kiorma
language-pko = Kipokot
language-rel = Kirendille
language-rn = Kirundi
language-rw = Kinyarwanda
language-saq = Kisamburu
language-so = Kisomali
language-teo = Kiteso
language-ti = Kitigrinya
language-tuv = Kiturkana
language-xki = Lugha ya Ishara ya Kenya
figure-status-shown = Imeonyeshwa
figure-status-suppressed = Haionyeshwi
figure-status-not-yet-published = Bado haijachapishwa
figure-status-never-published = Haitachapishwa kwa kipindi hiki

perpetrator-police = Polisi
perpetrator-local-authority = Askari wa kaunti, chifu, mamlaka nyingine
perpetrator-health-provider = Mtoa huduma za afya
perpetrator-education = Shule au chuo
perpetrator-employer = Mwajiri au mfanyakazi mwenza
perpetrator-religious-group = Kikundi cha kidini
perpetrator-family = Familia
perpetrator-partner = Mpenzi
perpetrator-sex-work-customer = Mteja wa kazi ya ngono
perpetrator-neighbour-or-landlord = Jirani au mwenye nyumba
perpetrator-community = Wengine wa mahali hapo
perpetrator-gang = Genge
perpetrator-peer = Mwenzake
perpetrator-online-unknown = Mtu asiyejulikana, mtandaoni
perpetrator-other = Mwingine
perpetrator-not-stated = Haijasemwa

violation-action-record-step = Rekodi hatua
violation-action-end = Rekodi jinsi ulivyoisha
violation-action-reopen = Fungua tena
violation-action-correct = Sahihisha
violation-action-replace-note = Badilisha maelezo
violation-action-withdraw-consent = Ondoa ridhaa
violation-action-mark-entered-in-error = Weka alama ya kuingizwa kimakosa
violation-action-plan-sensitisation = Panga uhamasishaji

violation-advice-code-court-within-24-hours = Mbele ya mahakama ndani ya saa 24
violation-advice-code-pep-within-72-hours = Dawa za kuzuia VVU ndani ya saa 72
violation-advice-code-refer-to-legal-aid = Mpeleke kwa msaada wa kisheria
violation-advice-code-refer-to-care = Mpeleke kwa matibabu
violation-advice-code-report-to-oversight = Anayewasimamia
violation-advice-code-where-to-report = Pa kuripoti
violation-advice-code-sealed-for-nobody = Hakuna anayeweza kufungua maelezo

violation-cause-religion = Dini
violation-cause-culture = Utamaduni
violation-cause-workplace = Mahali pa kazi
violation-cause-law = Sheria
violation-cause-family = Familia
violation-cause-sex-work = Kazi ya ngono
violation-cause-sexuality = Mwelekeo wa kimapenzi
violation-cause-gender = Jinsia
violation-cause-drug-use = Matumizi ya dawa za kulevya
violation-cause-hiv-status = Hali ya VVU
violation-cause-other = Jambo lingine

violation-consent-giver-survivor = Mwathiriwa
violation-consent-giver-parent = Mzazi
violation-consent-giver-guardian = Mlezi wa kisheria
violation-consent-giver-next-of-kin = Ndugu wa karibu
violation-consent-giver-organisation = Shirika lenyewe

violation-order-documented-newest-first = Mpya kwanza
violation-order-recently-updated-first = Uliobadilika karibuni kwanza

violation-outcome-resolved = Umetatuliwa
violation-outcome-conviction = Mtu alitiwa hatiani
violation-outcome-acquitted = Aliachiliwa huru
violation-outcome-dismissed = Ulitupiliwa mbali
violation-outcome-settled = Walipatana
violation-outcome-no-action-taken = Hakuna hatua iliyochukuliwa
violation-outcome-survivor-choice = Uamuzi wa mwathiriwa
violation-outcome-withdrawn = Alijiondoa
violation-outcome-lost-contact = Mawasiliano yalipotea
violation-outcome-ongoing = Unaendelea

violation-reason-too-long = Inachukua muda mrefu
violation-reason-too-costly = Ni ghali mno
violation-reason-fear-of-exposure = Hofu ya kufichuliwa
violation-reason-fear-of-police-or-court = Hofu ya polisi au mahakama
violation-reason-pressure = Shinikizo la wengine
violation-reason-no-trust = Haamini kwamba itasaidia
violation-reason-did-not-know-how = Hakujua jinsi
violation-reason-distance = Ni mbali mno
violation-reason-self-blame = Anajilaumu
violation-reason-retaliation = Kisasi, au hofu yake
violation-reason-other = Sababu nyingine

violation-status-open = Uko wazi
violation-status-ended = Umeisha
violation-status-consent-withdrawn = Ridhaa imeondolewa
violation-status-entered-in-error = Uliingizwa kimakosa

violation-step-kind-documented = Umerekodiwa
violation-step-kind-safety-plan = Mpango wa usalama
violation-step-kind-medical-care = Matibabu
violation-step-kind-counselling = Ushauri nasaha
violation-step-kind-reported-to-police = Umeripotiwa kwa polisi
violation-step-kind-reported-to-oversight = Umeripotiwa kwa chombo cha usimamizi
violation-step-kind-legal-follow-up = Unafuatiliwa na wakili au msaidizi wa kisheria
violation-step-kind-investigation = Unachunguzwa
violation-step-kind-in-court = Uko mahakamani
violation-step-kind-mediation = Usuluhishi

violation-type-verbal-abuse = Matusi
violation-type-physical-assault = Kushambuliwa kimwili
violation-type-sexual-violence = Ukatili wa kingono
violation-type-psychological-abuse = Vitisho, kudhalilishwa, kutengwa
violation-type-harassment = Unyanyasaji
violation-type-discrimination-at-work = Ubaguzi kazini
violation-type-denial-of-health-service = Kunyimwa huduma ya afya
violation-type-denial-of-other-service = Kunyimwa huduma nyingine
violation-type-confidentiality-breach = Siri kuvunjwa
violation-type-forced-test-or-examination = Kupimwa kwa lazima
violation-type-arbitrary-arrest = Kukamatwa kiholela
violation-type-detention-without-charge = Kuzuiliwa bila mashtaka
violation-type-extortion-blackmail = Kulazimishwa kutoa fedha
violation-type-entrapment = Kutegwa
violation-type-outing = Kufichuliwa
violation-type-eviction = Kufukuzwa nyumbani
violation-type-expulsion-by-family = Kufukuzwa na familia
violation-type-excommunication = Kutengwa na jamii ya kidini
violation-type-conversion-practice = Kulazimishwa kubadilika
violation-type-online-abuse = Unyanyasaji mtandaoni
violation-type-hate-speech = Matamshi ya chuki
violation-type-confiscation-of-commodities = Kunyang’anywa kondomu, sindano au dawa
violation-type-robbery = Wizi wa kutumia nguvu
violation-type-non-payment = Kutolipwa
violation-type-raid-on-organisation = Uvamizi wa shirika
violation-type-threat-to-staff = Vitisho kwa wafanyakazi
violation-type-killing = Mauaji
violation-type-other = Jambo lingine

funnel-stage-name-documented = Umeandikwa
funnel-stage-name-reported = Umeripotiwa
funnel-stage-name-followed-up = Unafuatiliwa
funnel-stage-name-in-court = Uko mahakamani
funnel-stage-name-mediation = Umesuluhishwa
funnel-stage-name-ended = Umekwisha

time-band-same-month = Katika mwezi uleule, au kabla
time-band-within-3-months = Miezi 1 hadi 3
time-band-within-6-months = Miezi 4 hadi 6
time-band-within-12-months = Miezi 7 hadi 12
time-band-later = Zaidi ya miezi 12

violation-group-physical = Ukatili wa kimwili
violation-group-sexual = Ukatili wa kingono
violation-group-abuse-and-threats = Matusi na vitisho
violation-group-police-and-detention = Polisi na kuzuiliwa
violation-group-extortion = Kulazimishwa kutoa fedha, au kutolipwa
violation-group-health-care = Katika huduma za afya
violation-group-exclusion = Kutengwa
violation-group-other = Jambo jingine

perpetrator-group-state = Polisi na mamlaka
perpetrator-group-health-provider = Watoa huduma za afya
perpetrator-group-school-and-work = Shuleni na kazini
perpetrator-group-religious-group = Vikundi vya dini
perpetrator-group-family-and-partner = Familia na wenzi
perpetrator-group-sex-work-customer = Wateja wa wafanyakazi wa ngono
perpetrator-group-community = Wengine wanaoishi hapo
perpetrator-group-other = Wengine, au haikusemwa

sensitisation-status-planned = Umepangwa
sensitisation-status-released = Umetumwa
sensitisation-status-dropped = Umefutwa

sensitisation-action-release = Tuma
sensitisation-action-drop = Futa mpango
