# Not yet reviewed by a native speaker.
# What can be said of anything.

not-found = Hakuna kitu chenye kitambulisho hiki. Angalia kitambulisho, au kitafute tena.
forbidden = Majukumu yako hayaruhusu hili. Mwombe mwenzako ambaye majukumu yake yanaruhusu, au msimamizi wa shirika lako.
unavailable = Seva ina shughuli nyingi au inaanza upya. Jaribu tena baada ya muda mfupi.
internal = Kuna hitilafu upande wetu. Jaribu tena; ikiendelea, tuambie kitambulisho cha ombi (request id).
took-too-long = Hili limechukua muda mrefu sana. Jaribu tena baada ya muda.
server-closing = Seva inafungwa. Jaribu tena baada ya muda.
sockets-full = Watu wengi mno wameunganishwa. Jaribu tena baada ya muda.

client-mutation-id-malformed = clientMutationId ni UUID: tengeneza mpya kwa kila jambo unalotaka lifanyike.
client-mutation-id-reused = clientMutationId hii ilitumwa awali na maudhui mengine, nayo yalifanyika: angalia matokeo yake. Ni jambo jingine tu linalotumwa na mpya.

text-empty = Andika kitu hapa; ni tupu.
text-too-long = Fupisha hadi herufi { $maximum } au chini ya hapo.
text-unreadable = Andika kila herufi kwa alama chache juu na chini yake: hakuna anayeweza kusoma hii.
identifying-phone-number = Hii inafanana na nambari ya simu. Hapa hakuna kinachohifadhiwa cha kumtambulisha mtu: iondoe. Andika saa kama 08:00-17:00, tarehe kama 2026-03-12 na kiasi cha pesa kama KES 12,000.
identifying-email-address = Hii inafanana na anwani ya barua pepe. Hapa hakuna kinachohifadhiwa cha kumtambulisha mtu: iondoe, na usitumie alama ya “at”. Andika bei kama KES 50 kwa kila kimoja.
identifying-id-number = Hii inafanana na nambari ya kitambulisho. Hapa hakuna kinachohifadhiwa cha kumtambulisha mtu: iondoe. Andika saa kama 08:00-17:00, tarehe kama 2026-03-12, miaka kama 2019-2024 na idadi kama watu 1,200.
identifying-personal-code = Hii inafanana na msimbo wa mtu, uliotengenezwa kwa jina na tarehe ya kuzaliwa. Hapa hakuna kinachohifadhiwa cha kumtambulisha mtu: iondoe. Andika jina la akaunti kama peer100, fomu kama MOH 731, na mwaka kando ya neno lililo mbele yake, kama Mpango 1990.
county-code-malformed = Msimbo wa kaunti ni tarakimu tatu, kuanzia 001 (Mombasa) hadi 047 (Nairobi).
day-malformed = Siku huandikwa kama 2026-10-07.
month-malformed = Mwezi huandikwa kama 2026-10, kuanzia 2000-01.
role-of-secretariat = “{ CAPTION("COALITION_ADMIN", of: "Role") }” ni kwa watumiaji wa sekretarieti pekee. Chagua jukumu lingine, au ongeza akaunti kwenye sekretarieti.
short-name-malformed = Tumia herufi 2 hadi 32 kati ya a hadi z, 0 hadi 9 na vistari, ukianza na herufi; lisiwe jina la mtu.
search-text-too-long = Tafuta kwa maneno yasiyozidi { $words } yenye jumla ya herufi { $characters }.
search-text-unreadable = Ondoa herufi zisizoonekana, kisha utafute tena.
months-range = Omba miezi 1 hadi { $maximum }, wa mapema kwanza.
language-unknown = Lugha huandikwa kwa msimbo wake wa ISO 639, kama vile en, sw au luo.
