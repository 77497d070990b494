//! How many instructions the program takes for a request, counted by valgrind, and whether that is what it was.
//!
//! The program is served in this process, and PostgreSQL's part is played by what it answered once: benches/counts/recorded. So the
//! count is that of everything between the bytes of a request and the bytes of its answer, and the same wherever it is made: unlike a
//! time, it doesn't depend on what else runs. `.ci/counts` builds and runs this, `-- --help` lists the options.

#![expect(unreachable_pub, reason = "a benchmark has no outside; pub says what other files of it use")]

#[path = "counts/callgrind.rs"]
mod callgrind;
#[path = "counts/door.rs"]
mod door;
#[path = "counts/figures.rs"]
mod figures;
#[path = "throughput/http.rs"]
mod http;
#[path = "counts/program.rs"]
mod program;
#[path = "counts/recording.rs"]
mod recording;
#[path = "counts/wire.rs"]
mod wire;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mimalloc::MiMalloc;
use pamoja_api::auth::{Authority, LIFETIME};
use pamoja_api::http::telemetry::{self, Level};
use pamoja_api::keys::Keys;
use pamoja_domain::access::Caller;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use pamoja_persistence::clock;
use tokio::runtime::Runtime;
use uuid::Uuid;

use door::Door;
use figures::Figure;
use program::{ANEW, AUDIENCE, Answered, Program};
use recording::{FOLDER, Recording};

/// The program's own: what it takes is counted too.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Any failure; the benchmark ends with its message.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The kinds of requests that are recorded. What a creation leaves to do comes last: other processes are woken some milliseconds later.
const KINDS: [&str; 5] = ["list", "one", "table", "nothing", "create"];
/// The kind that is also counted with documents that the program doesn't know yet.
const ALSO_UNKNOWN: &str = "list";
/// How many requests of a kind come first, so that all is in memory that stays there.
const WARM: usize = 2;
/// How many may fail before: in valgrind, and on a busy machine, the very first can take longer than the program lets it.
const LATE: usize = 5;
/// How many are counted, of those that take as many statements as the recorded one. The least counts.
const COUNTED: usize = 3;
/// How many are tried.
const ATTEMPTS: usize = 30;

/// Counts the program's instructions.
#[derive(Parser)]
#[command(name = "counts")]
struct Options {
    /// Write the figures that are to be committed, in place of comparing with them.
    #[arg(long)]
    write: bool,
    /// Answer the requests: in valgrind, which counts.
    #[arg(long, hide = true)]
    answer: bool,
    /// Cargo passes this to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = if options.answer {
        answer()
    } else if options.bench {
        count(options.write)
    } else {
        println!("This is run by .ci/counts.");
        Ok(())
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("counts: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn count(write: bool) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("pamoja-callgrind-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let counted = callgrind::count(&folder, "--answer");
    std::fs::remove_dir_all(&folder)?;
    let (printed, counted) = counted?;
    let mut counted = counted.into_iter();
    let figures = printed.lines().map(|line| figure(line, &mut counted)).collect::<Option<Vec<Figure>>>();
    let figures = figures.filter(|_| counted.next().is_none()).ok_or("callgrind counts something else than it was told to")?;
    figures::print(&figures);
    if write { figures::write(&figures) } else { figures::compare(&figures) }
}

/// Reads what was printed of a kind, and takes what was counted of it: see [`answer_all`].
fn figure(printed: &str, counted: &mut impl Iterator<Item = u64>) -> Option<Figure> {
    let mut parts = printed.split('\t');
    let kind = parts.next()?.to_owned();
    let mut number = || parts.next()?.parse().ok();
    let (requests, statements, round_trips, bytes) = (number()?, number()?, number()?, number()?);
    let counted: Vec<u64> = counted.take(requests).collect();
    let instructions = counted.iter().min().copied().filter(|_| counted.len() == requests)?;
    Some(Figure { kind, instructions, statements, round_trips, bytes })
}

/// Answers all kinds of requests, and prints a line for each.
fn answer() -> Result<(), Failure> {
    telemetry::init(Level::Info)?;
    let door = Door::open(None)?;
    // Before a connection is made: making one asks for something.
    door.passed().recording = recorded(KINDS[0])?;
    let (url, issuer, keys) = ("postgresql://nobody@/pamoja", "https://pamoja.example", Keys::generate());
    let id = Uuid::from_u128;
    let caller = Caller {
        organisation: OrganisationId(id(1)),
        user: UserId(id(2)),
        session: SessionId(id(3)),
        secret: SessionSecret(id(4)),
    };
    let token = Authority::new(&keys, issuer, AUDIENCE).issue(caller, clock::now(), LIFETIME);
    let mut program = Program::serving(door, [url, url], Arc::new(keys), issuer)?;
    for kind in KINDS {
        let recording = recorded(kind)?;
        program.door.passed().recording = recording.clone();
        answer_all(&mut program, &token, (kind, &recording), |_| recording.body.clone())?;
        if kind == ALSO_UNKNOWN {
            let name = format!("{kind}, unknown document");
            answer_all(&mut program, &token, (&name, &recording), |number| unknown(&recording.body, number))?;
        }
    }
    Ok(())
}

fn recorded(kind: &str) -> Result<Recording, Failure> {
    let path = Path::new(FOLDER).join(format!("{kind}.json"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// Answers requests of one kind, and prints what it is, how many were counted, the statements and round trips of each, and the length of
/// its answer.
fn answer_all(
    program: &mut Program,
    token: &str,
    (kind, recording): (&str, &Recording),
    body: impl Fn(usize) -> String,
) -> Result<(), Failure> {
    let (mut warm, mut late) = (0, 0);
    while warm < WARM {
        match program.answer(token, &body(warm + late), run_uncounted) {
            Ok(_) => warm += 1,
            Err(failure) if late == LATE => return Err(failure),
            Err(_) => late += 1,
        }
    }
    let (mut counted, mut good, mut statements) = (0, Vec::new(), 0);
    while good.len() < COUNTED && counted < ATTEMPTS {
        // What is in memory for two seconds is read anew before, and not while it is counted.
        program.answer(token, &recording.body, run_uncounted)?;
        let answer = program.answer(token, &body(WARM + late + counted), run_counted)?;
        (counted, statements) = (counted + 1, answer.statements);
        if answer.bytes != recording.bytes {
            let (now, before) = (answer.bytes, recording.bytes);
            return Err(format!("{kind}: an answer has {now} bytes, and had {before}: record anew with {ANEW}").into());
        }
        if answer.statements == recording.statements {
            good.push(answer);
        }
    }
    let Some(answer) = good.last() else {
        let before = recording.statements;
        let busy = "unless the machine is so busy that what is in memory grows old between two requests";
        return Err(format!("{kind} takes {statements} statements, and took {before}: record anew with {ANEW}, {busy}").into());
    };
    println!("{kind}\t{counted}\t{}\t{}\t{}", answer.statements, answer.round_trips, answer.bytes);
    Ok(())
}

/// The same request, in another text each time.
fn unknown(body: &str, number: usize) -> String {
    let written = r#"{"query":""#;
    body.replacen(written, &format!("{written}{}", " ".repeat(number + 1)), 1)
}

/// What is done within this function is counted: callgrind looks for its name.
#[inline(never)]
fn run_counted(runtime: &Runtime, answered: Answered) {
    answered.run_on(black_box(runtime));
}

fn run_uncounted(runtime: &Runtime, answered: Answered) {
    answered.run_on(runtime);
}
