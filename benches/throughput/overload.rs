//! What happens when more is asked than can be served: three times as much, whether or not earlier requests have been answered.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::figures::{milliseconds, percentile};
use crate::http::Connection;
use crate::load::{self, Work};
use crate::stage::{Caller, Stage};
use crate::{Failure, Options};

/// How many times as much is asked as can be served.
const TIMES: f64 = 3.0;
/// How often the next requests are sent.
const TICK: Duration = Duration::from_millis(5);
/// The most connections that the crowd opens.
const CONNECTIONS: usize = 4_000;

/// One answer of the crowd's.
struct Answered {
    status: u16,
    took: Duration,
}

/// Measures what can be served, asks for three times as much, and looks how soon all is well again.
pub async fn measure(options: &Options, stage: &Stage) -> Result<(), Failure> {
    let callers = stage.sign_in(1).await?;
    load::run(stage.address, Work::List, &callers, options.connections, Duration::from_secs(2)).await?;
    let time = Duration::from_secs(options.seconds);
    let served = load::run(stage.address, Work::List, &callers, options.connections, time).await?;
    let rate = served.rate() * TIMES;
    println!(
        "{} connections are served {:.0} lists a second, p99 {:.1} ms. Now {rate:.0} a second are sent, answered or not.",
        options.connections,
        served.rate(),
        served.nearly_all_within()
    );
    for _ in 0..options.runs {
        let before = stage.resident_megabytes().unwrap_or_default();
        let (answers, health, most) = LocalSet::new().run_until(crowd(stage, &callers, rate, time)).await?;
        let well = until_well(stage, &callers[0], served.nearly_all_within()).await?;
        let of = |status: u16| -> Vec<Duration> {
            let mut times: Vec<Duration> =
                answers.iter().filter(|answered| answered.status == status).map(|answered| answered.took).collect();
            times.sort_unstable();
            times
        };
        let (accepted, refused) = (of(200), of(503));
        let others = answers.len() - accepted.len() - refused.len();
        let told = |times: &[Duration]| {
            let within = |share| percentile(times, share).map_or(f64::NAN, milliseconds);
            format!("p50 {:.0}, p99 {:.0}, longest {:.0} ms", within(0.5), within(0.99), within(1.0))
        };
        println!("  accepted {:.0}/s: {}", accepted.len() as f64 / time.as_secs_f64(), told(&accepted));
        println!("  refused {:.0}/s: {}; {others} other answers", refused.len() as f64 / time.as_secs_f64(), told(&refused));
        let ready = health.iter().filter(|probe| probe.status == 200).count();
        let slowest = health.iter().map(|probe| probe.took).max().unwrap_or_default();
        println!("  ready {ready} of {} times, slowest answer {:.0} ms", health.len(), milliseconds(slowest));
        println!("  memory {before:.0} MB before, {most:.0} MB at most; well again after {:.0} ms", milliseconds(well));
    }
    Ok(())
}

/// Sends at that rate for that time. Returns all answers, those of the readiness probe, and how much memory the API held at most.
async fn crowd(
    stage: &Stage,
    callers: &[Arc<Caller>],
    rate: f64,
    time: Duration,
) -> Result<(Vec<Answered>, Vec<Answered>, f64), Failure> {
    let idle: Rc<RefCell<Vec<Connection>>> = Rc::default();
    let mut tasks: JoinSet<Result<Answered, Failure>> = JoinSet::new();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, mut sent, mut open, mut most) = (Instant::now(), 0, 0, 0.0_f64);
    let mut answers = Vec::new();
    let mut health: JoinSet<Result<Answered, Failure>> = JoinSet::new();
    let mut probed = Instant::now();
    while began.elapsed() < time {
        ticks.tick().await;
        let due = (began.elapsed().as_secs_f64() * rate) as usize;
        while sent < due {
            let known = idle.borrow_mut().pop();
            if known.is_none() && open >= CONNECTIONS {
                return Err(format!("{CONNECTIONS} connections wait for answers").into());
            }
            open += usize::from(known.is_none());
            let (idle, caller, address) = (Rc::clone(&idle), Arc::clone(&callers[sent % callers.len()]), stage.address);
            tasks.spawn_local(async move {
                let before = Instant::now();
                let mut connection = match known {
                    Some(connection) => connection,
                    None => Connection::open(address).await?,
                };
                let body = json!({ "query": Work::LIST }).to_string();
                let status = connection.ask("POST", "/graphql", Some(&caller.token), &body).await?.status;
                idle.borrow_mut().push(connection);
                Ok(Answered { status, took: before.elapsed() })
            });
            sent += 1;
        }
        while let Some(answered) = tasks.try_join_next() {
            answers.push(answered??);
        }
        if probed.elapsed() > Duration::from_millis(200) {
            probed = Instant::now();
            most = most.max(stage.resident_megabytes().unwrap_or_default());
            health.spawn_local(probe(stage.address));
        }
    }
    while let Some(answered) = tasks.join_next().await {
        answers.push(answered??);
    }
    let mut probes = Vec::new();
    while let Some(answered) = health.join_next().await {
        probes.push(answered??);
    }
    Ok((answers, probes, most))
}

async fn probe(address: std::net::SocketAddr) -> Result<Answered, Failure> {
    let before = Instant::now();
    let status = Connection::open(address).await?.ask("GET", "/health/ready", None, "").await?.status;
    Ok(Answered { status, took: before.elapsed() })
}

/// How long it takes until ten requests in a row are answered as soon as before.
async fn until_well(stage: &Stage, caller: &Caller, usual: f64) -> Result<Duration, Failure> {
    let began = Instant::now();
    let mut connection = Connection::open(stage.address).await?;
    let body = json!({ "query": Work::LIST }).to_string();
    let (mut in_a_row, mut since) = (0, Instant::now());
    while in_a_row < 10 {
        let before = Instant::now();
        let status = connection.ask("POST", "/graphql", Some(&caller.token), &body).await?.status;
        if status == 200 && milliseconds(before.elapsed()) <= usual {
            in_a_row += 1;
        } else {
            in_a_row = 0;
            sleep(Duration::from_millis(10)).await;
            since = Instant::now();
        }
    }
    Ok(since - began)
}
