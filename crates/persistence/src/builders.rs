//! Every statement that this crate builds at run time, so that a test can have PostgreSQL prepare each variant.

use crate::statement::Statement;
use crate::{facility, organisation, publication, referral, retention, service, statistic, task, training, violation};

/// The files that build for the jobs or the publication alone, and for no member.
const NOT_FOR_MEMBERS: [&str; 2] = ["publication/facts.rs", "retention.rs"];

/// The files of this crate that build statements. Each comes with all its variants, or with a set in which every part of every
/// variant occurs. A test has PostgreSQL prepare them.
pub fn statements() -> Vec<(&'static str, Vec<String>)> {
    let texts = |statements: Vec<Statement>| statements.into_iter().map(Statement::into_text).collect();
    files().into_iter().map(|(file, statements)| (file, texts(statements))).collect()
}

/// Every statement that is built for a member's request, with the types of its parameters by their object identifiers.
///
/// # Panics
/// When a parameter can't be written: only tests call this.
pub fn listed() -> Vec<(String, Vec<u32>)> {
    let members = files().into_iter().filter(|(file, _)| !NOT_FOR_MEMBERS.contains(file));
    let listed = |statement: Statement| {
        let types = statement.types().expect("each parameter can be written");
        (statement.into_text(), types)
    };
    members.flat_map(|(_, statements)| statements).map(listed).collect()
}

fn files() -> Vec<(&'static str, Vec<Statement>)> {
    vec![
        ("facility.rs", facility::statements()),
        ("facility/search.rs", facility::search::statements()),
        ("organisation.rs", organisation::statements()),
        ("publication/facts.rs", publication::statements()),
        ("referral/page.rs", referral::page_statements()),
        ("referral/read.rs", referral::statements()),
        ("retention.rs", retention::statements()),
        ("service.rs", service::statements()),
        ("service/search.rs", service::search::statements()),
        ("statistic.rs", statistic::statements()),
        ("task.rs", task::statements()),
        ("training/figure.rs", training::figure_statements()),
        ("training/offer.rs", training::offer_statements()),
        ("training/request.rs", training::request_statements()),
        ("violation/page.rs", violation::page_statements()),
        ("violation/read.rs", violation::read_statements()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_a_listed_statement_is_bound() {
        for (text, types) in listed() {
            let numbers = text.split('$').skip(1).filter_map(|rest| {
                rest.split(|character: char| !character.is_ascii_digit()).next().and_then(|number| number.parse::<usize>().ok())
            });
            assert_eq!(numbers.max().unwrap_or(0), types.len(), "{text}");
        }
    }
}
