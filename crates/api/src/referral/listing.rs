//! Reads a page of a list of referrals, and gives each of them its cursor.

use async_graphql::SelectionField;
use async_graphql::connection::Connection;
use chrono::{DateTime, Utc};
use pamoja_domain::access::Permission;
use pamoja_domain::page::{Page, PageError};
use pamoja_domain::referral::{ReceivedPart, ReceivedPlace, ReferralDirection, ReferralOrder, open_listed_at};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::referral::{self, Extent, Outline};
use uuid::Uuid;

use super::Referral;
use super::extent::extent;
use super::totals::ReferralTotals;
use crate::graphql::connection::{PageArguments, connection_with, is_storable, page, page_by_moment};
use crate::graphql::error::Fault;
use crate::graphql::in_place::InPlace;
use crate::graphql::scope::Scope;
use crate::graphql::selected::Selected;

/// A page of a list of referrals, with its totals.
pub(crate) type ReferralConnection = Connection<String, InPlace<Referral>, ReferralTotals>;

/// How far a list must be read for what is selected of it. Where this is too little, the fields read the rest by themselves.
pub(super) fn extent_for(list: SelectionField<'_>) -> Extent {
    let items = list.selection_set().flat_map(|field| match field.name() {
        "nodes" => vec![field],
        "edges" => field.selection_set().filter(|field| field.name() == "node").collect(),
        _ => Vec::new(),
    });
    extent(&Selected::of_all(items))
}

/// A page of a list of referrals, read to that extent or further.
///
/// # Errors
/// [`Fault::BadRequest`] when the page can't be read; [`Fault::Forbidden`] when the viewer's roles read no referrals.
pub(crate) async fn list(
    scope: &Scope,
    direction: ReferralDirection,
    filter: referral::ReferralFilter,
    order: Option<ReferralOrder>,
    arguments: PageArguments,
    extent: Extent,
) -> Result<ReferralConnection, Fault> {
    let order = match order {
        None if direction == ReferralDirection::Incoming => return received(scope, &filter, arguments, extent).await,
        order => order,
    };
    let list = format!("referrals {} {}", direction.code(), order.map_or("", Vocabulary::code));
    let page = page_by_moment(&list, arguments)?;
    let reading = scope.read(Permission::ReadReferrals).await?;
    let found = referral::page(&reading.tx, direction, &filter, order, &page, extent).await?;
    let actor = reading.tx.actor()?;
    let key = |found: &Outline| {
        let at = match order {
            None if direction == ReferralDirection::Open => open_listed_at(found.created_at(), found.urgency()),
            None | Some(ReferralOrder::NewestFirst | ReferralOrder::OldestFirst) => found.created_at(),
            Some(ReferralOrder::RecentlyUpdatedFirst) => found.recorded_change(),
            Some(ReferralOrder::ExpiringFirst) => found.expires_at(),
        };
        (at, found.id().0)
    };
    let totals = ReferralTotals::of(direction, filter.clone());
    connection_with(&list, found, key, |found| InPlace(Referral::seen_by(found, actor, reading.tx.at())), totals)
}

/// A cursor of what was received: the moment of the first page, and the part, key and id of the place.
type ReceivedCursor = (DateTime<Utc>, usize, DateTime<Utc>, Uuid);

/// A page of what was received, in the order of who can still be reached in time. The cursor holds the moment of the first page,
/// so that the list doesn't change while somebody reads it.
async fn received(
    scope: &Scope,
    filter: &referral::ReferralFilter,
    arguments: PageArguments,
    extent: Extent,
) -> Result<ReferralConnection, Fault> {
    const LIST: &str = "referrals INCOMING by the time left";
    let page: Page<ReceivedCursor> = page(LIST, arguments)?;
    let cursors = [page.after, page.before];
    let mut moments = cursors.iter().flatten().map(|cursor| cursor.0);
    let first = moments.next();
    if moments.any(|moment| Some(moment) != first) {
        return Err(PageError::Cursor.into());
    }
    let [after, before] = cursors.map(|cursor| cursor.map(place).transpose());
    let page = Page { size: page.size, end: page.end, after: after?, before: before? };
    let reading = scope.read(Permission::ReadReferrals).await?;
    let at = first.unwrap_or(reading.tx.at());
    let found = referral::received(&reading.tx, at, filter, &page, extent).await?;
    let actor = reading.tx.actor()?;
    let key = |found: &Outline| -> ReceivedCursor {
        let place = found.received_place(at);
        (at, place.part as usize, place.listed_at, place.id)
    };
    let totals = ReferralTotals::of(ReferralDirection::Incoming, filter.clone());
    connection_with(LIST, found, key, |found| InPlace(Referral::seen_by(found, actor, reading.tx.at())), totals)
}

/// The place that a cursor holds.
fn place((at, part, listed_at, id): ReceivedCursor) -> Result<ReceivedPlace, PageError> {
    let part = ReceivedPart::ALL.get(part).filter(|_| is_storable(at) && is_storable(listed_at)).ok_or(PageError::Cursor)?;
    Ok(ReceivedPlace { part: *part, listed_at, id })
}
