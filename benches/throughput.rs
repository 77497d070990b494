//! How many requests a second the API serves, compared with pgbench, which does the same work in SQL on the same PostgreSQL.
//!
//! `cargo bench -p pamoja-api` starts a private durable PostgreSQL, fills in the made-up coalition, and serves it with the
//! release binary in a separate process. Then it measures the two sides in turn. `cargo bench -p pamoja-api -- --help` lists the
//! options. These are measurements, not tests: nothing is asserted about them.

#![expect(unreachable_pub, reason = "a benchmark has no outside; pub says what other files of it use")]
#![expect(clippy::disallowed_methods, reason = "the runtime ends with what is measured")]

#[path = "counts/door.rs"]
mod door;
#[path = "throughput/fairness.rs"]
mod fairness;
#[path = "throughput/figures.rs"]
mod figures;
#[path = "throughput/http.rs"]
mod http;
#[path = "throughput/in_process.rs"]
mod in_process;
#[path = "throughput/load.rs"]
mod load;
#[path = "throughput/overload.rs"]
mod overload;
#[path = "throughput/pgbench.rs"]
mod pgbench;
#[path = "throughput/processor.rs"]
mod processor;
#[path = "counts/program.rs"]
mod program;
#[path = "counts/recording.rs"]
mod recording;
#[path = "throughput/stage.rs"]
mod stage;
#[path = "throughput/subscribers.rs"]
mod subscribers;
#[path = "throughput/violations.rs"]
mod violations;
#[path = "counts/wire.rs"]
mod wire;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use figures::{Figures, Side};
use load::Work;
use pgbench::{Pgbench, Script};
use processor::Processes;
use stage::Stage;

/// Any failure; the benchmark ends with its message.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The most connections that pgbench has; PostgreSQL has a process for each.
const BASE: usize = 64;

/// Compares the API with pgbench.
#[derive(Parser)]
#[command(name = "throughput")]
pub struct Options {
    /// How much to make up; 1 means 20,000 referrals, 50 a million, 500 ten millions.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Among how many coalitions of sixteen organisations to divide the referrals: 7 make 112 organisations, 63 make 1,008.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    coalitions: u64,
    /// Which page of the list to read, by its cursor; pgbench reads the first.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    page: u64,
    /// How many seconds one run of one side takes.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many runs each side has; the medians are printed.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How many connections send requests at once.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How many connections the API has to PostgreSQL.
    #[arg(long, default_value_t = 5)]
    pool: u16,
    /// Measure how long one organisation waits while three others ask for all that they can, and nothing else.
    #[arg(long, conflicts_with = "only")]
    fairness: bool,
    /// Measure what happens when three times as much is asked as can be served, and nothing else.
    #[arg(long, conflicts_with_all = ["only", "fairness"])]
    overload: bool,
    /// Measure that many sockets, each with a subscription, and nothing else.
    #[arg(long, value_name = "SOCKETS", conflicts_with_all = ["only", "fairness", "overload"])]
    subscribers: Option<usize>,
    /// Measure documenting beside referring, and the funnel of that many violations, and nothing else.
    #[arg(long, value_name = "VIOLATIONS", conflicts_with_all = ["only", "fairness", "overload", "subscribers"])]
    violations: Option<i32>,
    /// Write what PostgreSQL answers into benches/counts/recorded, and measure nothing.
    #[arg(long, conflicts_with = "fairness")]
    record: bool,
    /// Which work to measure; all of it by default.
    #[arg(long, value_enum)]
    only: Option<Work>,
    /// Where to keep the data for the next run; by default they are new and are removed at the end.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The program that serves; name another build to compare it.
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_pamoja"))]
    program: PathBuf,
    /// Cargo passes this to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if !options.bench {
        println!("This takes minutes and is run by `cargo bench -p pamoja-api`.");
        return ExitCode::SUCCESS;
    }
    // All clients share one thread, which leaves the processors to what is measured.
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(&options)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut words = failure.to_string();
            let mut cause = failure.source();
            while let Some(error) = cause {
                words.push_str(&format!(": {error}"));
                cause = error.source();
            }
            eprintln!("throughput: {words}");
            ExitCode::FAILURE
        }
    }
}

/// Sets up, measures, and cleans up, even when it is interrupted.
async fn run(options: &Options) -> Result<(), Failure> {
    let mut stage = Stage::set(options).await?;
    let outcome = tokio::select! {
        outcome = measure(options, &mut stage) => outcome,
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Failure::from),
    };
    stage.clear().await?;
    outcome
}

async fn measure(options: &Options, stage: &mut Stage) -> Result<(), Failure> {
    if options.fairness {
        println!("{} referrals, {} connections to PostgreSQL.", stage.referrals().await?, options.pool);
        return fairness::measure(options, stage).await;
    }
    if options.overload {
        println!("{} referrals, {} connections to PostgreSQL.", stage.referrals().await?, options.pool);
        return overload::measure(options, stage).await;
    }
    if let Some(sockets) = options.subscribers {
        println!("{} referrals, {} connections to PostgreSQL.", stage.referrals().await?, options.pool);
        return subscribers::measure(options, stage, sockets).await;
    }
    if let Some(many) = options.violations {
        println!("{} referrals, {} connections to PostgreSQL.", stage.referrals().await?, options.pool);
        return violations::measure(options, stage, many).await;
    }
    if options.record {
        return in_process::record(stage).await;
    }
    let pgbench = Pgbench::find(stage).await?;
    if pgbench.is_none() {
        println!("There is no pgbench beside PostgreSQL's programs: the API is measured alone.");
    }
    println!(
        "{}: {} referrals, {} connections, {} of the API to PostgreSQL, {} processors; {} runs of {} s in turn.",
        stage.version().await?,
        stage.referrals().await?,
        options.connections,
        options.pool,
        std::thread::available_parallelism()?,
        options.runs,
        options.seconds,
    );
    for work in Work::value_variants().iter().copied().filter(|work| options.only.is_none_or(|only| only == *work)) {
        measure_work(options, stage, pgbench.as_ref(), work).await?;
    }
    Ok(())
}

/// Warms both sides up and runs them in turn, so that a disturbance of the machine affects both.
async fn measure_work(options: &Options, stage: &mut Stage, pgbench: Option<&Pgbench>, work: Work) -> Result<(), Failure> {
    // Access tokens are valid for some minutes, so each work signs in anew.
    let callers = stage.sign_in(options.page).await?;
    let mut api = Side::new(format!("{work} by the API"));
    let mut bases: Vec<(Script, Side)> = Vec::new();
    if pgbench.is_some() {
        bases = Script::of(work).iter().map(|script| (*script, Side::new(format!("{work} by pgbench, {script}")))).collect();
    }
    let warm_up = Duration::from_secs(options.seconds.clamp(1, 3));
    load::run(stage.address, work, &callers, options.connections, warm_up).await?;
    for (script, _) in &bases {
        if let Some(pgbench) = pgbench {
            pgbench.run(*script, options.connections.min(BASE), warm_up).await?;
        }
    }
    let time = Duration::from_secs(options.seconds);
    let processes = stage.processes().await?;
    let (mut served, mut bytes) = (0, 0);
    for _ in 0..options.runs {
        let before = processes.and_then(Processes::seconds);
        let figures: Figures = load::run(stage.address, work, &callers, options.connections, time).await?;
        served += figures.requests;
        bytes += figures.bytes;
        api.push(figures.with_processor(before, processes.and_then(Processes::seconds)));
        for (script, side) in &mut bases {
            if let Some(pgbench) = pgbench {
                let before = processes.and_then(Processes::seconds);
                let figures = pgbench.run(*script, options.connections.min(BASE), time).await?;
                side.push(figures.with_processor(before, processes.and_then(Processes::seconds)));
            }
        }
    }
    figures::print(&api, bases.iter().map(|(_, side)| side));
    // What is counted in this process is of this build.
    if options.program == Path::new(env!("CARGO_BIN_EXE_pamoja")) {
        println!("{}", in_process::count(stage, work, &callers[0]).await?);
    }
    match stage.resident_megabytes() {
        Some(megabytes) => println!(
            "An answer has {} bytes. After {served} requests the API holds {megabytes:.1} MB of memory.",
            bytes / served.max(1)
        ),
        None => println!("How much memory the API holds is told on Linux alone."),
    }
    Ok(())
}
