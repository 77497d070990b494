# Not yet reviewed by a native speaker.
statistic-measure = Jedwali hili linaweza kuhesabu: { $measures }. Chagua mojawapo.
statistic-dimension = Jedwali hili linahesabu kwa: { $dimensions }. Chagua kwa mojawapo.
statistic-category = “{ $dimension }” huchukua misimbo tu, iliyoandikwa kama funguo za seli za jedwali hili, kama vile { $example }. captions na counties zinaiorodhesha.
statistic-order = Mwezi wa mwisho unatangulia wa kwanza: badilisha nafasi zake.
statistic-range = Omba miezi isiyozidi { $maximum } kwa wakati mmoja.
statistic-too-many = Hizo ni takwimu zaidi ya { $maximum }. Omba miezi michache au vipindi virefu zaidi, au chagua baadhi ya safu.
statistic-method = Takwimu zilizo chini ya { $units }, au za mashirika yasiyofikia { $organisations }, hazionyeshwi. Nyingine zote hubadilishwa kwa bahati nasibu kwa hadi { $maximum }, kwa hiyo huenda zisijumlike.
