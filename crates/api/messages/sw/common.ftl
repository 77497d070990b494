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
text-unreadable = Ondoa herufi za udhibiti na herufi zisizoonekana.
identifying = Hii inafanana na nambari ya simu, anwani ya barua pepe, kitambulisho au msimbo wa mtu. Hapa hakuna kinachohifadhiwa cha kumtambulisha mtu: kiondoe.
county-code-malformed = Msimbo wa kaunti ni tarakimu tatu, kuanzia 001 (Mombasa) hadi 047 (Nairobi).
day-malformed = Siku huandikwa kama 2026-10-07.
month-malformed = Mwezi huandikwa kama 2026-10.
short-name-malformed = Tumia herufi 2 hadi 32 kati ya a hadi z, 0 hadi 9 na vistari, ukianza na herufi; lisiwe jina la mtu.
search-text-too-long = Tafuta kwa maneno yasiyozidi { $words } yenye jumla ya herufi { $characters }.
search-text-unreadable = Ondoa herufi zisizoonekana, kisha utafute tena.
months-range = Omba miezi 1 hadi { $maximum }, wa mapema kwanza.
language-unknown = Lugha huandikwa kwa msimbo wake wa ISO 639, kama vile en, sw au luo.
