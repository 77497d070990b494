//! A door to PostgreSQL that counts what passes: to a server, whose answers it keeps; or to a recording, where nobody serves.

use std::io::{self, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::recording::Recording;
use crate::wire::{Asking, answer, done, welcome};

/// What the program asks beside its requests when a connection was slow, as all is on a very busy machine.
const PING: &str = "say SELECT 1";
/// What tells other processes of a change, some milliseconds after it: on a slow machine before the request is answered, on a fast one
/// after.
const CALL: &str = "say NOTIFY pamoja_outbox";
/// The file of the door's socket, in the folder that its URLs name.
const SOCKET: &str = ".s.PGSQL.5432";

/// A door that is open. It closes, and its folder goes, when it is dropped.
pub struct Door {
    folder: PathBuf,
    passed: Arc<Mutex<Passed>>,
}

/// What has passed a door since the request began.
#[derive(Default)]
pub struct Passed {
    /// Statements, with each begin and end.
    pub statements: usize,
    /// How often the program sent something and waited.
    pub round_trips: usize,
    /// What was asked that isn't recorded.
    pub unknown: Option<String>,
    /// What PostgreSQL answers, or has answered.
    pub recording: Recording,
}

impl Door {
    /// Opens a door to the server with that socket; without one, to what is recorded.
    pub fn open(server: Option<PathBuf>) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("pamoja-counts-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(SOCKET);
        drop(std::fs::remove_file(&path));
        let listener = UnixListener::bind(&path)?;
        let passed = Arc::<Mutex<Passed>>::default();
        let noting = Arc::clone(&passed);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (noting, server) = (Arc::clone(&noting), server.clone());
                // What breaks off is told by the program, which then has no answer.
                thread::spawn(move || pass(stream, server.as_deref(), &noting));
            }
        });
        Ok(Self { folder, passed })
    }

    /// The URL that leads through the door as the role and to the database of this one.
    pub fn url(&self, url: &str) -> String {
        format!("{}?host={}", url.split('?').next().unwrap_or_default(), self.folder.display())
    }

    /// What has passed.
    pub fn passed(&self) -> MutexGuard<'_, Passed> {
        lock(&self.passed)
    }

    /// Another request begins.
    pub fn begin(&self) {
        let mut passed = self.passed();
        (passed.statements, passed.round_trips) = (0, 0);
        passed.recording.begin();
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn lock(passed: &Mutex<Passed>) -> MutexGuard<'_, Passed> {
    passed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves one connection until the program closes it.
fn pass(client: UnixStream, server: Option<&Path>, passed: &Mutex<Passed>) -> io::Result<()> {
    let mut to_client = client.try_clone()?;
    let mut asking = Asking::new(client);
    let opening = asking.opening()?;
    let mut server = server.map(UnixStream::connect).transpose()?;
    match &mut server {
        None => to_client.write_all(&welcome())?,
        Some(server) => {
            server.write_all(&opening)?;
            let mut to_server = server.try_clone()?;
            answer(server, |message| {
                to_client.write_all(message)?;
                // A demand for something, which the client answers: all but "you are in" and the last word of SCRAM.
                if message[0] == b'R' && !matches!(message[8], 0 | 12) {
                    to_server.write_all(&asking.message()?)?;
                }
                Ok(())
            })?;
        }
    }
    while let Some(question) = asking.question()? {
        let answered = match &mut server {
            Some(server) => {
                server.write_all(&question.bytes)?;
                let answered = answer(server, |_| Ok(()))?;
                lock(passed).recording.keep(&question.asked, &answered);
                Some(answered)
            }
            None if question.asked == PING => Some(done()),
            None => lock(passed).recording.answer(&question.asked),
        };
        let mut passed = lock(passed);
        // What the clock asks for is no request's, whenever it falls.
        if question.asked != PING && question.asked != CALL {
            passed.statements += usize::from(question.executes());
            passed.round_trips += usize::from(question.is_first);
        }
        let Some(answered) = answered else {
            passed.unknown = Some(question.asked);
            return Ok(());
        };
        drop(passed);
        to_client.write_all(&answered)?;
    }
    Ok(())
}
