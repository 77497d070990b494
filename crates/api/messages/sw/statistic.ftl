# Not yet reviewed by a native speaker.
statistic-measure = Jedwali hili linaweza kuhesabu: { $measures }. Chagua mojawapo.
statistic-dimension = Jedwali hili linahesabu kwa: { $dimensions }. Chagua kwa mojawapo.
statistic-order = Mwezi wa mwisho unatangulia wa kwanza: badilisha nafasi zake.
statistic-range = Omba miezi isiyozidi { $maximum } kwa wakati mmoja.
statistic-too-many = Hizo ni takwimu zaidi ya { $maximum }. Omba miezi michache au vipindi virefu zaidi, au chagua baadhi ya safu.
