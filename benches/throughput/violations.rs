//! What documenting a violation costs beside sending a referral, and how long the funnel takes of many.

use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use serde_json::json;
use uuid::Uuid;

use crate::http::Connection;
use crate::load::Work;
use crate::processor::Processes;
use crate::stage::{Caller, MEMBERS, Stage};
use crate::{Failure, Options};

/// How many requests of one kind are sent before as many of the other.
const IN_TURN: usize = 200;
/// How often the funnel is asked for.
const FUNNELS: usize = 20;
const DOCUMENT: &str = "mutation ($input: DocumentViolationInput!) { documentViolation(input: $input) {
    violation { id status documentedIn } advice { code message } userErrors { code field message } } }";
const FUNNEL: &str = "query ($from: Month!, $through: Month!) { violationFunnel(from: $from, through: $through) {
    stages { stage count times { band count } } endings { lastStage outcome count reasons { reason count } } notReported { reason count } } }";
/// Makes up that many violations of an organisation, over the 60 months until the present one.
const MADE_UP: &str = include_str!("violations.sql");

/// What one kind of request took, of one round or of all.
#[derive(Default)]
struct Taken {
    times: Vec<Duration>,
    /// Of the program and of PostgreSQL, in milliseconds a request, one for each round.
    processor: Vec<f64>,
}

impl Taken {
    fn line(mut self, name: &str) -> String {
        self.times.sort_unstable();
        self.processor.sort_by(f64::total_cmp);
        let at = |share: f64| self.times[((self.times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
        let processor = self.processor.get(self.processor.len() / 2).map_or("–".to_owned(), |median| format!("{median:.2} ms"));
        format!("{name:<12} p50 {:>6.1} ms, p99 {:>6.1} ms, processor time {processor}", at(0.5), at(0.99))
    }
}

/// Measures both, one request after the other over one connection.
pub async fn measure(options: &Options, stage: &Stage, many: i32) -> Result<(), Failure> {
    let callers = stage.sign_in(1).await?;
    let (caller, member) = (&callers[0], MEMBERS[0]);
    let processes = stage.processes().await?;
    let mut connection = Connection::open(stage.address).await?;
    let [mut sent, mut documented] = [Taken::default(), Taken::default()];
    // The first round warms up.
    for round in 0..=options.runs {
        for (taken, document) in [(&mut sent, false), (&mut documented, true)] {
            let part = in_turn(&mut connection, caller, processes, document).await?;
            if round > 0 {
                taken.times.extend(part.times);
                taken.processor.extend(part.processor);
            }
        }
    }
    println!("{}\n{}", sent.line("a referral"), documented.line("a violation"));
    stage.superuser.execute(MADE_UP, &[&member, &many]).await?;
    stage.superuser.batch_execute("VACUUM (ANALYZE)").await?;
    let token = stage.token(&format!("analyst@{member}")).await?;
    let row = stage
        .superuser
        .query_one("SELECT to_char(present_month() - interval '59 months', 'YYYY-MM'), to_char(present_month(), 'YYYY-MM')", &[]);
    let row = row.await?;
    let [from, through]: [String; 2] = [row.get(0), row.get(1)];
    let body = json!({ "query": FUNNEL, "variables": { "from": from, "through": through } }).to_string();
    let mut funnels = Taken::default();
    for _ in 0..FUNNELS {
        funnels.times.push(ask(&mut connection, &token, &body, br#"{"data":{"violationFunnel":{"stages":[{"#).await?);
    }
    println!("{} of {many} violations", funnels.line("a funnel"));
    Ok(())
}

async fn in_turn(
    connection: &mut Connection,
    caller: &Caller,
    processes: Option<Processes>,
    document: bool,
) -> Result<Taken, Failure> {
    let before = processes.and_then(Processes::seconds);
    let mut taken = Taken::default();
    for _ in 0..IN_TURN {
        let (body, begins): (String, &[u8]) = if document {
            (document_body(caller), br#"{"data":{"documentViolation":{"violation":{"#)
        } else {
            (Work::Create.body(caller), br#"{"data":{"createReferral":{"referral":{"#)
        };
        taken.times.push(ask(connection, &caller.token, &body, begins).await?);
    }
    if let (Some(before), Some(after)) = (before, processes.and_then(Processes::seconds)) {
        let seconds: f64 = after.iter().zip(before).map(|(after, before)| after - before).sum();
        taken.processor.push(seconds * 1_000.0 / IN_TURN as f64);
    }
    Ok(taken)
}

fn document_body(caller: &Caller) -> String {
    json!({ "query": DOCUMENT, "variables": { "input": {
        "clientMutationId": Uuid::new_v4(),
        "types": ["EXTORTION_BLACKMAIL"],
        "perpetrators": ["POLICE"],
        "populations": ["NOT_STATED"],
        "countyCode": caller.county,
        "occurredIn": caller.months[0],
        "client": BASE32_NOPAD.encode(Uuid::new_v4().as_bytes()).to_lowercase(),
        "consentGiven": true,
    } } })
    .to_string()
}

async fn ask(connection: &mut Connection, token: &str, body: &str, begins: &[u8]) -> Result<Duration, Failure> {
    let began = Instant::now();
    let answer = connection.ask("POST", "/graphql", Some(token), body).await?;
    let took = began.elapsed();
    if !answer.body.starts_with(begins) {
        return Err(format!("the API answered {}: {}", answer.status, String::from_utf8_lossy(answer.body)).into());
    }
    Ok(took)
}
