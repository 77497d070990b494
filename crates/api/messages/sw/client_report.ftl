# Not yet reviewed by a native speaker.
client-report-empty = Taja angalau moja kati ya haya mawili: jinsi ilivyokwenda (outcome), au jinsi huduma ilivyokuwa ya kirafiki (friendliness).
client-report-friendliness = Urafiki ni nambari kamili kutoka { $minimum } (uhasama) hadi { $maximum } (kirafiki sana).
client-report-no-service = Hukumpa mteja rufaa kwa huduma mahususi, kwa hiyo hakuna inayoweza kupewa alama: acha friendliness na urekodi matokeo pekee.
client-report-sender-alone = Shirika lililompa mteja rufaa pekee ndilo linalorekodi anachosema mteja, kupitia mtu ambaye majukumu yake yanaruhusu.
client-report-consent-withdrawn = Mteja ameondoa idhini yake kwa rufaa hii: hakuna kinachoweza kuongezwa.
client-report-in-error = Rufaa hii iliingizwa kimakosa na haihesabiwi popote: acha urafiki.
