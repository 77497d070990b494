//! The consent of clients. Only the sender sees it.

use diesel::pg::Pg;
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::Consent;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::schema::referral_consent;
use crate::transaction::TenantTx;

#[derive(Queryable, Selectable)]
#[diesel(table_name = referral_consent, check_for_backend(Pg))]
struct ConsentRow {
    referral_id: Uuid,
    given_by: Option<String>,
    notice_version: Option<String>,
    manner: Option<String>,
    language: Option<String>,
    counted: bool,
}

#[derive(Insertable)]
#[diesel(table_name = referral_consent, treat_none_as_default_value = false)]
struct NewConsentRow<'a> {
    from_organisation_id: Uuid,
    referral_id: Uuid,
    given_by: &'static str,
    notice_version: Option<&'a str>,
    manner: Option<&'static str>,
    language: Option<&'a str>,
    counted: bool,
}

/// Records what the client of a referral of the tenant agreed to. What they agreed to before stays.
pub(super) async fn insert(tx: &TenantTx, id: ReferralId, consent: &Consent) -> Result<(), StoreError> {
    let row = NewConsentRow {
        from_organisation_id: tx.organisation()?.0,
        referral_id: id.0,
        given_by: consent.given_by.code(),
        notice_version: consent.notice_version.as_deref(),
        manner: consent.manner.map(Vocabulary::code),
        language: consent.language.as_deref(),
        counted: consent.counted,
    };
    tx.execute(diesel::insert_into(referral_consent::table).values(row)).await?;
    Ok(())
}

/// The latest consents to those of these referrals that the tenant sent. A referral whose client was erased is left out.
pub async fn by_referrals(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, Consent)>, StoreError> {
    let rows: Vec<ConsentRow> = referral_consent::table
        .filter(referral_consent::from_organisation_id.eq(tx.organisation()?.0))
        .filter(referral_consent::referral_id.eq_any(ids.iter().map(|id| id.0)))
        .filter(referral_consent::given_by.is_not_null())
        .distinct_on(referral_consent::referral_id)
        .order_by((referral_consent::referral_id, referral_consent::recorded_at.desc()))
        .select(ConsentRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let consent = |row: ConsentRow| -> Result<_, StoreError> {
        let consent = Consent {
            given_by: codes::read(&row.given_by.unwrap_or_default())?,
            notice_version: row.notice_version,
            manner: row.manner.as_deref().map(codes::read).transpose()?,
            language: row.language,
            counted: row.counted,
        };
        Ok((ReferralId(row.referral_id), consent))
    };
    rows.into_iter().map(consent).collect()
}
