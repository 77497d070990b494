# Not yet reviewed by a native speaker.
# Kwa nini toleo la mafunzo, au ombi lake, linapendekezwa.

matching-same-topic = Ni kuhusu kilichoombwa.
matching-related-topic = Ni kuhusu “{ $topic }”, mada iliyo karibu na iliyoombwa.
matching-same-county = Hufanyika { $county }.
matching-remote = Yanaweza kufanyika kupitia mtandao.
matching-neighbouring-county = Hufanyika katika kaunti inayopakana na { $county }.
matching-other-county = Hayafanyiki karibu na { $county }: uliza kama wangekuja.
matching-language = Hufanyika kwa: { $languages }.
matching-other-language = Hayafanyiki kwa lugha yoyote iliyoombwa: uliza kama kuna anayeweza kutafsiri.
matching-room = Watu wasiozidi { $maximum } wanatosha.
matching-people = Watu { $people } wanatarajiwa, na wote wanatosha.
matching-too-many-people = Wanatarajiwa watu wengi kuliko { $maximum } wanaotosha: yangehitajika mafunzo zaidi ya mara moja.
matching-satisfaction = Watu waliyapa mafunzo yao kuhusu mada hii { $satisfaction } kati ya 5.
matching-preferred-month = Wangependa yafanyike { $month }.
matching-preferred-month-past = Walitaka yafanyike kufikia { $month }: uliza ni lini kunafaa sasa.
matching-waiting = Wamekuwa wakisubiri tangu { $day }.
