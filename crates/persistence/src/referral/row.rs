//! A referral as a statement returns it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::referral::{AgeBand, Decline, LastMove, MinorStatus, ReferralState, ReferralStatus};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::Referral;
use crate::codes;
use crate::error::StoreError;

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
