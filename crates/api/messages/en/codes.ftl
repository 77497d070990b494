# The captions of codes: name of the vocabulary and code, in kebab case.

age-band-under-15 = Under 15
age-band-from-15-to-19 = 15 to 19
age-band-from-20-to-24 = 20 to 24
age-band-from-25-to-29 = 25 to 29
age-band-from-30 = 30 or older
age-band-not-stated = Not stated

cancel-reason-no-longer-needed = No longer needed
cancel-reason-consent-withdrawn = Consent withdrawn
cancel-reason-wrong-organisation = Wrong organisation
cancel-reason-safety-concern = Safety concern
cancel-reason-other = Another reason

capacity-open = There is room
capacity-limited = Room for a few
capacity-waitlist = Waiting list
capacity-full = Full
capacity-unknown = Not known: ask first

decline-reason-no-capacity = No room
decline-reason-waitlist-full = Waiting list is full
decline-reason-not-eligible = The service isn't for this client
decline-reason-service-not-offered = Service not offered
decline-reason-out-of-area = Too far away
decline-reason-outside-hours = Outside opening hours
decline-reason-commodity-stockout = Out of stock
decline-reason-needs-more-information = More information needed
decline-reason-duplicate = Referred here already
decline-reason-safety-concern = Safety concern
decline-reason-conflict-of-interest = Conflict of interest
decline-reason-better-placed-partner = Another member can serve better
decline-reason-other = Another reason

membership-status-invited = Invited
membership-status-active = Member
membership-status-frozen = Locked
membership-status-left = Has left

minor-status-yes = Under 18
minor-status-no = 18 or older
minor-status-not-stated = Not stated

non-completion-reason-client-did-not-arrive = The client never came
non-completion-reason-client-declined = The client decided against it
non-completion-reason-no-longer-needed = No longer needed
non-completion-reason-could-not-be-reached = Could not be reached
non-completion-reason-unsafe-to-follow-up = Unsafe to follow up
non-completion-reason-transport-or-cost = Transport or cost
non-completion-reason-turned-away-or-mistreated = Turned away or mistreated
non-completion-reason-detained = Detained
non-completion-reason-moved = Moved away
non-completion-reason-died = Died
non-completion-reason-service-closed = The service has closed
non-completion-reason-unknown = Not known

organisation-kind-msm-led = Led by men who have sex with men
organisation-kind-sex-worker-led = Led by sex workers
organisation-kind-harm-reduction = Harm reduction
organisation-kind-trans-led = Led by trans people
organisation-kind-health-provider = Health care
organisation-kind-legal-aid = Legal aid
organisation-kind-secretariat = Secretariat
organisation-kind-other = Another kind

party-sender = Sender
party-receiver = Receiver

permission-read-directory = Read the directory
permission-read-referrals = Read referrals
permission-send-referrals = Send referrals
permission-receive-referrals = Receive referrals
permission-assign-referrals = Assign referrals to colleagues
permission-set-capacity = Say how much room there is
permission-manage-services = Keep services
permission-read-training = Read trainings
permission-manage-training = Offer, request and hold trainings
permission-document-violations = Document violations
permission-read-violations = Read violations
permission-read-violation-figures = Read figures of violations
permission-read-own-figures = Read the organisation's own figures
permission-read-coalition-figures = Read the coalition's figures

population-msm = Men who have sex with men
population-male-sex-worker = Male sex workers
population-female-sex-worker = Female sex workers
population-trans-woman = Trans women
population-trans-man = Trans men
population-gender-diverse = Gender diverse people
population-person-who-injects-drugs = People who inject drugs
population-person-who-uses-drugs = People who use drugs
population-person-in-prison = People in prison
population-other = Another group
population-not-stated = Not stated

referral-action-accept = Accept
referral-action-waitlist = Put on the waiting list
referral-action-decline = Decline
referral-action-schedule = Schedule
referral-action-check-in = Check in
referral-action-move = Move to another service
referral-action-mark-no-show = Mark as not come
referral-action-complete = Complete
referral-action-mark-not-completed = Mark as not completed
referral-action-reissue-slip = Issue a new slip
referral-action-cancel = Cancel
referral-action-withdraw-consent = Withdraw consent
referral-action-mark-entered-in-error = Mark as entered in error
referral-action-reopen = Reopen
referral-action-undo = Take back the last step
referral-action-amend = Put right
referral-action-refer-instead = Refer to the place that was named
referral-action-answer-check-in = Say whether it is your client

referral-direction-incoming = Received
referral-direction-outgoing = Sent

referral-order-newest-first = Newest first
referral-order-oldest-first = Oldest first
referral-order-recently-updated-first = Recently changed first
referral-order-expiring-first = Expiring first

referral-status-requested = Requested
referral-status-waitlisted = On the waiting list
referral-status-accepted = Accepted
referral-status-declined = Declined
referral-status-scheduled = Scheduled
referral-status-arrived = Arrived
referral-status-no-show = Did not come
referral-status-completed = Completed
referral-status-not-completed = Not completed
referral-status-cancelled = Cancelled
referral-status-expired = Expired
referral-status-entered-in-error = Entered in error

role-peer-educator = Peer educator
role-caseworker = Caseworker
role-paralegal = Paralegal
role-trainer = Trainer
role-analyst = Analyst
role-organisation-admin = Administrator of the organisation
role-coalition-admin = Administrator of the coalition

service-group-prevention = Prevention and harm reduction
service-group-care = Care of body and mind
service-group-support = Safety, justice and daily life

service-type-condoms-lubricant = Condoms and lubricant
service-type-hiv-testing = HIV testing
service-type-hiv-self-test = HIV self-test
service-type-prep = PrEP (before exposure to HIV)
service-type-pep = PEP (within 72 hours after exposure to HIV)
service-type-needle-syringe-programme = Sterile needles and syringes
service-type-opioid-agonist-therapy = Opioid agonist therapy
service-type-naloxone-overdose-response = Naloxone and overdose response
service-type-safer-use-education = Education on safer drug use
service-type-wound-abscess-care = Care of wounds and abscesses
service-type-alcohol-drug-support = Support around alcohol and drug use
service-type-peer-education = Peer education
service-type-drop-in-centre = Drop-in centre
service-type-art = HIV treatment (ART)
service-type-viral-load = Viral load testing
service-type-sti-screening-treatment = STI screening and treatment
service-type-hepatitis-b = Hepatitis B
service-type-hepatitis-c = Hepatitis C
service-type-tb-screening-prevention = Tuberculosis screening, prevention or treatment
service-type-anal-health = Anal health
service-type-cervical-screening = Cervical cancer screening
service-type-contraception = Contraception
service-type-emergency-contraception = Emergency contraception (within 72 hours)
service-type-gender-affirming-support = Gender-affirming support
service-type-general-outpatient = General outpatient care
service-type-mental-health = Mental health care
service-type-psychosocial-support = Psychosocial support
service-type-post-test-club = Post-test club
service-type-support-group = Support group
service-type-post-violence-care = Care after violence (within 72 hours)
service-type-crisis-response = Crisis response
service-type-shelter = Shelter
service-type-relocation = Relocation
service-type-legal-aid = Legal aid by an advocate
service-type-paralegal = Paralegal help
service-type-detention-visit = Visit in detention
service-type-digital-safety = Digital safety
service-type-nutrition = Food and nutrition
service-type-economic-empowerment = Economic empowerment
service-type-transport-support = Help with transport
service-type-identity-documents = Identity documents
service-type-other = Another service

shared-field-populations = Populations
shared-field-age-band = Age band

urgency-routine = Routine
urgency-urgent = Urgent: within a day or two
urgency-emergency = Emergency: at once

user-error-code-not-found = Not found
user-error-code-forbidden = Not allowed
user-error-code-invalid = Not right yet
user-error-code-conflict = Contradicts something else
user-error-code-illegal-transition = Not possible now
user-error-code-identifying-data = Could identify a person
user-error-code-expired = Too late
user-error-code-limit-reached = Too many
user-error-code-internal = Went wrong on our side

advice-code-go-now = Go now
advice-code-overdue = Overdue: go all the same
advice-code-service-full = Full
advice-code-service-waitlist = Waitlist
advice-code-ask-first = Ask first
advice-code-facility-closed = Facility closed
advice-code-open-to-all = Open to all who offer it
advice-code-go-along = Go along
advice-code-already-open = Already referred

consent-giver-client = The client
consent-giver-parent = A parent
consent-giver-guardian = The guardian
consent-giver-caregiver = A caregiver

consent-manner-spoken = Spoken
consent-manner-signed = Signed
consent-manner-on-screen = On a screen

referral-direction-open = Open to us

suggestion-reason-code-open = Room
suggestion-reason-code-limited = Room for a few
suggestion-reason-code-capacity-unknown = Room not known
suggestion-reason-code-waitlist = Waitlist
suggestion-reason-code-same-county = Same county
suggestion-reason-code-neighbouring-county = Neighbouring county
suggestion-reason-code-other-county = Further away
suggestion-reason-code-friendly = Friendly
suggestion-reason-code-friendliness-unknown = Friendliness not known
suggestion-reason-code-checked = Vouched for
suggestion-reason-code-open-now = Open now
suggestion-reason-code-closed-now = Closed now
suggestion-reason-code-answer-time = Time to answer
suggestion-reason-code-accompanied = Go along

client-reported-outcome-served-well = Served well
client-reported-outcome-turned-away = Turned away
client-reported-outcome-mistreated = Mistreated
client-reported-outcome-went-elsewhere = Went elsewhere

task-kind-answer-time-critical = Answer now
task-kind-act-on-violation = Act on a violation
task-kind-answer-check-in = Is it your client?
task-kind-overdue-client = Client overdue
task-kind-no-answer = No answer
task-kind-refer-elsewhere = Refer elsewhere
task-kind-follow-up-referral = Follow up a client
task-kind-answer-referral = Answer
task-kind-take-open-referral = Take an open referral
task-kind-scheduled-today = Expected today
task-kind-mark-yesterday = Did they come?
task-kind-record-outcome = Record how it ended
task-kind-expiring-soon = Expires soon
task-kind-state-capacity = Say how much room there is
task-kind-check-facility = Check the place
task-kind-answer-training-request = Answer a request for a training
task-kind-take-training-request = Take a training that is open to all
task-kind-record-training = Record who came to a training
task-kind-follow-up-training = Ask again after a training
task-kind-document-turned-away = Document what the client reported
task-kind-release-sensitisation = Send out a planned sensitisation
task-kind-follow-up-violation = Is it going on?

cadre-peer-educator = Peer educators
cadre-outreach-worker = Outreach workers
cadre-clinician = Doctors, nurses and clinical officers
cadre-counsellor = Counsellors
cadre-paralegal = Paralegals
cadre-community-member = Members of the community
cadre-police = Police officers
cadre-health-provider = Other staff of health providers
cadre-religious-leader = Religious leaders
cadre-media = Journalists and editors
cadre-staff = Staff of a member
cadre-other = Others

match-reason-code-same-topic = On the topic
match-reason-code-related-topic = On a topic close to it
match-reason-code-same-county = In the county
match-reason-code-remote = Over a line
match-reason-code-neighbouring-county = In a neighbouring county
match-reason-code-other-county = Further away
match-reason-code-language = In a language asked for
match-reason-code-other-language = In another language
match-reason-code-room = All fit in
match-reason-code-too-many-people = Too many people
match-reason-code-satisfaction = How satisfied people were
match-reason-code-preferred-month = When they would like it
match-reason-code-waiting = How long they have waited

training-action-accept = Accept
training-action-decline = Decline
training-action-schedule = Agree on a day
training-action-deliver = Record who came
training-action-evaluate = Record what came of it
training-action-follow-up = Record who still uses it
training-action-cancel = Call off

training-direction-incoming = Sent to us
training-direction-outgoing = Sent by us
training-direction-open = We could take

training-figure-grouping-topic = By topic
training-figure-grouping-month = By month
training-figure-grouping-cadre = By who was trained

training-mode-in-person = In person
training-mode-online = Online
training-mode-blended = Partly in person, partly online
training-mode-webinar = Webinar

training-reason-no-trainer = No trainer
training-reason-no-funds = No money
training-reason-no-venue = No place
training-reason-unsafe = Unsafe to meet
training-reason-dates = No day suits both
training-reason-topic-not-offered = We don't train on this
training-reason-no-longer-needed = No longer needed
training-reason-other = Another reason

training-side-given = Held for others
training-side-received = Held for us

training-status-requested = Asked for
training-status-accepted = Accepted
training-status-declined = Declined
training-status-scheduled = A day is agreed
training-status-delivered = Held
training-status-evaluated = Held and evaluated
training-status-cancelled = Called off

training-topic-harm-reduction-basics = Basics of harm reduction
training-topic-overdose-response = Answering an overdose
training-topic-safer-use = Safer drug use
training-topic-safer-sex = Safer sex
training-topic-hiv-prevention = HIV prevention
training-topic-peer-education = Peer education
training-topic-counselling = Counselling
training-topic-human-rights-and-law = Human rights and the law
training-topic-reporting-violations = Reporting violations
training-topic-safety-and-security = Safety and security
training-topic-digital-safety = Digital safety
training-topic-provider-sensitisation = Sensitising providers
training-topic-substance-use-conversations = Talking about drug and alcohol use
training-topic-mental-health-first-aid = First aid for mental distress
training-topic-gender-based-violence = Gender-based violence
training-topic-data-protection = Data protection
training-topic-monitoring-and-evaluation = Monitoring and evaluation
training-topic-other = Something else

measure-created = Created
measure-accepted = Accepted
measure-arrived = Arrived
measure-completed = Served
measure-participants = People trained

other-key-outside = Outside the coalition
other-key-not-taken = Taken by nobody
other-key-not-stated = Not stated

own-side-sent = Sent by us
own-side-received = Received by us

period-kind-month = Month
period-kind-quarter = Quarter
period-kind-year = Year

response-time-within-4-hours = Within 4 hours
response-time-within-24-hours = Within a day
response-time-within-72-hours = Within three days
response-time-within-7-days = Within seven days
response-time-later = Later
response-time-never = Never

statistic-table-name-referrals-by-service-type = Referrals by service
statistic-table-name-referrals-by-county = Referrals by county
statistic-table-name-referrals-by-population = Referrals by population
statistic-table-name-referrals-by-age-band = Referrals by age
statistic-table-name-referrals-by-population-and-service-type = Referrals by population and service
statistic-table-name-referrals-by-county-and-service-type = Referrals by county and kind of service
statistic-table-name-referrals-by-receiver-kind = Referrals by kind of receiver
statistic-table-name-referrals-by-response-time = Referrals by time to the answer
statistic-table-name-referral-declines-by-reason = Declined referrals by reason
statistic-table-name-referral-non-completions-by-reason = Referrals that ended unserved, by reason
statistic-table-name-training-participants-by-topic = People trained by topic
statistic-table-name-training-participants-by-cadre = People trained by cadre
statistic-table-name-training-participants-by-county = People trained by county

weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday

language-en = English
language-sw = Swahili
language-am = Amharic
language-ar = Arabic
language-bxk = Bukusu
language-dav = Taita
language-dig = Digo
language-ebu = Embu
language-fr = French
language-gu = Gujarati
language-guz = Gusii
language-hi = Hindi
language-kam = Kamba
language-ki = Kikuyu
language-kln = Kalenjin
language-ksb = Shambala
language-lg = Luganda
language-ln = Lingala
language-luo = Luo
language-luy = Luhya
language-mas = Maasai
language-mer = Meru
language-nyf = Giriama
language-om = Oromo
language-orc = Orma
language-pko = Pokot
language-rel = Rendille
language-rn = Kirundi
language-rw = Kinyarwanda
language-saq = Samburu
language-so = Somali
language-teo = Teso
language-ti = Tigrinya
language-tuv = Turkana
language-xki = Kenyan Sign Language
figure-status-shown = Shown
figure-status-suppressed = Not shown
figure-status-not-yet-published = Not yet published
figure-status-never-published = Not published for this period

perpetrator-police = The police
perpetrator-local-authority = County askaris, chiefs, other authorities
perpetrator-health-provider = A health provider
perpetrator-education = A school or college
perpetrator-employer = An employer or colleague
perpetrator-religious-group = A religious group
perpetrator-family = The family
perpetrator-partner = A partner
perpetrator-sex-work-customer = A customer of a sex worker
perpetrator-neighbour-or-landlord = A neighbour or landlord
perpetrator-community = Others of the place
perpetrator-gang = A gang
perpetrator-peer = A peer
perpetrator-online-unknown = Somebody unknown, online
perpetrator-other = Somebody else
perpetrator-not-stated = Not stated

violation-action-record-step = Record a step
violation-action-end = Record how it ended
violation-action-reopen = Open again
violation-action-correct = Put right
violation-action-replace-note = Replace the note
violation-action-withdraw-consent = Withdraw consent
violation-action-mark-entered-in-error = Mark as entered in error
violation-action-plan-sensitisation = Plan a sensitisation

violation-advice-code-court-within-24-hours = Before a court within 24 hours
violation-advice-code-pep-within-72-hours = Medicine against HIV within 72 hours
violation-advice-code-refer-to-legal-aid = Refer to legal aid
violation-advice-code-refer-to-care = Refer to care
violation-advice-code-report-to-oversight = Who oversees them
violation-advice-code-where-to-report = Where to report
violation-advice-code-sealed-for-nobody = Nobody can open the note

violation-cause-religion = Religion
violation-cause-culture = Culture
violation-cause-workplace = The workplace
violation-cause-law = The law
violation-cause-family = The family
violation-cause-sex-work = Sex work
violation-cause-sexuality = Sexuality
violation-cause-gender = Gender
violation-cause-drug-use = Drug use
violation-cause-hiv-status = HIV status
violation-cause-other = Something else

violation-consent-giver-survivor = The survivor
violation-consent-giver-parent = A parent
violation-consent-giver-guardian = The guardian
violation-consent-giver-next-of-kin = The next of kin
violation-consent-giver-organisation = The organisation itself

violation-order-documented-newest-first = Newest first
violation-order-recently-updated-first = Recently changed first

violation-outcome-resolved = Put right
violation-outcome-conviction = Somebody was convicted
violation-outcome-acquitted = Acquitted
violation-outcome-dismissed = Dismissed
violation-outcome-settled = Settled
violation-outcome-no-action-taken = Nothing was done
violation-outcome-survivor-choice = The survivor's choice
violation-outcome-withdrawn = Pulled out
violation-outcome-lost-contact = Contact was lost
violation-outcome-ongoing = Goes on

violation-reason-too-long = Takes too long
violation-reason-too-costly = Costs too much
violation-reason-fear-of-exposure = Fear of being exposed
violation-reason-fear-of-police-or-court = Fear of police or court
violation-reason-pressure = Pressure from others
violation-reason-no-trust = No trust that it helps
violation-reason-did-not-know-how = Did not know how
violation-reason-distance = Too far away
violation-reason-self-blame = They blame themselves
violation-reason-retaliation = Retaliation, or fear of it
violation-reason-other = Another reason

violation-status-open = Open
violation-status-ended = Ended
violation-status-consent-withdrawn = Consent withdrawn
violation-status-entered-in-error = Entered in error

violation-step-kind-documented = Documented
violation-step-kind-safety-plan = Safety plan
violation-step-kind-medical-care = Medical care
violation-step-kind-counselling = Counselling
violation-step-kind-reported-to-police = Reported to the police
violation-step-kind-reported-to-oversight = Reported to a body that oversees
violation-step-kind-legal-follow-up = Followed up by a lawyer or paralegal
violation-step-kind-investigation = Investigated
violation-step-kind-in-court = Before a court
violation-step-kind-mediation = Mediated

violation-type-verbal-abuse = Insults
violation-type-physical-assault = Physical attack
violation-type-sexual-violence = Sexual violence
violation-type-psychological-abuse = Threats, humiliation, isolation
violation-type-harassment = Harassment
violation-type-discrimination-at-work = Discrimination at work
violation-type-denial-of-health-service = Denied a health service
violation-type-denial-of-other-service = Denied another service
violation-type-confidentiality-breach = Confidentiality breached
violation-type-forced-test-or-examination = Forced test or examination
violation-type-arbitrary-arrest = Arbitrary arrest
violation-type-detention-without-charge = Detained without charge
violation-type-extortion-blackmail = Extortion or blackmail
violation-type-entrapment = Lured into a trap
violation-type-outing = Outed
violation-type-eviction = Put out of a home
violation-type-expulsion-by-family = Put out by the family
violation-type-excommunication = Put out of a religious community
violation-type-conversion-practice = Conversion practice
violation-type-online-abuse = Abuse online
violation-type-hate-speech = Hate speech
violation-type-confiscation-of-commodities = Condoms, needles or medicines taken away
violation-type-robbery = Robbery
violation-type-non-payment = Not paid
violation-type-raid-on-organisation = Raid on the organisation
violation-type-threat-to-staff = Threat to staff
violation-type-killing = Killing
violation-type-other = Something else

funnel-stage-name-documented = Documented
funnel-stage-name-reported = Reported
funnel-stage-name-followed-up = Followed up
funnel-stage-name-in-court = In court
funnel-stage-name-mediation = Mediated
funnel-stage-name-ended = Ended

time-band-same-month = In the same month, or before
time-band-within-3-months = 1 to 3 months
time-band-within-6-months = 4 to 6 months
time-band-within-12-months = 7 to 12 months
time-band-later = More than 12 months

violation-group-physical = Physical violence
violation-group-sexual = Sexual violence
violation-group-abuse-and-threats = Abuse and threats
violation-group-police-and-detention = Police and detention
violation-group-extortion = Extortion, or not paid
violation-group-health-care = In health care
violation-group-exclusion = Exclusion
violation-group-other = Something else

perpetrator-group-state = Police and authorities
perpetrator-group-health-provider = Health providers
perpetrator-group-school-and-work = School and work
perpetrator-group-religious-group = Religious groups
perpetrator-group-family-and-partner = Family and partners
perpetrator-group-sex-work-customer = Customers of sex workers
perpetrator-group-community = Others who live there
perpetrator-group-other = Others, or not stated

sensitisation-status-planned = Planned
sensitisation-status-released = Gone out
sensitisation-status-dropped = Dropped

sensitisation-action-release = Send out
sensitisation-action-drop = Drop
