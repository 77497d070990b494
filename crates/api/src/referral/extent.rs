//! How much of referrals must be read.

use pamoja_persistence::referral::Extent;

use crate::graphql::selected::Selected;

/// The fields of a referral that its outline answers.
const OUTLINED: [&str; 25] = [
    "__typename",
    "id",
    "fromOrganisation",
    "toOrganisation",
    "service",
    "serviceType",
    "county",
    "urgency",
    "actBefore",
    "overdue",
    "accompanied",
    "consent",
    "scheduledOn",
    "status",
    "declineReason",
    "insteadService",
    "referredOnAs",
    "sealedNote",
    "clientReportedOutcome",
    "clientReportedFriendliness",
    "timeline",
    "reference",
    "createdAt",
    "updatedAt",
    "expiresAt",
];

/// How far referrals must be read for what is selected of them.
pub(super) fn extent(selected: &Selected<'_>) -> Extent {
    if selected.is_within(&OUTLINED) { Extent::Outline } else { Extent::Whole }
}
