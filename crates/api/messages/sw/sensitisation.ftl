# Not yet reviewed by a native speaker.
# Mipango ya mafunzo ya uhamasishaji.

sensitisation-violations-missing = Sema ni kwa sababu ya nini: chagua angalau ukiukaji mmoja.
sensitisation-many = Mipango { $maximum } inasubiri, na haiwezi kuzidi hapo. Tuma mingine, au uiache.
sensitisation-names-somebody = Ndani ya siku { $days } shirika lako lilituma rufaa kwa wanachama wasiofikia { $fewest } katika kaunti hii: ombi kwa “{ $audience }” lingemtaja anayehusika. Omba mafunzo kwa simu: mpigie mkufunzi unayemwamini, bila jina na bila tarehe, au iombe sekretarieti iwape wote.
sensitisation-release-early = Unaweza kutumwa kuanzia { $day }, pamoja na mipango mingine ya mwezi huo: mapema zaidi, siku yake ingeonyesha jambo lilitendwa lini.
sensitisation-move-of-others = Jukumu lako halijumuishi hili (“{ $action }”). Muulize anayesimamia mafunzo katika shirika lako.
sensitisation-move-impossible = Sasa ni “{ $status }”. “{ $action }” inawezekana kutoka: { $from }.
