# Not yet reviewed by a native speaker.
# The client's slip, at the receiver's desk.

slip-misread = Msimbo huu wa karatasi ya rufaa umesomwa au umeandikwa vibaya: soma tena alama zake kumi na moja, kama K7Q2-9FXM-3TG.
slip-unknown = Hakuna rufaa inayoweza kupokelewa kwa karatasi hii. Mhudumie mteja, kisha uliulize shirika lililomtuma.
slip-checked-in-already = Shirika lako tayari limempokea mteja huyu, tarehe { $day } saa { $hour } (saa za Kenya). Hakuna la kufanya tena.
slip-attempts-exceeded = Misimbo mitano isiyojulikana ndani ya saa moja: subiri saa moja, au mpokee mteja bila karatasi. Mhudumie mteja kwa vyovyote vile.

# Slips that were printed in advance, and referrals that are sent together later.

slip-too-few = Omba karatasi 1 hadi { $maximum }.
slip-too-many = Karatasi zisizozidi { $maximum } hutengenezwa kwa mara moja: chapisha hizi kwanza, kisha omba tena.
slip-too-many-held = Una karatasi { $maximum } ambazo bado ni halali: zitumie kabla ya kuchapisha nyingine. Zilizopotea huisha muda zenyewe.
slip-too-many-waiting = Watu { $maximum } uliowapokea wanasubiri rufaa ambazo bado hazijatumwa. Mhudumie mteja huyu hata hivyo, na umwombe aliyempa karatasi atume rufaa.
slip-not-blank = Hakuna rufaa inayoweza kutumia karatasi hii: imeshatumika, muda wake umeisha, au si ya shirika lenu. Isome tena, au iache na umpe mteja karatasi mpya.
slip-no-items = Hakuna cha kutuma: weka rufaa 1 au zaidi.
slip-too-many-items = Rufaa zisizozidi { $maximum } hutumwa pamoja, na hakuna kilichofanyika kati ya hizi: zitume kwa mafungu.
slip-item-without-key = Kila rufaa inayotumwa pamoja na nyingine ina clientMutationId yake yenyewe: itengenezee UUID na uitunze hadi ijibiwe.
slip-item-repeats = Hii ni rufaa namba { $item } ya orodha hii hii tena: imeachwa. Ikiwa ni mteja mwingine, sema tofauti iko wapi.
slip-item-failed = Rufaa hii haikutumwa: kuna hitilafu upande wetu. Itume tena kama ilivyo; hakuna kitakachotumwa mara mbili. Ikiendelea, tuambie kitambulisho cha ombi (request id).
slip-item-slip-used = Hati hii inatumiwa na rufaa namba { $item } ya orodha hii hii: mpe mteja huyu nyingine, au iache.
