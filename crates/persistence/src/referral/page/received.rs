//! The list of what the tenant received, in the order of who can still be reached in time.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::Permission;
use pamoja_domain::page::{MAXIMUM_PAGE, Page, PageEnd, PageOf};
use pamoja_domain::referral::{ReceivedPart, ReceivedPlace, ReferralDirection, listed_at_of, listed_before_all_waiting};
use uuid::Uuid;

use super::filter::{ReferralFilter, Sought, push_conditions};
use crate::error::StoreError;
use crate::paging::{every_page, or_any};
use crate::referral::outline::{Extent, Outline, outlines};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A page of the referrals that the tenant received, in the order that they have at that moment. Whoever asks for further pages
/// names the same moment again: the time that passes between two pages then changes no place. A peer educator gets none.
pub async fn received(
    tx: &TenantTx,
    at: DateTime<Utc>,
    filter: &ReferralFilter,
    page: &Page<ReceivedPlace>,
    extent: Extent,
) -> Result<PageOf<Outline>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    let Some(sought) = Sought::new(ReferralDirection::Incoming, reach, filter, at) else {
        return Ok(PageOf::from_read(page, Vec::new()));
    };
    let extent = sought.extent(extent);
    let rows = statement(sought, page, extent).rows(tx).await?;
    let mut read = outlines(rows, extent)?;
    // Each part comes in its order. Which part comes first is said here, because a UNION ALL has no order.
    read.sort_by_key(|outline| outline.received_place(at));
    if page.end == PageEnd::Last {
        read.reverse();
    }
    Ok(PageOf::from_read(page, read))
}

/// The statement. It finds the rows first, by one index and in the order of the parts: what a part leaves of the page, the next one
/// fills. Then it reads what there is of those rows, and of no others.
fn statement(sought: Sought<'_>, page: &Page<ReceivedPlace>, extent: Extent) -> Statement {
    let mut query = Statement::built("WITH ".to_owned());
    let rows = query.add::<BigInt, _>(i64::try_from(page.size + 1).unwrap_or(i64::MAX));
    let filtered_by = if sought.is_all() { "" } else { FILTERED_BY };
    let conditions = query.set_aside(|query| push_conditions(query, "progress", sought));
    let mut parts = ReceivedPart::ALL;
    if page.end == PageEnd::Last {
        parts.reverse();
    }
    let mut left = rows;
    for (number, part) in parts.into_iter().enumerate() {
        query.push_sql(&format!(
            "part_{number} AS MATERIALIZED (SELECT * FROM (
                SELECT progress.from_organisation_id, progress.referral_id FROM referral_progress AS progress {filtered_by}
                WHERE true{conditions}"
        ));
        push_span(&mut query, span(part, sought.at, page));
        let direction = if part.is_descending() == (page.end == PageEnd::First) { "DESC" } else { "ASC" };
        // The planner hears that few rows are needed. A parameter alone would not tell it.
        query.push_sql(&format!(
            " ORDER BY progress.listed_at {direction}, progress.referral_id {direction} LIMIT {}) AS part LIMIT {left}), ",
            MAXIMUM_PAGE + 1
        ));
        left.push_str(&format!(" - (SELECT count(*) FROM part_{number})"));
    }
    let all: Vec<String> = (0..ReceivedPart::ALL.len()).map(|number| format!("SELECT * FROM part_{number}")).collect();
    query.push_sql(&format!("found AS (SELECT * FROM ({}) AS part) ", all.join(" UNION ALL ")));
    let all_of_parties = extent.as_party();
    debug_assert!(all_of_parties.contains(FROM_ALL), "it would read all that the organisation sent and received");
    query.push_sql(&all_of_parties.replacen(FROM_ALL, FROM_FOUND, 1));
    query
}

/// Where the statement of a referral's parties begins to read, and where it does here. Not around it: PostgreSQL looks for the best order of
/// eight tables at most, and would join the others for all that the organisation ever received.
const FROM_ALL: &str = "FROM referral\n";
const FROM_FOUND: &str = "FROM found\nJOIN referral ON referral.from_organisation_id = found.from_organisation_id AND referral.id = found.referral_id\n";

/// The tables by which the rows are filtered.
const FILTERED_BY: &str = "
    LEFT JOIN LATERAL (
        SELECT asked.service_type, asked.county_code, asked.urgency, asked.created_at, asked.reference FROM referral AS asked
        WHERE asked.from_organisation_id = progress.from_organisation_id AND asked.id = progress.referral_id
    ) AS referral ON true
    LEFT JOIN LATERAL (
        SELECT asked.user_id, asked.assigned_at FROM referral_handler AS asked
        WHERE asked.organisation_id = (SELECT tenant())
            AND asked.from_organisation_id = progress.from_organisation_id AND asked.referral_id = progress.referral_id
    ) AS handler ON true";

/// Only what lies between two keys, or nothing. PostgreSQL looks once at whether it is nothing, and then reads no row.
fn push_span(query: &mut Statement, span: Option<Span>) {
    let is_any = query.add::<Bool, _>(span.is_some());
    query.push_sql(&format!(" AND {is_any}::boolean"));
    let [above, below] = span.unwrap_or_default();
    for (key, comparison, [any_moment, any_id]) in [
        (above, ">", ["'-infinity'", "'00000000-0000-0000-0000-000000000000'"]),
        (below, "<", ["'infinity'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"]),
    ] {
        let (moment, id) = key.unzip();
        let (moment, id) = (query.add::<Nullable<Timestamptz>, _>(moment), query.add::<Nullable<SqlUuid>, _>(id));
        let (moment, id) = (or_any(&format!("{moment}::timestamptz"), any_moment), or_any(&format!("{id}::uuid"), any_id));
        query.push_sql(&format!(" AND (progress.listed_at, progress.referral_id) {comparison} ({moment}, {id})"));
    }
}

/// The keys above and below which rows lie, where there are such: the moment that is stored for the list, and the id.
type Span = [Option<(DateTime<Utc>, Uuid)>; 2];

/// Where the rows of a page are that belong to a part of the list at a moment. `None` when the cursors leave nothing of the part. It
/// must match [`ReceivedPart::of`]; a test compares the two.
fn span(part: ReceivedPart, at: DateTime<Utc>, page: &Page<ReceivedPlace>) -> Option<Span> {
    if page.after.is_some_and(|after| part < after.part) || page.before.is_some_and(|before| part > before.part) {
        return None;
    }
    // With the last of all ids: whatever has this moment isn't above the key.
    let after_moment = |moment| (moment, Uuid::max());
    let (waiting, now) = (after_moment(listed_before_all_waiting()), after_moment(listed_at_of(at)));
    let [above, below] = match part {
        ReceivedPart::InTime => [Some(waiting), Some(now)],
        ReceivedPart::Overdue => [Some(waiting.max(now)), None],
        ReceivedPart::Other => [None, Some(waiting)],
    };
    let [after, before] = [page.after, page.before]
        .map(|cursor| cursor.filter(|cursor| cursor.part == part).map(|cursor| (cursor.listed_at, cursor.id)));
    let [other_above, other_below] = if part.is_descending() { [before, after] } else { [after, before] };
    Some([above.into_iter().chain(other_above).max(), below.into_iter().chain(other_below).min()])
}

/// Every text that it can have.
pub(super) fn statements() -> Vec<Statement> {
    let filter = ReferralFilter::default();
    let received = Sought::every(&filter).into_iter().filter(|sought| sought.direction == ReferralDirection::Incoming);
    let texts = received.flat_map(|sought| sought.extents().iter().map(move |extent| (sought, *extent)));
    texts.flat_map(|(sought, extent)| every_page().map(|page| statement(sought, &page, extent))).collect()
}
