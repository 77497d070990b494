//! What clients agreed to: the sender's alone.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::Consent;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct ConsentRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = Text)]
    given_by: String,
    #[diesel(sql_type = Nullable<Text>)]
    notice_version: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    manner: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    language: Option<String>,
    #[diesel(sql_type = Bool)]
    counted: bool,
}

/// Records what the client of a new referral of the own organisation agreed to.
pub(super) async fn insert(tx: &TenantTx, id: ReferralId, consent: &Consent) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO referral_consent (from_organisation_id, referral_id, given_by, notice_version, manner, language, counted)
         VALUES (tenant(), $1, $2, $3, $4, $5, $6)",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Text, _>(consent.given_by.code())
    .bind::<Nullable<Text>, _>(consent.notice_version.clone())
    .bind::<Nullable<Text>, _>(consent.manner.map(Vocabulary::code))
    .bind::<Nullable<Text>, _>(consent.language.clone())
    .bind::<Bool, _>(consent.counted)
    .run(tx)
    .await?;
    Ok(())
}

/// What the clients of those of the referrals agreed to that the own organisation sent; of an erased client nothing is known.
///
/// # Errors
/// When the database fails.
pub async fn by_referrals(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, Consent)>, StoreError> {
    let rows: Vec<ConsentRow> = Statement::new(
        "SELECT referral_id, given_by, notice_version, manner, language, counted FROM referral_consent
         WHERE from_organisation_id = tenant() AND referral_id = ANY ($1) AND given_by IS NOT NULL",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    let consent = |row: ConsentRow| -> Result<_, StoreError> {
        let consent = Consent {
            given_by: codes::read(&row.given_by)?,
            notice_version: row.notice_version,
            manner: row.manner.as_deref().map(codes::read).transpose()?,
            language: row.language,
            counted: row.counted,
        };
        Ok((ReferralId(row.referral_id), consent))
    };
    rows.into_iter().map(consent).collect()
}
