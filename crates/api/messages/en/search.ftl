# What people also call a service when they search for one, besides its caption in codes.ftl: a list for each type, divided by
# commas. Every word of a list finds the type by itself, whatever language the reader has, so no word may stand for anything else:
# "condom" is no word for PEP. A test refuses what is already in the caption or in the list of another language.

search-service-type-condoms-lubricant = condom, rubbers, lube, lubes, lubricants
search-service-type-hiv-testing = HTS, HCT, VCT, test, tests, tested
search-service-type-hiv-self-test = HIVST, kit, kits, OraQuick
search-service-type-prep = pre-exposure prophylaxis, Truvada
search-service-type-pep = post-exposure prophylaxis, emergency
search-service-type-needle-syringe-programme = NSP, needle exchange, syringe, injecting equipment
search-service-type-opioid-agonist-therapy = MAT, OST, OAT, suboxone, medically assisted treatment, heroin, substitution
search-service-type-naloxone-overdose-response = Narcan, OD
search-service-type-safer-use-education = harm reduction, safe injecting
search-service-type-wound-abscess-care = wound, abscess, dressing, ulcers
search-service-type-alcohol-drug-support = rehab, rehabilitation, addiction, detox, drinking, drugs
search-service-type-peer-education = peers, peer educator, outreach
search-service-type-drop-in-centre = DIC, DICE, safe space
search-service-type-art = ARV, ARVs, antiretrovirals, HAART, CCC, comprehensive care
search-service-type-viral-load = VL, suppression
search-service-type-sti-screening-treatment = STIs, STD, STDs, sexually transmitted infections, gonorrhoea, gonorrhea, syphilis, chlamydia, herpes
search-service-type-hepatitis-b = hep B, HBV, vaccine, vaccination
search-service-type-hepatitis-c = hep C, HCV
search-service-type-tb-screening-prevention = TB, chest, cough, GeneXpert, TPT
search-service-type-anal-health = anus, warts, piles, rectal, anoscopy
search-service-type-cervical-screening = cervix, Pap smear, VIA, HPV
search-service-type-contraception = family planning, FP, birth control, contraceptives, implant, IUD, coil, Depo
search-service-type-emergency-contraception = morning-after pill, P2, Postinor, e-pill
search-service-type-gender-affirming-support = hormones, HRT, trans, transgender, transition
search-service-type-general-outpatient = OPD, doctor, check-up, malaria
search-service-type-mental-health = counselling, counseling, counsellor, counselor, psychologist, psychiatrist, depression, anxiety, suicide, therapy
search-service-type-psychosocial-support = counselling, counseling, counsellor, counselor, PSS
search-service-type-post-test-club = PTC, positive living
search-service-type-support-group = groups, self-help
search-service-type-post-violence-care = GBV, SGBV, rape, sexual assault, survivor, survivors, PRC, abuse
search-service-type-crisis-response = emergency, hotline, helpline, urgent, danger, threat, attack
search-service-type-shelter = safe house, safehouse, housing, accommodation, homeless, refuge
search-service-type-relocation = relocate, move, evacuation
search-service-type-legal-aid = lawyer, lawyers, attorney, court, bail, justice
search-service-type-paralegal = paralegals, legal rights
search-service-type-detention-visit = prison, jail, police, cells, remand, arrest, arrested
search-service-type-digital-safety = phone, phones, online, security, hacked, blackmail, passwords
search-service-type-nutrition = meals, hunger, supplements
search-service-type-economic-empowerment = jobs, savings, business, loans, income, livelihood
search-service-type-transport-support = fare, bus, taxi, travel
search-service-type-identity-documents = ID, passport, birth certificate
search-service-type-other = other

# Words that mean the same in the names of places: who types one finds all of its line, in all languages.

search-synonyms-hospital = hospital, hosp
search-synonyms-dispensary = dispensary, disp
search-synonyms-clinic = clinic
search-synonyms-health = health
search-synonyms-centre = centre, center
search-synonyms-prison = prison, GK
search-synonyms-women = women, womens
search-synonyms-children = children, childrens
search-synonyms-police = police
