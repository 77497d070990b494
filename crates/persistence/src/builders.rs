//! Every statement that this crate builds at run time, so that a test can have PostgreSQL prepare each variant.

use crate::statement::Statement;
use crate::{facility, organisation, publication, referral, retention, service, statistic, task, training};

/// The files of this crate that build statements. Each comes with all its variants, or with a set in which every part of every
/// variant occurs. A test has PostgreSQL prepare them.
pub fn statements() -> Vec<(&'static str, Vec<String>)> {
    let texts = |statements: Vec<Statement>| statements.into_iter().map(Statement::into_text).collect();
    [
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
    ]
    .map(|(file, statements)| (file, texts(statements)))
    .into()
}
