//! Something that was done about a violation.

use async_graphql::{Context, Object, Result};
use pamoja_domain::id::ReferralId;
use pamoja_domain::violation::{self, ViolationStepKind};

use super::linked::referral;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::Month;
use crate::graphql::scope::nullable;
use crate::referral::Referral;

/// Something that was done about a violation.
pub(super) struct ViolationStep {
    pub step: violation::ViolationStep,
    pub brought_by: Option<ReferralId>,
}

/// Something that was done about a violation, in a month.
#[Object]
impl ViolationStep {
    /// What was done.
    async fn kind(&self) -> Enumeration<ViolationStepKind> {
        Enumeration(self.step.kind)
    }

    /// The month.
    async fn month(&self) -> Month {
        self.step.month.into()
    }

    /// The referral whose client's arrival it is. Null where somebody recorded it by hand, and for those who may not read the referral.
    async fn referral(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        let id = self.brought_by?;
        nullable(referral(context, id)).await
    }
}
