//! The list of what the tenant received, in the order of who can still be reached in time.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::page::{Page, PageEnd, PageOf};
use pamoja_domain::referral::{ReceivedPart, ReceivedPlace, ReferralDirection, listed_at_of, listed_before_all_waiting};

use super::filter::{ReferralFilter, Sought, filters, push_conditions};
use crate::error::StoreError;
use crate::paging::{SortColumn, push_page};
use crate::referral::Referral;
use crate::referral::read::ReferralRow;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A page of the referrals that the tenant received, in the order that they have at that moment. Whoever asks for further pages
/// names the same moment again: the time that passes between two pages then changes no place. A peer educator gets none.
pub async fn received(
    tx: &TenantTx,
    at: DateTime<Utc>,
    filter: &ReferralFilter,
    page: &Page<ReceivedPlace>,
) -> Result<PageOf<Referral>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    let Some(statement) = statement(at, reach, filter, page) else {
        return Ok(PageOf::from_read(page, Vec::new()));
    };
    let rows: Vec<ReferralRow> = statement.rows(tx).await?;
    let mut read = rows.into_iter().map(Referral::try_from).collect::<Result<Vec<_>, _>>()?;
    // Each part comes in its order. Which part comes first is said here, because a UNION ALL has no order.
    read.sort_by_key(|referral| referral.received_place(at));
    if page.end == PageEnd::Last {
        read.reverse();
    }
    Ok(PageOf::from_read(page, read))
}

/// The statement: for each part of the list in which rows of the page can be, as many rows as a page has. One index serves all of
/// them, so that at most those are sorted who still wait. `None` when the cursors leave no part.
fn statement(at: DateTime<Utc>, reach: Reach, filter: &ReferralFilter, page: &Page<ReceivedPlace>) -> Option<Statement> {
    let mut query: Option<Statement> = None;
    for part in ReceivedPart::ALL {
        if page.after.is_some_and(|after| part < after.part) || page.before.is_some_and(|before| part > before.part) {
            continue;
        }
        let query = match &mut query {
            None => query.insert(Statement::built("(".to_owned())),
            Some(query) => {
                query.push_sql(" UNION ALL (");
                query
            }
        };
        query.push_sql(include_str!("../as_party.sql"));
        let sought = Sought { direction: ReferralDirection::Incoming, reach, filter, at };
        push_conditions(query, "progress", sought);
        push_part(query, part, at);
        let descending = part.is_descending();
        let key = ["progress.listed_at", "progress.referral_id"].map(|expression| SortColumn { expression, descending });
        let in_part = |cursor: Option<ReceivedPlace>| cursor.filter(|cursor| cursor.part == part);
        let page = Page { size: page.size, end: page.end, after: in_part(page.after), before: in_part(page.before) };
        push_page(query, &key, &page, |query, place| {
            vec![query.add::<Timestamptz, _>(place.listed_at), query.add::<SqlUuid, _>(place.id)]
        });
        query.push_sql(")");
    }
    query
}

/// The condition for a part of the list at a moment. It must match [`ReceivedPart::of`]; a test compares the two.
fn push_part(query: &mut Statement, part: ReceivedPart, at: DateTime<Utc>) {
    let before_all_waiting = query.add::<Timestamptz, _>(listed_before_all_waiting());
    if part == ReceivedPart::Other {
        return query.push_sql(&format!(" AND progress.listed_at <= {before_all_waiting}"));
    }
    let now = query.add::<Timestamptz, _>(listed_at_of(at));
    query.push_sql(&match part {
        ReceivedPart::InTime => format!(" AND progress.listed_at > {before_all_waiting} AND progress.listed_at <= {now}"),
        ReceivedPart::Overdue | ReceivedPart::Other => {
            format!(" AND progress.listed_at > {before_all_waiting} AND progress.listed_at > {now}")
        }
    });
}

/// A set of variants in which each part of the statement occurs.
pub(super) fn statements() -> Vec<Statement> {
    let at = DateTime::UNIX_EPOCH;
    let places = ReceivedPart::ALL.map(|part| ReceivedPlace { part, listed_at: at, id: uuid::Uuid::nil() });
    let mut statements = Vec::new();
    for end in [PageEnd::First, PageEnd::Last] {
        for reach in [Reach::Organisation, Reach::OwnOnly] {
            let mut add = |filter: &ReferralFilter, after, before| {
                statements.extend(statement(at, reach, filter, &Page { size: 1, end, after, before }));
            };
            for filter in &filters() {
                add(filter, None, None);
            }
            for place in places {
                add(&ReferralFilter::default(), Some(place), None);
                add(&ReferralFilter::default(), None, Some(place));
                add(&ReferralFilter::default(), Some(place), Some(place));
            }
        }
    }
    statements
}
