//! Translates between the codes in a column and the members of a vocabulary. The column's type is the vocabulary's DOMAIN. Diesel
//! reads and binds it as text, and a list of codes as an array of text. Where tokio-postgres is used directly, a parameter for
//! that column needs `::text`. An array that a statement builds from the column needs `::text[]`.

use pamoja_domain::county::CountyCode;
use pamoja_domain::language::LanguageCode;
use pamoja_domain::month::Month;
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;

/// Reads one code.
pub(crate) fn read<T: Vocabulary>(code: &str) -> Result<T, StoreError> {
    T::from_code(code).ok_or_else(|| StoreError::unknown_code(T::NAME))
}

/// Reads a list of codes.
pub(crate) fn read_all<T: Vocabulary>(codes: &[String]) -> Result<Vec<T>, StoreError> {
    codes.iter().map(|code| read(code)).collect()
}

/// Writes a list of codes.
pub(crate) fn write_all<T: Vocabulary>(members: &[T]) -> Vec<String> {
    members.iter().map(|member| member.code().to_owned()).collect()
}

/// Reads a county.
pub(crate) fn county(code: &str) -> Result<CountyCode, StoreError> {
    code.parse().map_err(|_| StoreError::unknown_code("County"))
}

/// Reads a list of languages. What is no language is left out: others read these rows, and one of them must not fail the page.
pub(crate) fn languages(codes: &[String]) -> Vec<LanguageCode> {
    codes.iter().filter_map(|code| LanguageCode::parse("languages", code).ok()).collect()
}

/// Reads a list of months.
pub(crate) fn months(texts: &[String]) -> Result<Vec<Month>, StoreError> {
    let months = texts.iter().map(|text| Month::parse("months", text));
    months.collect::<Result<_, _>>().map_err(|_| StoreError::unknown_code("month"))
}
