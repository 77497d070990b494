//! Typed ids. Each is a UUIDv4: a v7 would reveal when something was created.

use uuid::Uuid;

macro_rules! id {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+};
}

id! {
    /// A member organisation of the coalition; the tenant that owns the data.
    OrganisationId,
    /// A user account of one organisation.
    UserId,
    /// A sign-in of one user, from password to sign-out.
    SessionId,
    /// A facility of the national register.
    FacilityId,
    /// A service that an organisation offers.
    ServiceId,
    /// A referral between two organisations.
    ReferralId,
    /// A training that an organisation offers.
    TrainingOfferId,
    /// A training request.
    TrainingRequestId,
    /// A training that is or was held.
    TrainingSessionId,
    /// A violation that an organisation documented.
    ViolationId,
    /// A plan for a sensitisation.
    SensitisationPlanId,
}

impl OrganisationId {
    /// The id given instead of a withheld organisation's. No organisation has it.
    pub const WITHHELD: Self = Self(Uuid::nil());
}
