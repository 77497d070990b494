# Not yet reviewed by a native speaker.
client-right-caseworker-alone = Hili linagusa pia rufaa za wenzako: mwombe mhudumu wa kesi wa shirika lako alifanye.
pseudonym-rotation-empty = Taja angalau mteja mmoja ambaye jina lake la siri litabadilishwa.
pseudonym-rotation-too-many = Majina ya siri yasiyozidi { $maximum } yanaweza kubadilishwa kwa mara moja: tuma mengine katika ombi lingine.
pseudonym-rotation-unchanged = Jina jipya la siri ndilo ambalo mteja tayari analo: mwache mteja huyu, au tengeneza jina lingine la siri.
pseudonym-rotation-from-repeated = Mteja huyu ametajwa tayari hapo juu: taja kila mteja mara moja.
pseudonym-rotation-to-repeated = Mteja mwingine hapo juu tayari anapewa jina hili la siri: tengeneza jina tofauti kwa kila mteja.
pseudonym-rotation-to-in-use = Mteja wako mmoja ana jina hili la siri sasa: tengeneza lingine, ili wateja wawili wasiwe mmoja.
client-right-other-client = Hii ni kumbukumbu ya mteja mmoja: mwache mteja nje ya kichujio, au omba kumbukumbu nyingine.
