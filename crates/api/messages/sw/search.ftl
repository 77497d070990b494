# Not yet reviewed by a native speaker.
# What people also call a service when they search for one, besides its caption in codes.ftl: a list for each type, divided by
# commas. Every word of a list finds the type by itself, whatever language the reader has.

search-service-type-condoms-lubricant = mpira, mipira
search-service-type-hiv-testing = kupima, kupimwa, ukimwi
search-service-type-hiv-self-test = kifaa cha kipimo
search-service-type-prep = dawa za kinga
search-service-type-pep = dawa za dharura
search-service-type-needle-syringe-programme = sirinji
search-service-type-opioid-agonist-therapy = methadoni, heroini
search-service-type-naloxone-overdose-response = naloksoni
search-service-type-safer-use-education = kupunguza madhara, kujidunga
search-service-type-wound-abscess-care = kidonda, jipu
search-service-type-alcohol-drug-support = ulevi, uraibu, madawa
search-service-type-peer-education = waelimishaji
search-service-type-drop-in-centre = mahali
search-service-type-art = dawa, ukimwi, virusi
search-service-type-viral-load = kupima
search-service-type-sti-screening-treatment = kisonono, kaswende
search-service-type-hepatitis-b = chanjo
search-service-type-hepatitis-c = virusi vya ini
search-service-type-tb-screening-prevention = kikohozi
search-service-type-anal-health = bawasiri
search-service-type-cervical-screening = kansa
search-service-type-contraception = kupanga, vidonge
search-service-type-emergency-contraception = vidonge, mimba
search-service-type-gender-affirming-support = homoni
search-service-type-general-outpatient = daktari, dawa
search-service-type-mental-health = ushauri nasaha, msongo
search-service-type-psychosocial-support = ushauri nasaha
search-service-type-post-test-club = chama
search-service-type-support-group = vikundi
search-service-type-post-violence-care = ubakaji, kubakwa, unyanyasaji, dhuluma
search-service-type-crisis-response = hatari, haraka
search-service-type-shelter = malazi, nyumba salama, kulala, hifadhi
search-service-type-relocation = kuhama, kuhamishwa
search-service-type-legal-aid = mawakili, sheria, mahakama, haki, dhamana
search-service-type-paralegal = sheria, haki
search-service-type-detention-visit = jela, gereza, polisi, mahabusu, kukamatwa
search-service-type-digital-safety = simu, mtandao
search-service-type-nutrition = njaa
search-service-type-economic-empowerment = biashara, kazi, akiba, mkopo, chama
search-service-type-transport-support = nauli
search-service-type-identity-documents = kitambulisho, cheti
search-service-type-other = nyinginezo

# Words that mean the same in the names of places: who types one finds all of its line, in all languages.

search-synonyms-hospital = hospitali
search-synonyms-dispensary = zahanati
search-synonyms-clinic = kliniki
search-synonyms-health = afya
search-synonyms-centre = kituo
search-synonyms-prison = gereza, magereza, jela
search-synonyms-women = wanawake
search-synonyms-children = watoto
search-synonyms-police = polisi
