//! The program, served in the process of a benchmark, on one thread, so that all that it does for a request can be counted.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use pamoja_api::app::App;
use pamoja_api::auth::Authority;
use pamoja_api::http::settings::{Settings, WAIT};
use pamoja_api::keys::Keys;
use pamoja_domain::device::SharedHours;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::Failure;
use crate::door::Door;
use crate::http::Connection;

/// How what PostgreSQL answers is recorded anew.
pub const ANEW: &str = "cargo bench --profile dev -p pamoja-api --bench throughput -- --scale 0.02 --record";
/// The audience of the tokens.
pub const AUDIENCE: &str = "pamoja";
/// For how long nothing passes the door once all has that nobody waits for.
const QUIET: Duration = Duration::from_millis(20);
/// How often tasks that have something left to do take turns after an answer.
const TURNS: usize = 16;

/// The program, and a connection to it. It stands still but while it answers.
pub struct Program {
    /// The program's own runtime.
    runtime: Runtime,
    /// Through which the program reaches PostgreSQL, or what stands for it.
    pub door: Door,
    /// The client, which works on threads of its own.
    client: Option<Client>,
}

/// The answer to a request.
pub struct Answer {
    /// The length of its body, in bytes.
    pub bytes: usize,
    /// How many statements the program sent for it, with each begin and end.
    pub statements: usize,
    /// How often it sent PostgreSQL something and waited.
    pub round_trips: usize,
}

struct Client {
    runtime: Runtime,
    connection: Connection,
}

impl Program {
    /// Serves behind that door. The URLs, whose hosts don't count, are those of the role that serves and of the one that signs people
    /// in. `issuer` has issued the tokens.
    pub fn serving(door: Door, [url, sign_in]: [&str; 2], keys: Arc<Keys>, issuer: &str) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let app = {
            let _within = runtime.enter();
            let database = Database::new(&door.url(url), 1)?;
            let gate = Gate::new(&door.url(sign_in), 1, &database)?;
            let authority = Authority::new(&keys, issuer, AUDIENCE);
            App::new(database, gate, keys, authority, settings())
        };
        runtime.spawn(async move { app.serve(listener, None, std::future::pending()).await });
        let client = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let connection = runtime.block_on(Connection::open(address))?;
            Ok::<_, Failure>(Client { runtime, connection })
        });
        // The system accepts the connection; the program takes it up with the first request.
        let client = Some(client.join().map_err(|_| "the client panicked")??);
        Ok(Self { runtime, door, client })
    }

    /// Has the program answer a request. `run` is given what there is to run on this thread: all that the program does for the request, and
    /// nothing else.
    pub fn answer(&mut self, token: &str, body: &str, run: impl FnOnce(&Runtime, Answered)) -> Result<Answer, Failure> {
        self.door.begin();
        let mut client = self.client.take().ok_or("the client panicked")?;
        let (token, body) = (token.to_owned(), body.to_owned());
        let (done, answered) = oneshot::channel();
        let asking = thread::spawn(move || {
            let Client { runtime, connection } = &mut client;
            let answer = runtime.block_on(async {
                let answer = connection.ask("POST", "/graphql", Some(&token), &body).await?;
                if answer.status != 200 || answer.body.windows(9).any(|window| window == br#""errors":"#) {
                    let body = String::from_utf8_lossy(answer.body);
                    return Err(Failure::from(format!("the program answered {}: {body}", answer.status)));
                }
                Ok(answer.body.len())
            });
            done.send(()).ok();
            (client, answer)
        });
        run(&self.runtime, Answered(answered));
        let (client, answer) = asking.join().map_err(|_| "the client panicked")?;
        self.client = Some(client);
        self.wait_until_quiet();
        let passed = self.door.passed();
        if let Some(unknown) = &passed.unknown {
            return Err(format!("PostgreSQL is asked what isn't recorded ({unknown}): record anew with {ANEW}").into());
        }
        Ok(Answer { bytes: answer?, statements: passed.statements, round_trips: passed.round_trips })
    }

    /// What the program sends and doesn't wait for reaches the door a moment later, on a busy machine a longer one.
    fn wait_until_quiet(&self) {
        let mut before = None;
        loop {
            let passed = Some(self.door.passed().statements);
            if passed == before {
                return;
            }
            before = passed;
            #[expect(clippy::disallowed_methods, reason = "this thread serves nobody while it waits")]
            thread::sleep(QUIET);
        }
    }
}

/// Ends when the client has its answer.
pub struct Answered(oneshot::Receiver<()>);

impl Answered {
    /// Runs the program until then, and until all is done that the answer didn't wait for.
    pub fn run_on(self, runtime: &Runtime) {
        runtime.block_on(async {
            drop(self.0.await);
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
        });
    }
}

fn settings() -> Settings {
    Settings {
        introspection: false,
        explain_documents: false,
        explorer: false,
        allowed_origins: Vec::new(),
        shared_hours: SharedHours::default(),
        wait: WAIT,
    }
}
