//! The API's side: connections that each send a request, wait for the answer, and send the next.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use data_encoding::BASE32_NOPAD;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use crate::Failure;
use crate::figures::Figures;
use crate::http::Connection;
use crate::stage::Caller;

/// What the requests do.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Reads the newest twenty referrals to the caller's organisation, with their timelines and every name in them.
    List,
    /// Reads one referral by its id, with as much as the list has of each.
    One,
    /// Reads a published table: twelve months by county.
    Table,
    /// Creates a referral.
    Create,
    /// Reads nothing: what a request costs that the database isn't asked for.
    Nothing,
}

impl fmt::Display for Work {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::List => "list",
            Self::One => "one by id",
            Self::Table => "published table",
            Self::Create => "create",
            Self::Nothing => "nothing",
        })
    }
}

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) {
    referral { id status createdAt } slipCode userErrors { code field message } } }";

const ONE: &str = "query ($id: ID!) { node(id: $id) { ... on Referral {
    id status serviceType urgency createdAt fromOrganisation { name } toOrganisation { name } service { name }
    timeline { status at byOrganisation { name } } } } }";

const TABLE: &str = "query ($input: StatisticTableInput!) { coalition { table(input: $input) {
    cells { period keys labels value status } totals { period value status } } } }";

impl Work {
    /// The document of the list.
    pub const LIST: &str = "query ($after: String) { referrals(direction: INCOMING, first: 20, after: $after) { nodes {
    id status serviceType urgency createdAt fromOrganisation { name } toOrganisation { name } service { name }
    timeline { status at byOrganisation { name } } } } }";

    /// The body of a request; each one that creates is different.
    pub fn body(self, caller: &Caller) -> String {
        match self {
            Self::List => json!({ "query": Self::LIST, "variables": { "after": caller.after } }),
            Self::One => {
                let id = caller.referrals[rand::random_range(0..caller.referrals.len())];
                json!({ "query": ONE, "variables": { "id": global_id::encode(ReferralId(id)) } })
            }
            Self::Table => {
                let [from, through] = &caller.months;
                let input = json!({ "name": "REFERRALS_BY_COUNTY", "measure": "CREATED", "from": from, "through": through });
                json!({ "query": TABLE, "variables": { "input": input } })
            }
            Self::Nothing => json!({ "query": "{ __typename }" }),
            Self::Create => json!({ "query": CREATE, "variables": { "input": {
                "clientMutationId": Uuid::new_v4(),
                "toOrganisationId": global_id::encode(OrganisationId(caller.receiver)),
                "serviceType": caller.service_type,
                "serviceId": global_id::encode(ServiceId(caller.service)),
                "client": BASE32_NOPAD.encode(Uuid::new_v4().as_bytes()).to_lowercase(),
                "populations": ["NOT_STATED"],
                "ageBand": "FROM_20_TO_24",
                "countyCode": caller.county,
                "sharedWithReceiver": ["AGE_BAND"],
                "urgency": "ROUTINE",
                "consentGiven": true,
            } } }),
        }
        .to_string()
    }

    /// Whether the answer is the expected one.
    fn is_done(self, body: &[u8]) -> bool {
        let has = |text: &[u8]| body.windows(text.len()).any(|window| window == text);
        match self {
            Self::List => body.starts_with(br#"{"data":{"referrals":{"nodes":[{"#),
            Self::One => body.starts_with(br#"{"data":{"node":{"id":"#),
            Self::Table => body.starts_with(br#"{"data":{"coalition":{"table":{"cells":[{"#),
            Self::Nothing => body.starts_with(br#"{"data":{"__typename":"Query"}"#),
            Self::Create => body.starts_with(br#"{"data":"#) && has(br#""userErrors":[]"#),
        }
    }
}

/// How long whoever was refused waits, as the answer says.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What one connection was answered.
#[derive(Default)]
struct Asked {
    times: Vec<Duration>,
    bytes: usize,
    refused: usize,
}

/// Sends requests over that many connections for that time, each connection as one of the callers. What is refused because too much is asked
/// counts apart.
pub async fn run(
    address: SocketAddr,
    work: Work,
    callers: &[Arc<Caller>],
    connections: usize,
    time: Duration,
) -> Result<Figures, Failure> {
    let mut open = Vec::new();
    for caller in callers.iter().cycle().take(connections) {
        open.push((Connection::open(address).await?, caller.clone()));
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (connection, caller) in open {
        tasks.spawn(ask(connection, work, caller, started + time));
    }
    let mut all = Asked::default();
    while let Some(asked) = tasks.join_next().await {
        let Asked { times, bytes, refused } = asked??;
        all.times.extend(times);
        all.bytes += bytes;
        all.refused += refused;
    }
    Ok(Figures::new(started.elapsed(), all.times).answering(all.bytes).refusing(all.refused))
}

async fn ask(mut connection: Connection, work: Work, caller: Arc<Caller>, until: Instant) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    while Instant::now() < until {
        let body = work.body(&caller);
        let began = Instant::now();
        let answer = connection.ask("POST", "/graphql", Some(&caller.token), &body).await?;
        if answer.status == 503 {
            asked.refused += 1;
            sleep(RETRY_AFTER.min(until.saturating_duration_since(Instant::now()))).await;
            continue;
        }
        asked.times.push(began.elapsed());
        asked.bytes += answer.body.len();
        if answer.status != 200 || !work.is_done(answer.body) {
            return Err(format!("the API answered {}: {}", answer.status, String::from_utf8_lossy(answer.body)).into());
        }
    }
    Ok(asked)
}
