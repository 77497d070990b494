//! The API's side: connections that each send a request, wait for the answer, and send the next.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use data_encoding::BASE32_NOPAD;
use pamoja_api::graphql::global_id;
use pamoja_domain::id::{OrganisationId, ServiceId};
use serde_json::json;
use tokio::task::JoinSet;
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
    /// Creates a referral.
    Create,
}

impl fmt::Display for Work {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::List => "list",
            Self::Create => "create",
        })
    }
}

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) {
    referral { id status createdAt } slipCode userErrors { code field message } } }";

impl Work {
    /// The document of the list.
    pub const LIST: &str = "{ referrals(direction: INCOMING, first: 20) { nodes {
    id status serviceType urgency createdAt fromOrganisation { name } toOrganisation { name } service { name }
    timeline { status at byOrganisation { name } } } } }";

    /// The body of a request; each one that creates is different.
    fn body(self, caller: &Caller) -> String {
        match self {
            Self::List => json!({ "query": Self::LIST }),
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
            Self::Create => body.starts_with(br#"{"data":"#) && has(br#""userErrors":[]"#),
        }
    }
}

/// Sends requests over that many connections for that time, each connection as one of the callers.
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
    let mut times = Vec::new();
    while let Some(asked) = tasks.join_next().await {
        times.extend(asked??);
    }
    Ok(Figures::new(started.elapsed(), times))
}

async fn ask(mut connection: Connection, work: Work, caller: Arc<Caller>, until: Instant) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    while Instant::now() < until {
        let body = work.body(&caller);
        let began = Instant::now();
        let answer = connection.post("/graphql", Some(&caller.token), &body).await?;
        times.push(began.elapsed());
        if answer.status != 200 || !work.is_done(answer.body) {
            return Err(format!("the API answered {}: {}", answer.status, String::from_utf8_lossy(answer.body)).into());
        }
    }
    Ok(times)
}
