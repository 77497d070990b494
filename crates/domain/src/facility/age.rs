//! Whether a file is older than what was taken in before.
//!
//! The register doesn't say when it answered. It says of every facility when that was entered, and facilities are entered all the
//! time. So the newest entry of a county tells how old a file is there: an older file lacks the newest entries.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::county::CountyCode;

/// The day of the newest entry of each county.
pub type NewestEntries = BTreeMap<CountyCode, NaiveDate>;

/// A county for which a file is older than what was taken in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Older {
    /// The county.
    pub county: CountyCode,
    /// The newest entry in the file.
    pub newest: NaiveDate,
    /// The newest entry in what was taken in before.
    pub known: NaiveDate,
}

/// The counties for which the file is older than what was taken in before. A county without a date on either side can't be
/// compared.
pub fn older(file: &NewestEntries, known: &NewestEntries) -> Vec<Older> {
    let both = file.iter().filter_map(|(county, newest)| known.get(county).map(|known| (*county, *newest, *known)));
    both.filter(|(_, newest, known)| newest < known).map(|(county, newest, known)| Older { county, newest, known }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_older_where_its_newest_entry_is_and_only_there() {
        let county = |code: &str| code.parse::<CountyCode>().expect("a county");
        let day = |day: u32| NaiveDate::from_ymd_opt(2020, 5, day).expect("a day");
        let known: NewestEntries = [(county("001"), day(10)), (county("042"), day(10)), (county("047"), day(10))].into();
        let file: NewestEntries =
            [(county("001"), day(9)), (county("042"), day(10)), (county("047"), day(11)), (county("046"), day(1))].into();
        assert_eq!(older(&file, &known), [Older { county: county("001"), newest: day(9), known: day(10) }]);
        assert_eq!(older(&NewestEntries::new(), &known), []);
        assert_eq!(older(&file, &NewestEntries::new()), []);
    }
}
