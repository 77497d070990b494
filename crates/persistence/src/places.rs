//! Who has the next connection: places are given by organisation in turn, so that no organisation keeps the database from the
//! others.
//!
//! A transaction holds a place as long as it lasts. A place goes to whoever waits and holds the fewest, and among equals to
//! whoever was served longest ago. So what takes long is paid for by those who ask for it. Nobody has more than two thirds, and one
//! place is kept for whoever asks for one thing and holds none. Transactions that count an organisation's records are few at once,
//! and where there are more than three places another one is kept for each of them: it keeps a processor busy for as long as it takes,
//! where others wait half of their time for the program, and whoever asks for little would share what is left with all who ask for much.
//!
//! Before anybody waits they can ask how long it would take: whoever would wait too long is better told so at once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pamoja_domain::access::{Door, Permit};
use pamoja_domain::id::OrganisationId;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::error::StoreError;

#[cfg(test)]
mod tests;

/// The longest wait for a place.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many transactions of one party may wait at once: far more than its users may execute at once.
const WAITING: usize = 1_000;
/// How much of what is known of earlier transactions counts beside a new one: those of some dozens of transactions ago no longer do.
const MEMORY: u32 = 15;
/// Of how many parties it is remembered.
const REMEMBERED: usize = 10_000;

/// What a transaction will do, as far as its place depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// It reads or writes by index, some milliseconds long.
    #[default]
    Ordinary,
    /// It counts the organisation's own records. Each organisation has one at once, and all together a third of the places.
    Counting,
}

/// Who takes turns: the members with each other and with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Party {
    /// What an organisation's users ask for.
    Member(OrganisationId),
    /// What the program does by itself, such as reading the outbox.
    Program,
}

impl Party {
    /// Whose turn a transaction with that permit takes.
    pub(crate) fn of(permit: &Permit) -> Self {
        match permit.door() {
            Door::Member(caller, _) | Door::Reader(caller) => Self::Member(caller.organisation),
            Door::Follower(_) | Door::Job(_) | Door::Housekeeping | Door::Operator(_) => Self::Program,
        }
    }
}

/// The places of a pool's connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places(Arc<Mutex<Queue>>);

/// A place; dropping it gives it to the next.
pub(crate) struct Place {
    party: Party,
    effort: Effort,
    given: Instant,
    /// None once the place is given back, or when nobody took it.
    places: Option<Places>,
}

/// How long a place is held, on average over a party's latest transactions.
#[derive(Clone, Copy, Default)]
struct Holding(Duration);

impl Holding {
    fn note(&mut self, held: Duration) {
        self.0 = if self.0.is_zero() { held } else { (self.0 * MEMORY + held) / (MEMORY + 1) };
    }
}

struct Queue {
    free: usize,
    /// How many places one party may hold.
    most: usize,
    /// How many places only those may take who hold none and wait for one alone, while nobody counts.
    kept: usize,
    /// How many more of those there are for each transaction that counts.
    kept_for_each_count: usize,
    /// How many transactions count.
    counting: usize,
    /// How many more transactions may count.
    free_to_count: usize,
    /// Who holds a place or waits for one.
    parties: HashMap<Party, Turn>,
    /// How many places were given so far.
    given: u64,
    /// How long each party's transactions hold a place, ordinary ones and those that count. What others ask for says nothing of it.
    holdings: HashMap<Party, [Holding; 2]>,
}

/// Somebody who waits for a place.
struct Waiting {
    since: Instant,
    sender: oneshot::Sender<Place>,
}

#[derive(Default)]
struct Turn {
    held: usize,
    counting: bool,
    /// The number of the last place that it was given.
    served: u64,
    waiting: VecDeque<Waiting>,
    waiting_to_count: VecDeque<Waiting>,
}

impl Places {
    /// The places of a pool of that many connections. From four on, one connection stays free for the readiness probe and for
    /// wake-ups; from three places on, one of them is kept for whoever asks for one thing alone, and from four on
    /// one more for each transaction that counts.
    pub(crate) fn of(connections: usize) -> Self {
        let free = if connections > 3 { connections - 1 } else { connections };
        let queue = Queue {
            free,
            most: (2 * free / 3).max(1),
            kept: usize::from(free > 2),
            kept_for_each_count: usize::from(free > 3),
            counting: 0,
            free_to_count: (free / 3).max(1),
            parties: HashMap::new(),
            given: 0,
            holdings: HashMap::new(),
        };
        Self(Arc::new(Mutex::new(queue)))
    }

    /// Waits for a place. The wait ends when the caller drops the future.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it isn't this party's turn within five seconds, or too many of its transactions wait.
    pub(crate) async fn place(&self, party: Party, effort: Effort) -> Result<Place, StoreError> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut queue = self.queue();
            let turn = queue.parties.entry(party).or_default();
            let line = turn.line(effort);
            // Those who have gone away no longer wait.
            if line.len() >= WAITING {
                line.retain(|waiting| !waiting.sender.is_closed());
            }
            if line.len() >= WAITING {
                return Err(StoreError::Unavailable("too many transactions of one organisation wait".to_owned()));
            }
            line.push_back(Waiting { since: Instant::now(), sender });
            self.give(&mut queue);
        }
        match timeout(PATIENCE, receiver).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(StoreError::Unavailable("no connection was free in time".to_owned())),
        }
    }

    /// How long this party's next transaction would wait, by how long transactions took of late, and how long whoever is first in its
    /// line has waited already. `rounds` is how often others of the same user come before it that don't wait here yet: each waits as
    /// long, and then takes as long as a transaction does.
    pub(crate) fn expected_wait(&self, party: Party, effort: Effort, rounds: u32) -> Duration {
        let queue = self.queue();
        let (line, each) = queue.expected(party, effort, Instant::now());
        line.saturating_add(line.saturating_add(each).saturating_mul(rounds))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the free places to those whose turn it is.
    fn give(&self, queue: &mut Queue) {
        while let Some((party, effort)) = queue.next() {
            let Some(turn) = queue.parties.get_mut(&party) else { return };
            let Some(waiting) = turn.line(effort).pop_front() else { return };
            match waiting.sender.send(Place { party, effort, given: Instant::now(), places: Some(self.clone()) }) {
                Ok(()) => queue.note_given(party, effort),
                // Whoever waited has gone away. The queue is locked, so this place must not give itself back.
                Err(mut untaken) => untaken.places = None,
            }
        }
        queue.parties.retain(|_, turn| turn.is_busy());
    }
}

impl Turn {
    fn line(&mut self, effort: Effort) -> &mut VecDeque<Waiting> {
        match effort {
            Effort::Ordinary => &mut self.waiting,
            Effort::Counting => &mut self.waiting_to_count,
        }
    }

    /// Whether the party asks for more than one thing at once. Those who have gone away ask for nothing.
    fn presses(&self) -> bool {
        let waiting = self.waiting.iter().chain(&self.waiting_to_count).filter(|waiting| !waiting.sender.is_closed());
        self.held > 0 || waiting.take(2).count() > 1
    }

    fn is_busy(&self) -> bool {
        self.held > 0 || !self.waiting.is_empty() || !self.waiting_to_count.is_empty()
    }
}

impl Queue {
    /// Who has the next place, and for what. What counts goes first if it may: it may rarely.
    fn next(&self) -> Option<(Party, Effort)> {
        let wanted = |turn: &Turn| {
            if self.free == 0 || turn.held >= self.most || (self.free <= self.kept_now() && turn.presses()) {
                None
            } else if !turn.waiting_to_count.is_empty() && !turn.counting && self.free_to_count > 0 {
                Some(Effort::Counting)
            } else {
                (!turn.waiting.is_empty()).then_some(Effort::Ordinary)
            }
        };
        let turns = self.parties.iter().filter_map(|(party, turn)| Some((turn.held, turn.served, *party, wanted(turn)?)));
        turns.min_by_key(|(held, served, ..)| (*held, *served)).map(|(.., party, effort)| (party, effort))
    }

    /// How many places are kept for those who ask for one thing alone.
    fn kept_now(&self) -> usize {
        self.kept + self.kept_for_each_count * self.counting
    }

    /// How long the party's line is, in time, and how long one transaction takes.
    fn expected(&self, party: Party, effort: Effort, now: Instant) -> (Duration, Duration) {
        let Holding(each) = self.holdings.get(&party).map_or(Holding::default(), |holdings| holdings[effort as usize]);
        let abreast = match effort {
            Effort::Counting => 1,
            Effort::Ordinary => {
                let held: usize = self.parties.values().map(|turn| turn.held).sum();
                // The party itself is one of those who share, whether or not it has anything here yet.
                let others = self.parties.iter().filter(|(other, turn)| **other != party && turn.is_busy()).count();
                ((self.free + held).saturating_sub(self.kept_now()) / (others + 1)).clamp(1, self.most)
            }
        };
        let Some(turn) = self.parties.get(&party) else { return (Duration::ZERO, each) };
        let line = match effort {
            Effort::Ordinary => &turn.waiting,
            Effort::Counting => &turn.waiting_to_count,
        };
        // Those who have gone away no longer wait.
        let mut waiting = line.iter().filter(|waiting| !waiting.sender.is_closed());
        let Some(first) = waiting.next() else { return (Duration::ZERO, each) };
        let ahead = u32::try_from(waiting.count() + 1).unwrap_or(u32::MAX);
        let abreast = u32::try_from(abreast).unwrap_or(u32::MAX);
        (now.saturating_duration_since(first.since).max(each.saturating_mul(ahead) / abreast), each)
    }

    fn note_given(&mut self, party: Party, effort: Effort) {
        self.given += 1;
        self.free -= 1;
        let counts = effort == Effort::Counting;
        self.free_to_count -= usize::from(counts);
        self.counting += usize::from(counts);
        let turn = self.parties.entry(party).or_default();
        turn.held += 1;
        turn.counting |= counts;
        turn.served = self.given;
    }

    fn note_given_back(&mut self, party: Party, effort: Effort, held: Duration) {
        self.free += 1;
        let counts = effort == Effort::Counting;
        if self.holdings.len() >= REMEMBERED && !self.holdings.contains_key(&party) {
            self.holdings.clear();
        }
        self.holdings.entry(party).or_default()[effort as usize].note(held);
        self.free_to_count += usize::from(counts);
        self.counting -= usize::from(counts);
        if let Some(turn) = self.parties.get_mut(&party) {
            turn.held -= 1;
            turn.counting &= !counts;
        }
    }
}

impl Place {
    /// The place of a connection that nobody takes turns for.
    pub(crate) fn of_nobody() -> Self {
        Self { party: Party::Program, effort: Effort::Ordinary, given: Instant::now(), places: None }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(places) = self.places.take() else { return };
        let mut queue = places.queue();
        queue.note_given_back(self.party, self.effort, self.given.elapsed());
        places.give(&mut queue);
    }
}
