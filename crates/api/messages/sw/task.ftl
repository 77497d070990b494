# Not yet reviewed by a native speaker.
task-answer-time-critical = Mteja huyu hawezi kusubiri. Kubali au kataa ndani ya saa moja: aliyemtuma anasubiri jibu.
task-overdue-client-sender = Mteja alipaswa kuwa ameshaonwa na hajafika. Mtafute na uandamane naye ukiweza: huenda bado ikasaidia.
task-overdue-client-receiver = Mteja alipaswa kuwa ameshaonwa na hajafika. Mpokee wakati wowote atakapofika, na umjulishe aliyemtuma ikiwa huwezi.
task-no-answer = Hakuna aliyejibu kwa wakati. Wapigie simu, chagua njia nyingine, au andamaneni na mteja wenyewe.
task-answer-referral = Jibu rufaa hii: ikubali, mweke mteja kwenye orodha ya kusubiri, au kataa na useme sababu.
task-take-open-referral = Mnatoa huduma anayohitaji mteja huyu, na bado hakuna aliyemchukua. Chukueni rufaa hii mkiwa na nafasi.
task-scheduled-today-sender = Unaandamana na mteja huyu leo. Rekodi kwamba amefika.
task-scheduled-today-receiver = Mteja huyu anatarajiwa leo. Rekodi kufika kwake anapokuja.
task-mark-yesterday = Siku iliyokubaliwa imepita. Sema kama mteja alikuja: rekodi kufika kwake, au kwamba hakuja.
task-record-outcome-sender = Uliandamana na mteja huyu. Rekodi kama alihudumiwa, au kwa nini hakuhudumiwa.
task-record-outcome-receiver = Mteja huyu alifika wiki moja iliyopita au zaidi. Rekodi kama alihudumiwa, au kwa nini hakuhudumiwa.
task-expiring-soon = Rufaa hii inakaribia kuisha muda. Ulizia hali ya mteja, au ifute na umpe rufaa mpya.
task-state-capacity = Sema huduma hii ina nafasi kiasi gani, ili wengine wajue kama watume wateja.
task-answer-training-request = Jibu ombi hili la mafunzo: likubali, au kataa ukitaja sababu.
task-take-training-request = Mnatoa kinachoombwa hapa, na hakuna aliyekichukua bado. Kikubali ikiwa mnaweza kukifanya.
task-record-training = Siku ya mafunzo haya imefika. Rekodi waliokuja, kwa idadi, au panga upya.
task-follow-up-training = Waulize waliofunzwa kama bado wanatumia walichojifunza, na urekodi ni wangapi.
