//! A referral as a statement returns it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::referral::{AgeBand, Decline, LastMove, MinorStatus, ReferralState, ReferralStatus};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::Referral;
use crate::codes;
use crate::error::StoreError;
use crate::row::row;

row! {
    pub(super) struct ReferralRow {
        id: Uuid as SqlUuid,
        from_organisation_id: Uuid as SqlUuid,
        to_organisation_id: Option<Uuid> as Nullable<SqlUuid>,
        service_type: String as Text,
        county_code: String as Text,
        urgency: String as Text,
        act_before: Option<DateTime<Utc>> as Nullable<Timestamptz>,
        created_at: DateTime<Utc> as Timestamptz,
        service_id: Option<Uuid> as Nullable<SqlUuid>,
        status: String as Text,
        status_at: DateTime<Utc> as Timestamptz,
        opened_at: DateTime<Utc> as Timestamptz,
        scheduled_on: Option<NaiveDate> as Nullable<Date>,
        decline_reason: Option<String> as Nullable<Text>,
        consent_withdrawn: bool as Bool,
        expires_at: DateTime<Utc> as Timestamptz,
        updated_at: DateTime<Utc> as Timestamptz,
        referred_by: Option<Uuid> as Nullable<SqlUuid>,
        client: Option<String> as Nullable<Text>,
        populations: Option<Vec<String>> as Nullable<Array<Text>>,
        age_band: Option<String> as Nullable<Text>,
        under_18: Option<String> as Nullable<Text>,
        shared: Option<Vec<String>> as Nullable<Array<Text>>,
        non_completion_reason: Option<String> as Nullable<Text>,
        instead_service_id: Option<Uuid> as Nullable<SqlUuid>,
        instead_of_referral_id: Option<Uuid> as Nullable<SqlUuid>,
        referred_instead: bool as Bool,
        moved_at: Option<DateTime<Utc>> as Nullable<Timestamptz>,
        moved_to: Option<String> as Nullable<Text>,
        moved_from: Option<String> as Nullable<Text>,
        moved_by_actor: Option<bool> as Nullable<Bool>,
        moved_for_good: Option<bool> as Nullable<Bool>,
        handled_by: Option<Uuid> as Nullable<SqlUuid>,
        reference: Option<String> as Nullable<Text>,
        check_in_asked: bool as Bool,
    }
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
