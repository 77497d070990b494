# Not yet reviewed by a native speaker.
# Mipango ya mafunzo ya uhamasishaji.

sensitisation-violations-missing = Sema ni kwa sababu ya nini: chagua angalau ukiukaji mmoja.
sensitisation-many = Mipango { $maximum } inasubiri, na haiwezi kuzidi hapo. Tuma baadhi yake, au futa baadhi yake.
sensitisation-names-somebody = Ndani ya siku { $days } shirika lako lilituma rufaa za huduma za afya kwa wanachama wasiofikia { $fewest } katika kaunti hii: ombi kwa “{ $audience }” lingemtaja anayehusika. Omba mafunzo kwa simu: mpigie mkufunzi unayemwamini, bila jina na bila tarehe, au iombe sekretarieti itoe mafunzo hayo kwa wote.
sensitisation-release-early = Unaweza kutumwa kuanzia { $day }, kama mipango yote ya mwezi huo: mapema zaidi, siku yake ingeonyesha jambo lilitendwa lini.
sensitisation-move-of-others = Jukumu lako halijumuishi hili (“{ $action }”). Muulize anayesimamia mafunzo katika shirika lako.
sensitisation-move-impossible = Sasa ni “{ $status }”. “{ $action }” inawezekana kutoka: { $from }.
sensitisation-without-reason = Sababu ya mpango huu imeondolewa au imesahihishwa: futa mpango.
