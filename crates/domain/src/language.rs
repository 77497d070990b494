//! The languages that people speak, by their codes.

use crate::message::Filling;
use crate::refusal::Refusal;

/// The codes of ISO 639-1; for languages of Kenya that have none there, the codes of ISO 639-3.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es \
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko \
    kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps \
    pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi \
    vo wa wo xh yi yo za zh zu \
    luo luy kam guz mer kln mas tuv saq bxk ebu ksb pko teo rel dav nyf dig orc xsl";

/// The languages that many people in Kenya and from its neighbours speak, for a form to choose from: the two in which the program
/// speaks, then the others in the order of their codes.
pub const SPOKEN: &[&str] = &[
    "en", "sw", "am", "ar", "bxk", "dav", "dig", "ebu", "fr", "gu", "guz", "hi", "kam", "ki", "kln", "ksb", "lg", "ln", "luo",
    "luy", "mas", "mer", "nyf", "om", "orc", "pko", "rel", "rn", "rw", "saq", "so", "teo", "ti", "tuv", "xki",
];

/// A language by its code, such as en, sw or luo. Kenyan Sign Language is xki.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LanguageCode(String);

impl LanguageCode {
    /// Reads a field's language code.
    ///
    /// # Errors
    /// INVALID when the code isn't known.
    pub fn parse(field: &str, code: &str) -> Result<Self, Refusal> {
        let known = code == "xki" || CODES.split_ascii_whitespace().any(|known| known == code);
        if known { Ok(Self(code.to_owned())) } else { Err(Refusal::invalid(field, "language-unknown")) }
    }

    /// Reads several codes, without repeats, in the given order.
    ///
    /// # Errors
    /// INVALID when one of the codes isn't known.
    pub fn parse_all(field: &str, codes: &[String]) -> Result<Vec<Self>, Refusal> {
        let mut read: Vec<Self> = Vec::new();
        for code in codes {
            let language = Self::parse(field, code)?;
            if !read.contains(&language) {
                read.push(language);
            }
        }
        Ok(read)
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Vec<LanguageCode>> for Filling {
    fn from(languages: Vec<LanguageCode>) -> Self {
        Self::Languages(languages.into_iter().map(|language| language.0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_offers_is_taken_and_is_there_once() {
        let codes: Vec<String> = SPOKEN.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(LanguageCode::parse_all("languages", &codes).map(|read| read.len()), Ok(SPOKEN.len()));
    }

    #[test]
    fn codes_of_the_region_are_known_and_names_are_not() {
        for code in ["en", "sw", "luo", "so", "xki"] {
            assert_eq!(LanguageCode::parse("languages", code).map(|language| language.as_str().to_owned()), Ok(code.to_owned()));
        }
        for code in ["", "EN", "english", "xx", "e", "en sw", "en-KE"] {
            assert!(LanguageCode::parse("languages", code).is_err(), "{code}");
        }
    }
}
