//! Reading referrals.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use uuid::Uuid;

use super::Referral;
use super::outline::{Extent, Outline, outlines};
use super::row::ReferralRow;
use crate::acting::reaches_all;
use crate::error::StoreError;
use crate::schema::{referral_note, referral_sender};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The referrals with these ids that the actor may see, in no particular order.
pub async fn by_ids(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Referral>, StoreError> {
    let mut found = visible(tx, with_ids(of_party, ids)).await?;
    let is_missing = |id: &&ReferralId| found.iter().all(|referral| referral.id != **id);
    let missing: Vec<ReferralId> = ids.iter().filter(is_missing).copied().collect();
    if !missing.is_empty() {
        found.extend(visible(tx, with_ids(seen, &missing)).await?);
    }
    Ok(found)
}

/// The outlines of those of these referrals that the tenant is a party of, in no particular order. Of a peer educator's own, those alone.
pub async fn outlines_by_ids(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Outline>, StoreError> {
    outlines(with_ids(outline_of_party, ids).rows(tx).await?, Extent::Outline)
}

/// The referral with this id, if the actor may see it.
pub async fn find(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    // Nearly all that is asked for is the actor's as a party, and half of the statement takes half of its time.
    let mut found = visible(tx, with_id(of_party, id)).await?;
    if found.is_empty() {
        // Both halves in one statement: what is taken or given back meanwhile is in one of them.
        found = visible(tx, with_id(seen, id)).await?;
    }
    Ok(found.into_iter().next())
}

/// Of somebody who has sent so many, a page is found among the organisation's: enough of those are theirs to fill it soon. Of others the
/// ids are read.
const MANY: usize = 1_000;

/// The condition that the actor sees all that the organisation does, or that this is the id of a referral of their own: for lists, of
/// which many rows may be looked at. The planner expects it to let nearly all through.
pub(super) fn own_or_all(id: &str) -> String {
    let own = format!(
        "CASE WHEN (SELECT count(*) FROM (
                SELECT FROM referral_sender AS own
                WHERE own.from_organisation_id = (SELECT tenant()) AND own.user_id = (SELECT acting_user()) LIMIT {MANY} + 1) AS sent) > {MANY}
             THEN {is_own} ELSE {id} IN (
                SELECT own.referral_id FROM referral_sender AS own
                WHERE own.from_organisation_id = (SELECT tenant()) AND own.user_id = (SELECT acting_user())
                UNION
                SELECT own.referral_id FROM referral_handler AS own
                WHERE own.organisation_id = (SELECT tenant()) AND own.from_organisation_id = (SELECT tenant())
                    AND own.user_id = (SELECT acting_user())) END",
        is_own = is_own(id)
    );
    all_or(&own)
}

fn all_or(own: &str) -> String {
    format!(" AND CASE WHEN {} OR {own} THEN true END IS NOT NULL", reaches_all(Permission::ReadReferrals))
}

/// The condition that this is the id of a referral that the tenant sent, and that the actor sent it themself or that it is assigned to
/// them: for the few rows that are looked at. However many the actor has sent, it reads no other.
pub(crate) fn is_own(id: &str) -> String {
    format!(
        "(SELECT acting_user()) IN (
                 (SELECT own.user_id FROM referral_sender AS own
                 WHERE own.from_organisation_id = (SELECT tenant()) AND own.referral_id = {id}),
                 (SELECT own.user_id FROM referral_handler AS own
                 WHERE own.organisation_id = (SELECT tenant()) AND own.from_organisation_id = (SELECT tenant())
                     AND own.referral_id = {id}))"
    )
}

/// The referrals that the actor sees as a party, and that meet the condition.
fn of_party(condition: &str) -> Statement {
    within(Statement::new(include_str!("as_party.sql")), condition)
}

/// As [`of_party`], and only their outlines.
fn outline_of_party(condition: &str) -> Statement {
    within(Statement::new(include_str!("as_party_outline.sql")), condition)
}

fn within(mut statement: Statement, condition: &str) -> Statement {
    let own = all_or(&is_own("referral.id"));
    for sql in [" AND ", condition, &own] {
        statement.push_sql(sql);
    }
    statement
}

/// The referrals that the actor sees as a party or could take, and that meet the condition.
fn seen(condition: &str) -> Statement {
    let takes = reaches_all(Permission::ReceiveReferrals);
    let mut statement = of_party(condition);
    for sql in [" UNION ALL ", include_str!("as_taker.sql"), " AND ", condition, " AND ", &takes] {
        statement.push_sql(sql);
    }
    statement
}

fn with_ids(of: fn(&str) -> Statement, ids: &[ReferralId]) -> Statement {
    of("referral.id = ANY ($1)").bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
}

fn with_id(of: fn(&str) -> Statement, id: ReferralId) -> Statement {
    of("referral.id = $1").bind::<SqlUuid, _>(id.0)
}

/// All variants of the statement.
pub(crate) fn statements() -> Vec<Statement> {
    let of: [fn(&str) -> Statement; 2] = [of_party, seen];
    let mut statements = vec![with_ids(outline_of_party, &[])];
    statements.extend(of.into_iter().flat_map(|of| [with_ids(of, &[]), with_id(of, ReferralId(Uuid::nil()))]));
    statements
}

async fn visible(tx: &TenantTx, query: Statement) -> Result<Vec<Referral>, StoreError> {
    let rows: Vec<ReferralRow> = query.rows(tx).await?;
    let referrals: Vec<Referral> = rows.into_iter().map(Referral::try_from).collect::<Result<_, _>>()?;
    let actor = tx.actor()?;
    Ok(referrals.into_iter().filter(|referral| referral.is_visible_to(actor)).collect())
}

/// The referral with this id, if the actor may see it, locked for a change that both parties learn of. When two callers make a move
/// at once, the second reads what the first left. A referral that is open to the tenant isn't locked before the tenant takes it.
pub async fn find_for_update(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    Statement::new(include_str!("lock.sql")).bind::<SqlUuid, _>(id.0).run(tx).await?;
    find(tx, id).await
}

/// The referral with this id, if the actor may see it. When the tenant sent it, it is locked against all that the tenant does, and
/// against nothing that the receiver does: for a change that the receiver must not notice, not even by having to wait.
pub async fn find_for_update_unnoticed(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    // Only the sender reads this row: it locks nothing for anybody else.
    let own = referral_sender::table.find((tx.organisation()?.0, id.0));
    tx.execute(own.select(referral_sender::referral_id).for_no_key_update()).await?;
    find(tx, id).await
}

/// Since when another referral of the same client, for the same type of service and to the same receiver, is open: for those of
/// these referrals of the tenant for which there is one. Those that were sent later don't count.
pub async fn already_open(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, DateTime<Utc>)>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        referral_id: Uuid,
        #[diesel(sql_type = Timestamptz)]
        since: DateTime<Utc>,
    }
    let rows: Vec<Row> = Statement::new(include_str!("already_open.sql"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (ReferralId(row.referral_id), row.since)).collect())
}

/// The sealed notes of these referrals, where they have one.
pub async fn notes(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, String)>, StoreError> {
    let rows: Vec<(Uuid, String)> = referral_note::table
        .filter(referral_note::referral_id.eq_any(ids.iter().map(|id| id.0)))
        .select((referral_note::referral_id, referral_note::sealed))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows.into_iter().map(|(id, sealed)| (ReferralId(id), sealed)).collect())
}
