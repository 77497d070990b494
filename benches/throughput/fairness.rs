//! How long one organisation waits while three others ask for all that they can.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::figures::{Figures, Side, print_beside};
use crate::http::Connection;
use crate::load::Work;
use crate::stage::Stage;
use crate::{Failure, Options};

/// The members that fill their places, and the one that waits.
const CROWD: [&str; 3] = ["jirani", "dada", "pwani"];
const FOURTH: &str = "malaika";
/// The users of each of the crowd, and how many requests each sends at once: as many as one user has executed.
const USERS: [&str; 3] = ["caseworker", "analyst", "admin"];
const AT_ONCE: usize = 4;
/// Five years of the organisation's own figures: the longest table that can be asked for.
const COUNT: &str = "query ($from: Month!, $through: Month!) { organisationTable(input: { name: REFERRALS_BY_SERVICE_TYPE,
    measure: \"COMPLETED\", from: $from, through: $through }) { totals { value } } }";

/// Measures the fourth alone, and beside the crowd, in turn.
pub async fn measure(options: &Options, stage: &Stage) -> Result<(), Failure> {
    let fourth = stage.token(&format!("caseworker@{FOURTH}")).await?;
    let mut crowd = Vec::new();
    for member in CROWD {
        for user in USERS {
            crowd.push((stage.token(&format!("{user}@{member}")).await?, if user == "caseworker" { list() } else { count() }));
        }
    }
    let time = Duration::from_secs(options.seconds);
    let (mut quiet, mut crowded) = (Side::new("a fourth alone".to_owned()), Side::new("beside three at full blast".to_owned()));
    let mut others = Side::new("all requests of the three".to_owned());
    asked(stage.address, fourth.clone(), list(), Instant::now() + Duration::from_secs(2)).await?;
    for _ in 0..options.runs {
        quiet.push(Figures::new(time, asked(stage.address, fourth.clone(), list(), Instant::now() + time).await?));
        let until = Instant::now() + time + Duration::from_secs(2);
        let mut tasks = JoinSet::new();
        for (token, body) in crowd.iter().flat_map(|of_user| std::iter::repeat_n(of_user, AT_ONCE)) {
            tasks.spawn(asked(stage.address, token.clone(), body.clone(), until));
        }
        // The crowd has a second to fill its places, and outlasts what is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
        crowded.push(Figures::new(time, asked(stage.address, fourth.clone(), list(), Instant::now() + time).await?));
        let mut times = Vec::new();
        while let Some(of_one) = tasks.join_next().await {
            times.extend(of_one??);
        }
        others.push(Figures::new(time + Duration::from_secs(2), times));
    }
    print_beside(&quiet, &crowded, &others);
    Ok(())
}

fn list() -> String {
    json!({ "query": Work::LIST }).to_string()
}

fn count() -> String {
    json!({ "query": COUNT, "variables": { "from": "2022-01", "through": "2026-12" } }).to_string()
}

/// Asks over one connection, one request after the other. What is refused because others are served counts as well.
async fn asked(address: SocketAddr, token: String, body: String, until: Instant) -> Result<Vec<Duration>, Failure> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::new();
    while Instant::now() < until {
        let began = Instant::now();
        let answer = connection.ask("POST", "/graphql", Some(&token), &body).await?;
        times.push(began.elapsed());
        if ![200, 503].contains(&answer.status) {
            return Err(format!("the API answered {}: {}", answer.status, String::from_utf8_lossy(answer.body)).into());
        }
    }
    Ok(times)
}
