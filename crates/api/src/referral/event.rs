//! An event of a referral's timeline, as the schema shows it.

use async_graphql::{Context, Object, Result};
use pamoja_domain::referral::ReferralStatus;
use pamoja_persistence::referral;

use super::loader::UserOf;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::in_place::InPlace;
use crate::graphql::scalar::DateTime;
use crate::graphql::scope::{Scope, nullable};
use crate::service::Organisation;
use crate::user::User;

/// A state that a referral reached.
pub(super) struct ReferralEvent(pub referral::Event);

/// A state that a referral reached.
#[Object]
impl ReferralEvent {
    /// The state.
    async fn status(&self) -> Enumeration<ReferralStatus> {
        Enumeration(self.0.status)
    }

    /// When the referral reached it.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// The organisation that made the move. Null when the referral expired, and for an organisation that could take the
    /// referral.
    async fn by_organisation(&self, context: &Context<'_>) -> Option<Result<InPlace<Organisation>>> {
        let id = self.0.by?;
        let found = async {
            let reading = Scope::of(context).reading().await?;
            Ok(InPlace(Organisation::new(reading.organisation(id).await?)))
        };
        Some(found.await)
    }

    /// Who of your own organisation made the move. Null for a move of the other organisation, when the referral expired, and when
    /// the account is gone.
    async fn by_user(&self, context: &Context<'_>) -> Option<Result<User>> {
        let event = self.0.key?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let Some(id) = reading.load.load_one(UserOf(event)).await.map_err(Fault::from)? else { return Ok(None) };
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(User))
        })
        .await
    }

    /// Whether this is a check-in without a slip, for which the receiver vouched.
    async fn without_slip(&self) -> bool {
        self.0.without_slip
    }

    /// Whether this takes back the last move before it (undoReferralMove): the state is the one before that move.
    async fn takes_back(&self) -> bool {
        self.0.takes_back
    }

    /// Whether this move was taken back: show it as struck out. No figure counts it.
    async fn taken_back(&self) -> bool {
        self.0.taken_back
    }

    /// Whether the sender amended the referral then (amendReferral). The state stayed as it was, or became REQUESTED where it was
    /// DECLINED.
    async fn amended(&self) -> bool {
        self.0.amended
    }
}
