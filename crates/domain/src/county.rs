//! Kenya's 47 counties. Nothing about a client, an incident or a training has a finer location than a county.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::message::Filling;

mod neighbours;

/// Each county's code and name, in the order of the codes. The codes are consecutive.
const COUNTIES: [(&str, &str); 47] = [
    ("001", "Mombasa"),
    ("002", "Kwale"),
    ("003", "Kilifi"),
    ("004", "Tana River"),
    ("005", "Lamu"),
    ("006", "Taita-Taveta"),
    ("007", "Garissa"),
    ("008", "Wajir"),
    ("009", "Mandera"),
    ("010", "Marsabit"),
    ("011", "Isiolo"),
    ("012", "Meru"),
    ("013", "Tharaka-Nithi"),
    ("014", "Embu"),
    ("015", "Kitui"),
    ("016", "Machakos"),
    ("017", "Makueni"),
    ("018", "Nyandarua"),
    ("019", "Nyeri"),
    ("020", "Kirinyaga"),
    ("021", "Murang'a"),
    ("022", "Kiambu"),
    ("023", "Turkana"),
    ("024", "West Pokot"),
    ("025", "Samburu"),
    ("026", "Trans Nzoia"),
    ("027", "Uasin Gishu"),
    ("028", "Elgeyo-Marakwet"),
    ("029", "Nandi"),
    ("030", "Baringo"),
    ("031", "Laikipia"),
    ("032", "Nakuru"),
    ("033", "Narok"),
    ("034", "Kajiado"),
    ("035", "Kericho"),
    ("036", "Bomet"),
    ("037", "Kakamega"),
    ("038", "Vihiga"),
    ("039", "Bungoma"),
    ("040", "Busia"),
    ("041", "Siaya"),
    ("042", "Kisumu"),
    ("043", "Homa Bay"),
    ("044", "Migori"),
    ("045", "Kisii"),
    ("046", "Nyamira"),
    ("047", "Nairobi"),
];

/// Names in the registers that differ from ours by more than case, spaces and punctuation. They are folded.
const ALIASES: [(&str, &str); 1] = [("nairobicity", "Nairobi")];

/// A county by its official code, "001" Mombasa to "047" Nairobi. Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountyCode(u8);

/// The text is not a county code. The message says how a code looks and does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a county code is three digits from 001 (Mombasa) to 047 (Nairobi)")]
pub struct InvalidCountyCode;

impl From<CountyCode> for Filling {
    fn from(county: CountyCode) -> Self {
        Self::County(county.name())
    }
}

impl CountyCode {
    /// Every county, in the order of the codes.
    pub const ALL: [Self; COUNTIES.len()] = {
        let mut all = [Self(0); COUNTIES.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = Self(index as u8);
            index += 1;
        }
        all
    };

    /// Reads a code written exactly as three digits.
    ///
    /// # Errors
    /// [`InvalidCountyCode`] for any text but "001" to "047".
    pub fn parse(code: &str) -> Result<Self, InvalidCountyCode> {
        Self::ALL.into_iter().find(|county| county.as_str() == code).ok_or(InvalidCountyCode)
    }

    /// The county with this name, as people and registers write it. Case, spaces, hyphens, apostrophes and a trailing "County"
    /// make no difference. `None` if no county has this name.
    pub fn from_name(name: &str) -> Option<Self> {
        // No name is nearly as long as this: the rest of a very long text is not folded.
        let folded: String = folded(name).take(64).collect();
        let folded = folded.strip_suffix("county").unwrap_or(&folded);
        let wanted = ALIASES.iter().find(|(alias, _)| *alias == folded).map_or(folded, |(_, name)| name);
        Self::ALL.into_iter().find(|county| same_words(county.name(), wanted))
    }

    /// The code, such as "001".
    pub fn as_str(self) -> &'static str {
        COUNTIES[usize::from(self.0)].0
    }

    /// The county's name, without the word "County".
    pub fn name(self) -> &'static str {
        COUNTIES[usize::from(self.0)].1
    }
}

/// A name without case, spaces and punctuation.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two names differ only in case, spaces and punctuation.
pub(crate) fn same_words(left: &str, right: &str) -> bool {
    folded(left).eq(folded(right))
}

impl FromStr for CountyCode {
    type Err = InvalidCountyCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::parse(code)
    }
}

impl fmt::Display for CountyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for CountyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CountyCode({} {})", self.as_str(), self.name())
    }
}

impl Serialize for CountyCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CountyCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&code).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_consecutive_and_read_back() {
        assert_eq!(CountyCode::ALL.len(), 47);
        for (index, county) in CountyCode::ALL.into_iter().enumerate() {
            assert_eq!(county.as_str(), format!("{:03}", index + 1));
            assert_eq!(CountyCode::parse(county.as_str()), Ok(county));
            assert_eq!(CountyCode::from_name(county.name()), Some(county));
            let json = serde_json::to_string(&county).expect("a text");
            assert_eq!(json, format!("\"{county}\""));
            assert_eq!(serde_json::from_str::<CountyCode>(&json).expect("a code"), county);
        }
        assert!(CountyCode::ALL.is_sorted());
    }

    #[test]
    fn anything_else_is_no_code() {
        for wrong in ["", "1", "01", "0001", "000", "048", "47", " 047", "047 ", "04a", "٠٤٧", "Nairobi", "+47"] {
            let error = wrong.parse::<CountyCode>().expect_err(wrong);
            assert_eq!(error.to_string(), "a county code is three digits from 001 (Mombasa) to 047 (Nairobi)");
        }
        let error = serde_json::from_str::<CountyCode>("\"999\"").expect_err("no such county");
        assert!(error.to_string().starts_with("a county code is three digits"), "{error}");
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        for (name, code) in [
            ("MOMBASA", "001"),
            ("  tana   river county ", "004"),
            ("Taita Taveta", "006"),
            ("Tharaka Nithi", "013"),
            ("Muranga", "021"),
            ("MURANG\u{2019}A COUNTY", "021"),
            ("Trans-Nzoia", "026"),
            ("elgeyo marakwet", "028"),
            ("Homabay", "043"),
            ("Nairobi City", "047"),
            ("Nairobi City County", "047"),
            ("Nairobi County", "047"),
        ] {
            assert_eq!(CountyCode::from_name(name).map(CountyCode::as_str), Some(code), "{name}");
        }
        for name in ["", "County", "City", "Kampala", "Nairobi West", "047"] {
            assert_eq!(CountyCode::from_name(name), None, "{name}");
        }
    }
}
