//! Changes on their way to subscribers, with the proof of their sessions, and the answers that several of them share.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::Response;
use pamoja_domain::access::{Caller, Sight};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::UserId;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::follower;
use pamoja_persistence::outbox::Changed;
use pamoja_persistence::transaction::TenantTx;
use tokio::sync::OnceCell;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// How many changes are answered together: in one snapshot. A subscriber who is slow to read holds as many answers.
const TOGETHER: usize = 4;
/// How long a proof counts. Whoever comes to the changes later proves their own session, as in any request.
const COUNTS: Duration = Duration::from_secs(1);
/// How many bytes of answers are kept for others at once, in all of the process.
const MOST: usize = 16 * 1024 * 1024;

/// Why no more changes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The subscriber has fallen behind, and changes were lost; or the feed has ended.
    Behind,
    /// The subscriber's session is over.
    Session,
}

impl From<RecvError> for Ended {
    fn from(_: RecvError) -> Self {
        Self::Behind
    }
}

/// What the sessions of subscribers were proved to be.
pub struct Proof {
    at: Instant,
    /// By session and secret; none where it isn't in force.
    sights: HashMap<[Uuid; 2], Option<Sight>>,
}

/// What a proof says of a caller.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Proved {
    /// They may see this.
    Sight(Sight),
    /// Their session isn't in force.
    Over,
    /// Nothing, or nothing any more.
    Nothing,
}

impl Proof {
    /// Proves the sessions of those callers, each once.
    pub(crate) async fn read(tx: &TenantTx, callers: &[Caller]) -> Result<Self, StoreError> {
        let at = Instant::now();
        let callers: HashMap<[Uuid; 2], Caller> = callers.iter().map(|caller| (key(caller), *caller)).collect();
        let (keys, callers): (Vec<_>, Vec<_>) = callers.into_iter().unzip();
        let sights = if callers.is_empty() { Vec::new() } else { follower::sights(tx, &callers).await? };
        Ok(Self { at, sights: keys.into_iter().zip(sights).collect() })
    }

    /// Whether it counts still.
    fn counts(&self) -> bool {
        self.at.elapsed() <= COUNTS
    }

    /// What it says of that caller.
    pub(crate) fn of(&self, caller: &Caller) -> Proved {
        match self.sights.get(&key(caller)) {
            _ if !self.counts() => Proved::Nothing,
            Some(Some(sight)) => Proved::Sight(sight.clone()),
            Some(None) => Proved::Over,
            None => Proved::Nothing,
        }
    }
}

fn key(caller: &Caller) -> [Uuid; 2] {
    [caller.session.0, caller.secret.0]
}

/// Some changes, in order.
pub struct News {
    /// The changes.
    pub changes: Vec<Changed>,
    proof: Arc<Proof>,
    kept: Kept,
    answers: Mutex<HashMap<Readers, Arc<OnceCell<Kind>>>>,
}

/// Who is told the same: all with that sight who asked by that view, or one user of them.
type Readers = (Sight, View, Option<UserId>);

/// What is known of an answer.
enum Kind {
    /// All readers are told this.
    Same(Answer),
    /// It is each user's own, too long to be kept, or an error.
    OfEach,
}

/// What tells documents apart that may be answered differently: two that are the same, with the same variables and in the same language, are
/// one view.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct View(pub Arc<str>);

/// Something that a subscriber is told.
#[derive(Clone)]
pub(crate) enum Told {
    /// An answer without an error, as JSON.
    Text(Arc<str>),
    /// An answer with errors, and whether it is the last.
    Failed(Arc<Response>, bool),
}

/// What a document was answered with for some changes.
pub(crate) struct Executed {
    /// In order.
    pub told: Vec<Told>,
    /// Whether it is about the user's own doing, so that others are told something else.
    pub personal: bool,
}

/// The session of the caller in whose name a document was executed is over.
pub(crate) struct Over;

/// What is kept of an answer for others.
struct Answer {
    told: Vec<Told>,
    bytes: usize,
    kept: Kept,
}

/// How many bytes of answers are kept. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<AtomicUsize>);

impl Answer {
    /// Keeps what is told for others. Nothing if there is no room, or if something failed: for others it may not.
    fn keep(told: &[Told], kept: &Kept) -> Option<Self> {
        let length = |told: &Told| if let Told::Text(text) = told { Some(text.len()) } else { None };
        let bytes = told.iter().map(length).sum::<Option<usize>>()?;
        if kept.0.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST {
            kept.0.fetch_sub(bytes, Ordering::Relaxed);
            return None;
        }
        Some(Self { told: told.to_vec(), bytes, kept: kept.clone() })
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.kept.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl News {
    /// Those changes, in pieces that are answered together.
    pub(crate) fn of(changes: &[Changed], proof: &Arc<Proof>, kept: &Kept) -> impl Iterator<Item = Self> {
        changes.chunks(TOGETHER).map(|changes| Self {
            changes: changes.to_vec(),
            proof: Arc::clone(proof),
            kept: kept.clone(),
            answers: Mutex::default(),
        })
    }

    /// The ids of what changed of that kind, in order, each as often as it changed.
    pub(crate) fn ids(&self, kind: ChangeKind) -> Vec<Uuid> {
        self.changes.iter().filter(|change| change.kind == kind).map(|change| change.id).collect()
    }

    /// What the proof of these changes says of that caller.
    pub(crate) fn proved(&self, caller: &Caller) -> Proved {
        self.proof.of(caller)
    }

    /// What that caller, who has that sight, is told of these changes by that view. Whoever comes first executes it for all who are told the
    /// same. What is about the user's own doing is told to that user alone, and so is what is too long to be kept, or failed.
    ///
    /// # Errors
    /// [`Over`] when `execute` says so.
    pub(crate) async fn answer<Executing>(
        &self,
        caller: &Caller,
        sight: &Sight,
        view: &View,
        execute: impl Fn() -> Executing,
    ) -> Result<Vec<Told>, Over>
    where
        Executing: Future<Output = Result<Executed, Over>>,
    {
        for user in [None, Some(caller.user)] {
            let cell = {
                let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(answers.entry((sight.clone(), view.clone(), user)).or_default())
            };
            let mut mine = None;
            let executed = async || {
                let Executed { told, personal } = execute().await?;
                let kind = if personal && user.is_none() {
                    Kind::OfEach
                } else {
                    Answer::keep(&told, &self.kept).map_or(Kind::OfEach, Kind::Same)
                };
                mine = Some(told);
                Ok(kind)
            };
            let known = cell.get_or_try_init(executed).await?;
            match (mine, known) {
                (Some(told), _) => return Ok(told),
                // Whoever waited so long for it that their proof no longer counts proves their own session.
                (None, Kind::Same(answer)) if self.proof.counts() => return Ok(answer.told.clone()),
                (None, Kind::Same(_)) => break,
                (None, Kind::OfEach) => {}
            }
        }
        Ok(execute().await?.told)
    }
}

/// News that somebody may still be told from what is kept.
#[derive(Default)]
pub(crate) struct Recent(Mutex<VecDeque<Arc<News>>>);

impl Recent {
    /// Notes that news were sent.
    pub(crate) fn note(&self, news: Arc<News>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(news);
    }

    /// Forgets the answers to news whose proof no longer counts. A subscriber who is slow to read holds the news, and no answers.
    pub(crate) fn forget_old(&self) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(old) = recent.pop_front_if(|news| !news.proof.counts()) {
            old.answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}
