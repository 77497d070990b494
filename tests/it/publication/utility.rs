//! How much of the made-up coalition's figures publication keeps.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pamoja_demo::coalition::{self, Plan};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::statistic::{PeriodKind, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::migrate;
use pamoja_persistence::publication::Publisher;

use super::noise_key;
use crate::harness::postgres;

/// The day on which the coalition is made up: always the same, so that its records are the same too.
const PRESENT: &str = "2026-11-26T09:00:00Z";

#[tokio::test]
async fn of_the_demo_every_table_shows_by_year_more_than_half_of_what_is_of_use() {
    let at: DateTime<Utc> = PRESENT.parse().expect("a moment");
    let database = postgres().create_empty_database().await;
    migrate::up(&database.url(DatabaseRole::Owner)).await.expect("it is migrated");
    let plan = Plan {
        seed: 1,
        scale: 1.0,
        coalitions: 1,
        at,
        credential: pamoja_api::auth::new_credential("nobody signs in here").expect("hashed"),
        slip: Arc::new(|nonce| [nonce, nonce].concat().try_into().expect("32 bytes")),
    };
    let superuser = database.url(DatabaseRole::Superuser);
    coalition::fill(&superuser, &plan, &|_, _| ()).await.expect("the coalition is made up");
    let url = database.url(DatabaseRole::Publisher);
    let mut publisher = Publisher::connect(&url, noise_key(), false, at).await.expect("a publisher");
    for month in publisher.due().await.expect("months") {
        publisher.publish(month, &|_| ()).await.expect("it is published");
    }
    let lines = publisher.report(&|_, _| ()).await.expect("a report");
    for name in StatisticTableName::ALL {
        let (_, _, year) = lines.iter().find(|line| line.0 == *name && line.1 == PeriodKind::Year).expect("its line");
        let (of_use, shown) = (year.figures_of_use, year.published_of_use);
        assert!(of_use > 0 && 2 * shown > of_use, "{}: {shown} of {of_use}", name.code());
        let error = year.relative_error(0.5).expect("something is shown");
        assert!(error < 0.05, "{} is off by {error}", name.code());
    }
}
