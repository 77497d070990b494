//! Lists of violations.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::month::Month;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::violation::{Perpetrator, ViolationOrder, ViolationOutcome, ViolationStatus, ViolationType};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::read::{ViolationRow, selected};
use super::{Looked, Violation};
use crate::codes;
use crate::error::StoreError;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::referral::CATCH_UP_OVERLAP;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Which violations to list. An empty list means all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViolationFilter {
    /// In one of these states.
    pub statuses: Vec<ViolationStatus>,
    /// Of one of these types, beside others.
    pub types: Vec<ViolationType>,
    /// By one of these, beside others.
    pub perpetrators: Vec<Perpetrator>,
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// With one of these outcomes.
    pub outcomes: Vec<ViolationOutcome>,
    /// Done in this month or later.
    pub occurred_from: Option<Month>,
    /// Done in this month or earlier.
    pub occurred_through: Option<Month>,
    /// Under this pseudonym of the tenant.
    pub client: Option<Pseudonym>,
    /// Something was recorded of it at this moment or later; of one that has ended, in its month or later. Some that changed shortly before
    /// are listed as well.
    pub updated_since: Option<DateTime<Utc>>,
    /// Whether the acting user documented it.
    pub mine: Option<bool>,
}

/// The cursor of a list: the moment by which it is sorted, which is the beginning of the month for the documentation, and the id.
pub type ViolationCursor = (DateTime<Utc>, Uuid);

/// The cursor of a violation in a list that is sorted so.
pub fn cursor(order: ViolationOrder, violation: &Violation) -> ViolationCursor {
    let at = match order {
        ViolationOrder::DocumentedNewestFirst => start_of_day(violation.documented_in.first_day()),
        ViolationOrder::RecentlyUpdatedFirst => violation.updated_at,
    };
    (at, violation.id.0)
}

/// A page of the violations that the actor may read.
pub async fn page(
    tx: &TenantTx,
    _: Looked,
    filter: &ViolationFilter,
    order: ViolationOrder,
    page: &Page<ViolationCursor>,
) -> Result<PageOf<Violation>, StoreError> {
    let rows: Vec<ViolationRow> = page_statement(filter, order, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Violation::try_from).collect::<Result<_, _>>()?))
}

fn page_statement(filter: &ViolationFilter, order: ViolationOrder, page: &Page<ViolationCursor>) -> Statement {
    let mut query = selected();
    let given = |codes: Vec<String>| (!codes.is_empty()).then_some(codes);
    let statuses = given(codes::write_all(&filter.statuses));
    query.push_if_given::<Array<Text>, _>("text[]", statuses, |statuses| format!("violation.status = ANY ({statuses})"));
    let types = given(codes::write_all(&filter.types));
    query.push_if_given::<Array<Text>, _>("text[]", types, |types| format!("violation.types && {types}"));
    let perpetrators = given(codes::write_all(&filter.perpetrators));
    query.push_if_given::<Array<Text>, _>("text[]", perpetrators, |by| format!("violation.perpetrators && {by}"));
    let counties = given(filter.counties.iter().map(|county| county.as_str().to_owned()).collect());
    query.push_if_given::<Array<Text>, _>("text[]", counties, |counties| format!("violation.county_code = ANY ({counties})"));
    let outcomes = given(codes::write_all(&filter.outcomes));
    query.push_if_given::<Array<Text>, _>("text[]", outcomes, |outcomes| {
        format!("coalesce(violation.outcome::text, 'ONGOING') = ANY ({outcomes})")
    });
    let from = filter.occurred_from.map(Month::first_day);
    query.push_if_given::<Date, NaiveDate>("date", from, |from| format!("violation.occurred_in >= {from}"));
    let through = filter.occurred_through.map(Month::first_day);
    query.push_if_given::<Date, NaiveDate>("date", through, |through| format!("violation.occurred_in <= {through}"));
    let client = filter.client.as_ref().map(|client| client.as_str().to_owned());
    query.push_if_given::<Text, _>("text", client, |client| format!("client.client = {client}"));
    let since = filter.updated_since.map(|since| since.checked_sub_signed(CATCH_UP_OVERLAP).unwrap_or(since));
    query.push_if_given::<Timestamptz, _>("timestamptz", since, |since| {
        // What has ended says its month alone.
        let month = format!("(date_trunc('month', {since} AT TIME ZONE interval '3 hours') AT TIME ZONE interval '3 hours')");
        format!("violation.updated_at >= CASE violation.status WHEN 'OPEN' THEN {since} ELSE {month} END")
    });
    query.push_if_given::<Bool, _>("boolean", filter.mine, |mine| {
        format!(
            "{mine} = EXISTS (SELECT FROM violation_author AS author WHERE author.organisation_id = violation.organisation_id
                AND author.violation_id = violation.id AND author.user_id = (SELECT acting_user()))"
        )
    });
    let column = |expression, kind| SortColumn { expression, descending: true, kind };
    let id = column("violation.id", SortKind::Id);
    match order {
        ViolationOrder::DocumentedNewestFirst => {
            let key = [column("violation.documented_in", SortKind::Day), id];
            push_page(&mut query, &key, page, |query, cursor| {
                vec![
                    query.add::<Nullable<Date>, _>(cursor.map(|(at, _)| day_of(*at))),
                    query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, id)| *id)),
                ]
            });
        }
        ViolationOrder::RecentlyUpdatedFirst => {
            let key = [column("violation.updated_at", SortKind::Moment), id];
            push_page(&mut query, &key, page, |query, cursor| {
                vec![
                    query.add::<Nullable<Timestamptz>, _>(cursor.map(|(at, _)| *at)),
                    query.add::<Nullable<SqlUuid>, _>(cursor.map(|(_, id)| *id)),
                ]
            });
        }
    }
    query
}

/// A page from either end in each order. A filter doesn't change the text.
pub(crate) fn statements() -> Vec<Statement> {
    let of = |order: &ViolationOrder| every_page().map(|page| page_statement(&ViolationFilter::default(), *order, &page));
    ViolationOrder::ALL.iter().flat_map(of).collect()
}
