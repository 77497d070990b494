//! Reading referrals.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::referral::{AgeBand, Decline, LastMove, MinorStatus, ReferralState, ReferralStatus};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::Referral;
use crate::acting::reaches_all;
use crate::codes;
use crate::error::StoreError;
use crate::schema::{referral_note, referral_sender};
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
pub(super) struct ReferralRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    from_organisation_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    to_organisation_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    service_type: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Text)]
    urgency: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    act_before: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    service_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    status_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    scheduled_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    decline_reason: Option<String>,
    #[diesel(sql_type = Bool)]
    consent_withdrawn: bool,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    referred_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    client: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    populations: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    age_band: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    under_18: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    shared: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    non_completion_reason: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    instead_service_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    instead_of_referral_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    referred_instead: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    moved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    moved_to: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    moved_from: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    moved_by_actor: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    moved_for_good: Option<bool>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    handled_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    reference: Option<String>,
    #[diesel(sql_type = Bool)]
    check_in_asked: bool,
}

impl ReferralRow {
    fn decline(&self) -> Result<Option<Decline>, StoreError> {
        if self.status != ReferralStatus::Declined.code() {
            return Ok(None);
        }
        Ok(Some(Decline {
            reason: self.decline_reason.as_deref().map(codes::read).transpose()?,
            names_instead: self.instead_service_id.is_some(),
            referred_instead: self.referred_instead,
        }))
    }

    fn last_move(&self) -> Result<Option<LastMove>, StoreError> {
        let (Some(made_at), Some(led_to), Some(before)) = (self.moved_at, &self.moved_to, &self.moved_from) else {
            return Ok(None);
        };
        Ok(Some(LastMove {
            made_at,
            own: self.moved_by_actor == Some(true),
            for_good: self.moved_for_good == Some(true),
            led_to: codes::read(led_to)?,
            before: codes::read(before)?,
        }))
    }
}

impl TryFrom<ReferralRow> for Referral {
    type Error = StoreError;

    fn try_from(row: ReferralRow) -> Result<Self, StoreError> {
        let (decline, last_move) = (row.decline()?, row.last_move()?);
        Ok(Self {
            id: ReferralId(row.id),
            sender: OrganisationId(row.from_organisation_id),
            receiver: row.to_organisation_id.map(OrganisationId),
            service_type: codes::read(&row.service_type)?,
            service: row.service_id.map(ServiceId),
            client: row.client,
            populations: codes::read_all(&row.populations.unwrap_or_default())?,
            age_band: row.age_band.as_deref().map_or(Ok(AgeBand::NotStated), codes::read)?,
            under_18: row.under_18.as_deref().map_or(Ok(MinorStatus::NotStated), codes::read)?,
            shared: codes::read_all(&row.shared.unwrap_or_default())?,
            county: codes::county(&row.county_code)?,
            urgency: codes::read(&row.urgency)?,
            act_before: row.act_before,
            scheduled_on: row.scheduled_on,
            state: ReferralState {
                status: codes::read(&row.status)?,
                created_at: row.created_at,
                status_at: row.status_at,
                expires_at: row.expires_at,
                consent_withdrawn: row.consent_withdrawn,
                decline,
                last_move,
                check_in_asked: row.check_in_asked,
            },
            opened_at: row.opened_at,
            decline_reason: row.decline_reason.as_deref().map(codes::read).transpose()?,
            non_completion_reason: row.non_completion_reason.as_deref().map(codes::read).transpose()?,
            updated_at: row.updated_at,
            referred_by: row.referred_by.map(UserId),
            instead_service: row.instead_service_id.map(ServiceId),
            instead_of: row.instead_of_referral_id.map(ReferralId),
            handled_by: row.handled_by.map(UserId),
            reference: row.reference,
        })
    }
}

/// The referrals with these ids that the actor may see, in no particular order.
pub async fn by_ids(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Referral>, StoreError> {
    visible(tx, with_ids(ids)).await
}

/// The referral with this id, if the actor may see it.
pub async fn find(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    // Not as a list of one: for a list of unknown length the planner makes a new plan each time, which takes longer than the read
    // itself.
    Ok(visible(tx, with_id(id)).await?.into_iter().next())
}

/// The condition that the actor sees all that the organisation does, or that this is the id of a referral of their own. The list of
/// their own is read once, and only for those who see no others. The planner expects it to let nearly all through.
pub(super) fn own_or_all(id: &str) -> String {
    format!(
        " AND CASE WHEN {} OR {id} IN (
                SELECT own.referral_id FROM referral_sender AS own
                WHERE own.from_organisation_id = (SELECT tenant()) AND own.user_id = (SELECT acting_user())
                UNION
                SELECT own.referral_id FROM referral_handler AS own
                WHERE own.organisation_id = (SELECT tenant()) AND own.from_organisation_id = (SELECT tenant())
                    AND own.user_id = (SELECT acting_user())) THEN true END IS NOT NULL",
        reaches_all(Permission::ReadReferrals)
    )
}

/// The referrals that the actor sees as a party or could take, and that meet the condition.
fn seen(condition: &str) -> Statement {
    let (own, takes) = (own_or_all("referral.id"), reaches_all(Permission::ReceiveReferrals));
    let mut statement = Statement::new(include_str!("as_party.sql"));
    for sql in [" AND ", condition, &own, " UNION ALL ", include_str!("as_taker.sql"), " AND ", condition, " AND ", &takes] {
        statement.push_sql(sql);
    }
    statement
}

fn with_ids(ids: &[ReferralId]) -> Statement {
    seen("referral.id = ANY ($1)").bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
}

fn with_id(id: ReferralId) -> Statement {
    seen("referral.id = $1").bind::<SqlUuid, _>(id.0)
}

/// All variants of the statement.
pub(crate) fn statements() -> Vec<Statement> {
    vec![with_ids(&[]), with_id(ReferralId(Uuid::nil()))]
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
