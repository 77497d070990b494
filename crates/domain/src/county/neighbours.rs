//! Which counties border each other.
//!
//! Source: administrative boundaries of the Constitution of Kenya, First Schedule. A border in a lake counts. Counties that meet
//! only on the summit of Mount Kenya are not neighbours.

use super::{COUNTIES, CountyCode};

/// The neighbours of each county, in the order of the codes. A number is a code without its leading zeros.
const NEIGHBOURS: [&[u8]; COUNTIES.len()] = [
    /* 001 Mombasa */ &[2, 3],
    /* 002 Kwale */ &[1, 3, 6],
    /* 003 Kilifi */ &[1, 2, 4, 6],
    /* 004 Tana River */ &[3, 5, 6, 7, 11, 15],
    /* 005 Lamu */ &[4, 7],
    /* 006 Taita-Taveta */ &[2, 3, 4, 15, 17, 34],
    /* 007 Garissa */ &[4, 5, 8, 11],
    /* 008 Wajir */ &[7, 9, 10, 11],
    /* 009 Mandera */ &[8],
    /* 010 Marsabit */ &[8, 11, 23, 25],
    /* 011 Isiolo */ &[4, 7, 8, 10, 12, 15, 25, 31],
    /* 012 Meru */ &[11, 13, 15, 19, 31],
    /* 013 Tharaka-Nithi */ &[12, 14, 15],
    /* 014 Embu */ &[13, 15, 16, 20, 21],
    /* 015 Kitui */ &[4, 6, 11, 12, 13, 14, 16, 17],
    /* 016 Machakos */ &[14, 15, 17, 21, 22, 34, 47],
    /* 017 Makueni */ &[6, 15, 16, 34],
    /* 018 Nyandarua */ &[19, 21, 22, 31, 32],
    /* 019 Nyeri */ &[12, 18, 20, 21, 31],
    /* 020 Kirinyaga */ &[14, 19, 21],
    /* 021 Murang'a */ &[14, 16, 18, 19, 20, 22],
    /* 022 Kiambu */ &[16, 18, 21, 32, 34, 47],
    /* 023 Turkana */ &[10, 24, 25, 30],
    /* 024 West Pokot */ &[23, 26, 28, 30],
    /* 025 Samburu */ &[10, 11, 23, 30, 31],
    /* 026 Trans Nzoia */ &[24, 27, 28, 37, 39],
    /* 027 Uasin Gishu */ &[26, 28, 29, 30, 35, 37],
    /* 028 Elgeyo-Marakwet */ &[24, 26, 27, 30],
    /* 029 Nandi */ &[27, 35, 37, 38, 42],
    /* 030 Baringo */ &[23, 24, 25, 27, 28, 31, 32, 35],
    /* 031 Laikipia */ &[11, 12, 18, 19, 25, 30, 32],
    /* 032 Nakuru */ &[18, 22, 30, 31, 33, 34, 35, 36],
    /* 033 Narok */ &[32, 34, 36, 44, 45, 46],
    /* 034 Kajiado */ &[6, 16, 17, 22, 32, 33, 47],
    /* 035 Kericho */ &[27, 29, 30, 32, 36, 42, 43, 46],
    /* 036 Bomet */ &[32, 33, 35, 46],
    /* 037 Kakamega */ &[26, 27, 29, 38, 39, 40, 41],
    /* 038 Vihiga */ &[29, 37, 41, 42],
    /* 039 Bungoma */ &[26, 37, 40],
    /* 040 Busia */ &[37, 39, 41],
    /* 041 Siaya */ &[37, 38, 40, 42, 43],
    /* 042 Kisumu */ &[29, 35, 38, 41, 43],
    /* 043 Homa Bay */ &[35, 41, 42, 44, 45, 46],
    /* 044 Migori */ &[33, 43, 45],
    /* 045 Kisii */ &[33, 43, 44, 46],
    /* 046 Nyamira */ &[33, 35, 36, 43, 45],
    /* 047 Nairobi */ &[16, 22, 34],
];

impl CountyCode {
    /// The counties that share a border with this one, in the order of the codes.
    pub fn neighbours(self) -> impl Iterator<Item = Self> {
        NEIGHBOURS[usize::from(self.0)].iter().map(|number| Self(number - 1))
    }

    /// Whether the two share a border. A county does not border itself.
    pub fn borders(self, other: Self) -> bool {
        self.neighbours().any(|neighbour| neighbour == other)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn named(name: &str) -> CountyCode {
        CountyCode::from_name(name).unwrap_or_else(|| panic!("no county {name}"))
    }

    #[test]
    fn who_borders_is_bordered_by_another_and_never_by_itself() {
        for county in CountyCode::ALL {
            let neighbours: Vec<CountyCode> = county.neighbours().collect();
            assert!(!neighbours.is_empty(), "{county:?} has a neighbour");
            assert!(neighbours.is_sorted_by(|left, right| left < right), "{county:?} names each once and in order");
            for neighbour in neighbours {
                assert_ne!(county, neighbour);
                assert!(CountyCode::ALL.contains(&neighbour), "{county:?} borders a county");
                assert!(neighbour.borders(county), "{county:?} borders {neighbour:?}, but not the other way round");
            }
        }
    }

    #[test]
    fn the_country_is_one_piece() {
        let mut reached = BTreeSet::new();
        let mut next = vec![named("Nairobi")];
        while let Some(county) = next.pop() {
            if reached.insert(county) {
                next.extend(county.neighbours());
            }
        }
        assert_eq!(reached.len(), CountyCode::ALL.len());
    }

    /// A map of regions without enclaves is planar, and a planar map has at most this many borders.
    #[test]
    fn there_are_no_more_borders_than_a_map_can_have() {
        let borders = CountyCode::ALL.into_iter().map(|county| county.neighbours().count()).sum::<usize>() / 2;
        assert!((CountyCode::ALL.len()..=3 * CountyCode::ALL.len() - 6).contains(&borders), "{borders}");
    }

    #[test]
    fn what_everybody_knows_of_the_map_is_so() {
        let of = |name: &str| named(name).neighbours().map(CountyCode::name).collect::<Vec<_>>();
        assert_eq!(of("Nairobi"), ["Machakos", "Kiambu", "Kajiado"]);
        assert_eq!(of("Mombasa"), ["Kwale", "Kilifi"]);
        assert_eq!(of("Kisumu"), ["Nandi", "Kericho", "Vihiga", "Siaya", "Homa Bay"]);
        assert_eq!(of("Lamu"), ["Tana River", "Garissa"]);
        assert_eq!(of("Mandera"), ["Wajir"]);
        for (one, other) in [
            ("Nairobi", "Murang'a"),
            ("Mombasa", "Tana River"),
            ("Turkana", "Trans Nzoia"),
            ("Kisii", "Bomet"),
            ("Nakuru", "Nairobi"),
        ] {
            assert!(!named(one).borders(named(other)), "{one} and {other}");
        }
    }
}
