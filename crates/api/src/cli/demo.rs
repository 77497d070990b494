//! The demo: a made-up coalition on a private PostgreSQL.

mod clock;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use pamoja_demo::coalition::{self, Plan};
use pamoja_demo::private_postgresql::{DATABASE, DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::device::SharedHours;
use pamoja_domain::facility::{Register, parse_registers};
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;
use pamoja_persistence::job;
use tokio::task::JoinSet;

use super::publish::NOISE_KEY;
use super::serve::{AUDIENCE, allowed, bind};
use super::settings::stop_signal;
use super::{Problem, import, open_files, progress, publish};
use crate::app::App;
use crate::auth::{self, Authority};
use crate::http::settings::{Settings, WAIT};
use crate::http::telemetry::{self, Level};
use crate::jobs::publication::Publication;
use crate::jobs::upkeep;
use crate::keys::{Keys, noise};

/// Where the demo keeps its data by default.
pub(super) const DATA_DIRECTORY: &str = ".pamoja";
/// The password of every demo account.
const PASSWORD: &str = "pamoja-demo-only";
/// The national facility register for three counties, as the project ships it.
const REGISTER: &[u8] = include_bytes!("../../../../data/kenya/facilities.json");

/// How to run the demo.
#[derive(Args)]
pub(super) struct DemoArguments {
    /// The address to listen on; it must be on this machine.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to keep the data; a second start continues with them.
    #[arg(long, value_name = "DIR", default_value = DATA_DIRECTORY)]
    data_dir: PathBuf,
    /// The seed of the made-up coalition; the same seed gives the same coalition.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How much to make up; 1 means 20,000 referrals and 300 trainings.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Origins of frontends under development that browsers may call from, separated by commas, such as `http://localhost:5173`.
    #[arg(long, env = "PAMOJA_ALLOWED_ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<String>,
    /// For tests: a file with the seconds by which the clock is ahead. Choose it when the data directory is new.
    #[arg(long, value_name = "FILE", hide = true)]
    movable_clock: Option<PathBuf>,
    /// How much to log; each level includes those before it. No level logs a value from a request or a row, except the origin of a page
    /// that was refused.
    #[arg(long, env = "PAMOJA_LOG", value_enum, default_value_t = Level::Warn)]
    log: Level,
}

impl DemoArguments {
    /// The URL with which a role connects to the demo's database.
    fn url(&self, postgres: &PrivatePostgresql, role: DatabaseRole) -> String {
        postgres.connection_url_to(role, if self.movable_clock.is_some() { clock::DATABASE } else { DATABASE })
    }
}

/// Runs the demo until Ctrl-C or SIGTERM.
pub(super) async fn run(arguments: DemoArguments) -> Result<(), Problem> {
    telemetry::init(arguments.log)?;
    open_files::allow();
    if !arguments.listen.ip().is_loopback() {
        return Err(Problem::new("the demo listens on this machine alone: choose an address such as 127.0.0.1:8080"));
    }
    if !(0.0..=100.0).contains(&arguments.scale) {
        return Err(Problem::new("--scale is between 0 and 100"));
    }
    let allowed_origins = allowed(&arguments.allowed_origins)?;
    let began = Instant::now();
    let stop = stop_signal()?;
    let listener = bind(arguments.listen).await?;
    let address = listener.local_addr()?;
    let postgres = PrivatePostgresql::start(&arguments.data_dir, ServerOptions::default()).await?;
    // A signal that comes while the demo still makes up data ends it in order too.
    let outcome = tokio::select! {
        outcome = prepare(&arguments, allowed_origins, &postgres, address, began) => outcome.map(Some),
        () = stop.cancelled() => Ok(None),
    };
    let outcome = match outcome {
        Ok(Some(Ready { app, worker, keys })) => {
            let publication =
                Publication::new(arguments.url(&postgres, DatabaseRole::Publisher), arguments.data_dir.join(NOISE_KEY));
            let mut beside = JoinSet::new();
            if let Some(file) = arguments.movable_clock.clone() {
                let owner = arguments.url(&postgres, DatabaseRole::Owner);
                beside.spawn(clock::follow(file, owner, [app.database.clone(), worker.clone()]));
            }
            beside.spawn(upkeep::run(worker, keys));
            beside.spawn(publication.run_daily());
            let closing = stop.child_token();
            let looked_after = async {
                let outcome = tokio::select! {
                    lost = postgres.keep_running() => Err(lost),
                    () = closing.cancelled() => Ok(()),
                };
                closing.cancel();
                outcome
            };
            let served = async {
                let served = app.serve(listener, None, closing.cancelled()).await;
                closing.cancel();
                served
            };
            let (looked_after, served) = tokio::join!(looked_after, served);
            beside.shutdown().await;
            looked_after.map_err(Problem::from).and(served.map_err(Problem::from))
        }
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    postgres.stop().await?;
    outcome
}

/// A demo that is ready to serve.
struct Ready {
    app: App,
    /// The database, as the role of the jobs.
    worker: Database,
    keys: Arc<Keys>,
}

async fn prepare(
    arguments: &DemoArguments,
    allowed_origins: Vec<String>,
    postgres: &PrivatePostgresql,
    address: SocketAddr,
    began: Instant,
) -> Result<Ready, Problem> {
    postgres.prepare().await?;
    if arguments.movable_clock.is_some() {
        postgres.create_database(clock::DATABASE, Some(DATABASE)).await?;
    }
    let keys = Arc::new(keys(&arguments.data_dir.join("keys"))?);
    let database = Database::new(&arguments.url(postgres, DatabaseRole::Server), 8)?;
    let gate = Gate::new(&arguments.url(postgres, DatabaseRole::SignIn), 4, &database)?;
    let worker = database.as_another_role(&arguments.url(postgres, DatabaseRole::Worker), 4)?;
    let filled = match fill(arguments, postgres, &worker, &keys).await? {
        // They read other tables.
        Some(report) => {
            let (figures, ()) = tokio::try_join!(publish(arguments, postgres), publish_means(&worker))?;
            report + &figures
        }
        None => format!("Going on where it was.\n{}", publish(arguments, postgres).await?),
    };
    let issuer = format!("http://{address}");
    let authority = Authority::new(&keys, &issuer, AUDIENCE);
    let settings = Settings {
        introspection: true,
        explain_documents: true,
        explorer: true,
        allowed_origins,
        shared_hours: SharedHours::default(),
        wait: WAIT,
    };
    let app = App::new(database, gate, keys.clone(), authority, settings);
    print!("{}", greeting(address, filled, began));
    Ok(Ready { app, worker, keys })
}

fn keys(directory: &Path) -> Result<Keys, Problem> {
    if directory.exists() { Ok(Keys::read(directory)?) } else { Ok(Keys::create(directory)?) }
}

/// Imports the register and makes up the coalition, unless an earlier start did. Returns the lines that report it.
/// None where it was there.
async fn fill(
    arguments: &DemoArguments,
    postgres: &PrivatePostgresql,
    worker: &Database,
    keys: &Arc<Keys>,
) -> Result<Option<String>, Problem> {
    let superuser = arguments.url(postgres, DatabaseRole::Superuser);
    if coalition::is_filled(&superuser).await? {
        return Ok(None);
    }
    let register: Register = parse_registers([("data/kenya/facilities.json", REGISTER)])?;
    let operator = Database::new(&arguments.url(postgres, DatabaseRole::Operator), 1)?;
    let taken_in = import::facilities(&operator, &register, import::Manner::default()).await?;
    let mut report = import::summary(&register, &taken_in);
    let bar = progress::bar("Made-up coalition");
    let slip_keys = keys.clone();
    let plan = Plan {
        seed: arguments.seed,
        scale: arguments.scale,
        coalitions: 1,
        at: worker.now(),
        credential: auth::new_credential(PASSWORD)?,
        slip: Arc::new(move |nonce| slip_keys.slip_look_up_hash(slip_keys.slip_code(&nonce))),
    };
    let filled = coalition::fill(&superuser, &plan, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    report.push_str(&format!(
        "Made up {} organisations, {} accounts, {} services, {} referrals and {} trainings.\n",
        filled.organisations, filled.users, filled.services, filled.referrals, filled.trainings
    ));
    Ok(Some(report))
}

/// Publishes the means of what clients and hosts said, as the jobs do, so that they are there from the start.
async fn publish_means(worker: &Database) -> Result<(), Problem> {
    for organisation in job::organisations(worker).await? {
        job::publish_friendliness(worker, organisation).await?;
        job::publish_satisfaction(worker, organisation).await?;
    }
    Ok(())
}

/// Publishes the closed months. Returns the lines that report it.
async fn publish(arguments: &DemoArguments, postgres: &PrivatePostgresql) -> Result<String, Problem> {
    let file = arguments.data_dir.join(NOISE_KEY);
    if !file.exists() {
        noise::create(&file)?;
    }
    let publication = Publication::new(arguments.url(postgres, DatabaseRole::Publisher), file);
    Ok(publish::summary(&publish::with_bar(&publication, None).await?))
}

fn greeting(address: SocketAddr, filled: String, began: Instant) -> String {
    format!(
        r#"{filled}Ready after {:.1} s on http://{address}/graphql (an explorer in the browser). Ctrl-C stops all of it.

Everybody here is made up. Sign in as peer@, caseworker@, paralegal@, trainer@, analyst@ or admin@ one of
jirani kando bandari ziwa dada malaika pwani daraja mwanga upinde afya nuru tumaini haki sauti secretariat,
for example caseworker@jirani, with the password {PASSWORD}. A first request:

TOKEN=$(curl -s http://{address}/session -H 'content-type: application/json' \
  -d '{{"username":"caseworker@jirani","password":"{PASSWORD}"}}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')
curl -s http://{address}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \
  -d '{{"query":"{{ viewer {{ organisation {{ name }} }} referrals(direction: INCOMING, first: 3) {{ nodes {{ serviceType status allowedActions }} }} }}"}}'

"#,
        began.elapsed().as_secs_f32(),
    )
}
