//! The schema: the table of contents of the API.

use async_graphql::connection::Connection;
use async_graphql::{MergedObject, MergedSubscription, SchemaBuilder};

use crate::caption::{CaptionQuery, ListQuery};
use crate::client_report::ClientReportMutation;
use crate::client_right::{ClientRightMutation, ClientRightQuery};
use crate::facility::{Facility, FacilityQuery};
use crate::node::NodeQuery;
use crate::organisation::{OrganisationMutation, OrganisationQuery};
use crate::referral::{Referral, ReferralMendingMutation, ReferralMutation, ReferralQuery, ReferralSubscription};
use crate::sensitisation::{SensitisationMutation, SensitisationQuery};
use crate::service::{Organisation, PauseMutation, Service, ServiceMutation, ServiceQuery};
use crate::statistic::StatisticQuery;
use crate::task::TaskMutation;
use crate::training::{TrainingMutation, TrainingOffer, TrainingQuery, TrainingRequest, TrainingSubscription};
use crate::viewer::ViewerQuery;
use crate::violation::{Violation, ViolationMutation, ViolationQuery, ViolationSubscription};

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub(crate) struct Query(
    NodeQuery,
    ViewerQuery,
    OrganisationQuery<Service>,
    ServiceQuery,
    FacilityQuery,
    ReferralQuery,
    ClientRightQuery,
    StatisticQuery,
    TrainingQuery,
    ViolationQuery,
    SensitisationQuery,
    CaptionQuery,
    ListQuery,
);

/// Everything that can be changed. Each mutation is one transaction; several mutations in one document run one after the other.
#[derive(MergedObject, Default)]
pub(crate) struct Mutation(
    OrganisationMutation<Service>,
    ServiceMutation,
    PauseMutation,
    ReferralMutation,
    ReferralMendingMutation,
    ClientReportMutation,
    ClientRightMutation,
    TrainingMutation,
    ViolationMutation,
    SensitisationMutation,
    TaskMutation,
);

/// Everything that can be watched.
#[derive(MergedSubscription, Default)]
pub(crate) struct Subscription(ReferralSubscription, TrainingSubscription, ViolationSubscription);

/// The schema in GraphQL's schema definition language: the content of `schema.graphql`.
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    let lines: Vec<&str> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

/// The schema before its limits, which the engine sets: see [`crate::http::graphql::engine`].
pub(crate) fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    const PAGE: &str = "A page of a list, with cursors to go on from.";
    async_graphql::Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .override_output_type_description::<Connection<String, Organisation>>(PAGE)
        .override_output_type_description::<Connection<String, Service>>(PAGE)
        .override_output_type_description::<Connection<String, Facility>>(PAGE)
        .override_output_type_description::<Connection<String, Referral>>(PAGE)
        .override_output_type_description::<Connection<String, TrainingOffer>>(PAGE)
        .override_output_type_description::<Connection<String, TrainingRequest>>(PAGE)
        .override_output_type_description::<Connection<String, Violation>>(PAGE)
}
