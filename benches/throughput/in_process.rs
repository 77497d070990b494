//! What a request takes besides time. It is counted in this process, on the same PostgreSQL: a served program can't be asked what it
//! allocates.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use allocation_counter::AllocationInfo;
use clap::ValueEnum;
use pamoja_api::http::telemetry::{self, Level};
use pamoja_demo::private_postgresql::DatabaseRole;

use crate::Failure;
use crate::door::Door;
use crate::load::Work;
use crate::program::Program;
use crate::recording::{FOLDER, Recording};
use crate::stage::{Caller, Stage};

/// How many requests are answered. The least that one took counts: the first ones fill what is kept in memory.
const REQUESTS: usize = 12;

/// What a request takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    statements: usize,
    round_trips: usize,
    allocations: u64,
    /// How much memory was asked for, all in all.
    kilobytes: u64,
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statements, round_trips, allocations, kilobytes } = self;
        write!(
            formatter,
            "A request takes {statements} statements in {round_trips} round trips, and {allocations} allocations of {kilobytes} KB altogether."
        )
    }
}

/// Counts what requests of that work take.
pub async fn count(stage: &Stage, work: Work, caller: &Arc<Caller>) -> Result<Taken, Failure> {
    Ok(answer(stage, work, caller).await?.0)
}

/// Records what PostgreSQL answers to each kind of work.
pub async fn record(stage: &Stage) -> Result<(), Failure> {
    let callers = stage.sign_in(1).await?;
    std::fs::create_dir_all(FOLDER)?;
    for work in Work::value_variants() {
        let (_, recording) = answer(stage, *work, &callers[0]).await?;
        let name = work.to_possible_value().ok_or("a work without a name")?;
        let path = Path::new(FOLDER).join(format!("{}.json", name.get_name()));
        std::fs::write(&path, serde_json::to_string_pretty(&recording)? + "\n")?;
        println!("{} is written.", path.display());
    }
    Ok(())
}

/// Answers requests with a program that has answered none yet.
async fn answer(stage: &Stage, work: Work, caller: &Arc<Caller>) -> Result<(Taken, Recording), Failure> {
    // As in production; only the first time.
    drop(telemetry::log_to(Level::Info, std::io::sink, false));
    let (socket, keys, issuer) = (stage.socket()?, Arc::new(stage.keys()?), stage.issuer());
    let urls = [DatabaseRole::Server, DatabaseRole::SignIn].map(|role| stage.url(role));
    let caller = Arc::clone(caller);
    let answering = tokio::task::spawn_blocking(move || {
        let mut program = Program::serving(Door::open(Some(socket))?, [&urls[0], &urls[1]], keys, &issuer)?;
        let mut taken = Vec::new();
        for number in 0..REQUESTS {
            let body = work.body(&caller);
            let mut memory = AllocationInfo::default();
            let answer = program.answer(&caller.token, &body, |runtime, answered| {
                memory = allocation_counter::measure(|| answered.run_on(runtime));
            })?;
            if number == 0 {
                let recording = &mut program.door.passed().recording;
                (recording.body, recording.bytes) = (body, answer.bytes);
            }
            taken.push(Taken {
                statements: answer.statements,
                round_trips: answer.round_trips,
                allocations: memory.count_total,
                kilobytes: memory.bytes_total / 1_000,
            });
        }
        let least = taken.into_iter().min().ok_or("nothing was answered")?;
        let mut recording = program.door.passed().recording.clone();
        recording.statements = least.statements;
        Ok((least, recording))
    });
    answering.await?
}
