//! The outcomes of the mutations under a client's pseudonym. Each is a number, and only somebody who acts for the whole
//! organisation may make the mutation.

use pamoja_domain::access::Actor;
use pamoja_domain::client_right::check_reach;
use pamoja_domain::device::Device;
use pamoja_domain::refusal::Refusal;
use uuid::Uuid;

use crate::graphql::mutation::{Audited, Outcome};

/// How much was erased.
#[derive(Clone, Copy)]
pub(super) struct Erased {
    /// How many referrals.
    pub referrals: u64,
    /// How many violations, for whoever may read all.
    pub violations: Option<u32>,
}

impl Erased {
    /// What is told on that kind of device: on a shared one nothing of violations, also when what was done on another is asked for again.
    pub(super) fn seen_on(self, device: Device) -> Self {
        Self { violations: self.violations.filter(|_| device == Device::Own), ..self }
    }
}

/// How many clients got a new pseudonym.
#[derive(Clone, Copy)]
pub(super) struct Rotated(pub u64);

impl Outcome for Erased {
    fn to_kept(self) -> Uuid {
        Uuid::from_u64_pair(self.violations.map_or(0, |erased| u64::from(erased) + 1), self.referrals)
    }

    fn from_kept(kept: Uuid) -> Self {
        let (violations, referrals) = kept.as_u64_pair();
        Self { referrals, violations: violations.checked_sub(1).and_then(|erased| u32::try_from(erased).ok()) }
    }

    /// The erasure writes an audit entry for each referral itself.
    fn audited(self) -> Audited {
        Audited::Each
    }

    fn check(actor: &Actor) -> Result<(), Refusal> {
        check_reach(actor)
    }
}

impl Outcome for Rotated {
    fn to_kept(self) -> Uuid {
        Uuid::from_u64_pair(0, self.0)
    }

    fn from_kept(kept: Uuid) -> Self {
        Self(kept.as_u64_pair().1)
    }

    /// PostgreSQL writes the entry itself: with violations under the pseudonyms or without.
    fn audited(self) -> Audited {
        Audited::Each
    }

    fn check(actor: &Actor) -> Result<(), Refusal> {
        check_reach(actor)
    }
}
