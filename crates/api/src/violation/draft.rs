//! What a frontend's form begins with.

use async_graphql::{ID, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::device::Device;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::violation::{Perpetrator, ViolationType};

use super::documenting::known;
use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::{Failure, Fault};
use crate::graphql::scalar::{Month, Pseudonym};
use crate::graphql::scope::Scope;

/// What a frontend's form begins with; nothing is stored.
#[derive(SimpleObject)]
pub(super) struct ViolationDraft {
    /// What was done, as far as the referral tells.
    types: Vec<Enumeration<ViolationType>>,
    /// Who did it, as far as the referral tells.
    perpetrators: Vec<Enumeration<Perpetrator>>,
    /// The populations that the referral shows the viewer.
    populations: Vec<Enumeration<Population>>,
    /// Whether the client is under 18.
    #[graphql(name = "under18")]
    under_18: Enumeration<MinorStatus>,
    /// The county of the referral.
    county_code: String,
    /// A guess, to be put right: the month in which the referral reached its present status, or in which it was sent to you.
    occurred_in: Month,
    /// Your organisation's pseudonym; null for a received referral.
    client: Option<Pseudonym>,
}

/// The draft from a referral. Nothing where an own one tells of nothing, where the viewer may not read it, and on a shared device.
pub(super) async fn draft(scope: &Scope, referral_id: &ID) -> Result<Option<ViolationDraft>, Fault> {
    let reading = scope.read(Permission::DocumentViolations).await?;
    if reading.tx.actor()?.device == Device::Shared {
        return Ok(None);
    }
    let brought = match known(&reading.tx, referral_id).await {
        Ok(brought) => brought,
        Err(Failure::Refused(_) | Failure::Counted(_)) => return Ok(None),
        Err(Failure::Store(error)) => return Err(error.into()),
    };
    let known = brought.known;
    if brought.own && known.types.is_empty() {
        return Ok(None);
    }
    Ok(Some(ViolationDraft {
        types: enumerated(&known.types),
        perpetrators: enumerated(&known.perpetrators),
        populations: enumerated(&known.populations),
        under_18: Enumeration(known.under_18),
        county_code: known.county.as_str().to_owned(),
        occurred_in: known.occurred_in.into(),
        client: known.client.map(|client| Pseudonym(client.as_str().to_owned())),
    }))
}
