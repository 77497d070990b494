use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use pamoja_domain::id::OrganisationId;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Effort, Holding, Party, Place, Places, Waiting};

fn member(number: u128) -> Party {
    Party::Member(OrganisationId(Uuid::from_u128(number)))
}

/// Polls once: what is free is given at once.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

fn taken(places: &Places, party: Party, effort: Effort) -> Option<Place> {
    at_once(places.place(party, effort)).map(|place| place.expect("a place"))
}

#[tokio::test]
async fn nobody_has_more_than_two_thirds_and_one_place_is_kept_for_whoever_holds_none() {
    let places = Places::of(8);
    let all_of = |number| -> Vec<Place> { std::iter::from_fn(|| taken(&places, member(number), Effort::Ordinary)).collect() };
    let (first, second, third, fourth) = (all_of(1), all_of(2), all_of(3), all_of(4));
    assert_eq!([first.len(), second.len(), third.len(), fourth.len()], [4, 2, 1, 0], "of eight connections one stays free");
}

#[tokio::test]
async fn a_place_goes_to_whoever_holds_the_fewest() {
    let places = Places::of(8);
    let all_of = |number| -> Vec<Place> { std::iter::from_fn(|| taken(&places, member(number), Effort::Ordinary)).collect() };
    let (mut first, _second, _third) = (all_of(1), all_of(2), all_of(3));
    let mut second_waits = Box::pin(places.place(member(2), Effort::Ordinary));
    let mut third_waits = Box::pin(places.place(member(3), Effort::Ordinary));
    assert!(at_once(&mut second_waits).is_none() && at_once(&mut third_waits).is_none());
    first.pop();
    assert!(at_once(&mut third_waits).is_none(), "the place that came back is the kept one");
    first.pop();
    // The second has two and asked before the third, which has one.
    let _of_third = at_once(&mut third_waits).expect("it is the third's turn").expect("a place");
    assert!(at_once(&mut second_waits).is_none());
    first.pop();
    assert!(at_once(&mut second_waits).is_some());
}

#[tokio::test]
async fn an_organisation_counts_once_at_a_time_and_all_together_a_third() {
    let places = Places::of(8);
    let first = taken(&places, member(1), Effort::Counting).expect("it counts");
    assert!(taken(&places, member(1), Effort::Counting).is_none(), "one at a time");
    assert!(taken(&places, member(1), Effort::Ordinary).is_some(), "it does everything else meanwhile");
    let _second = taken(&places, member(2), Effort::Counting).expect("another counts, too");
    assert!(taken(&places, member(3), Effort::Counting).is_none(), "not a third of them");
    drop(first);
    assert!(taken(&places, member(3), Effort::Counting).is_some());
}

#[tokio::test]
async fn the_kept_place_is_for_whoever_asks_for_one_thing_alone() {
    let places = Places::of(5);
    let mut held: Vec<Place> =
        [1, 1, 2, 3].into_iter().map(|number| taken(&places, member(number), Effort::Ordinary).expect("it is free")).collect();
    let mut first = Box::pin(places.place(member(4), Effort::Ordinary));
    let mut second = Box::pin(places.place(member(4), Effort::Ordinary));
    assert!(at_once(&mut first).is_none() && at_once(&mut second).is_none(), "all are taken");
    held.pop();
    assert!(at_once(&mut first).is_none(), "it asks for two at once");
    drop(second);
    held.pop();
    assert!(at_once(&mut first).is_some());
}

#[tokio::test]
async fn while_somebody_counts_one_more_place_is_kept() {
    let places = Places::of(5);
    let counting = taken(&places, member(1), Effort::Counting).expect("it counts");
    let _second = taken(&places, member(2), Effort::Ordinary).expect("it is free");
    assert!(taken(&places, member(2), Effort::Ordinary).is_none(), "two of four are kept");
    let _third = taken(&places, member(3), Effort::Ordinary).expect("one of them");
    let fourth = taken(&places, member(4), Effort::Ordinary).expect("the other");
    drop((counting, fourth));
    assert!(taken(&places, member(2), Effort::Ordinary).is_some(), "one of four is kept");
}

#[tokio::test]
async fn whoever_waits_too_long_is_told_so_and_leaves_the_line() {
    let places = Places::of(1);
    let held = taken(&places, member(1), Effort::Ordinary);
    assert!(places.place(member(2), Effort::Ordinary).await.is_err());
    drop(held);
    assert!(taken(&places, member(3), Effort::Ordinary).is_some(), "nobody waits any more");
}

#[tokio::test]
async fn a_wait_is_expected_by_who_is_ahead_and_how_long_transactions_take() {
    const EACH: Duration = Duration::from_millis(40);
    let places = Places::of(8);
    let all_of = |number| -> Vec<Place> { std::iter::from_fn(|| taken(&places, member(number), Effort::Ordinary)).collect() };
    let line = |number, effort| places.queue().expected(member(number), effort, Instant::now()).0;
    let held = all_of(1);
    places.queue().holdings.insert(member(1), [Holding(EACH), Holding::default()]);
    assert_eq!(line(1, Effort::Ordinary), Duration::ZERO, "nobody waits");
    assert_eq!(places.expected_wait(member(1), Effort::Ordinary, 3), 3 * EACH, "three of one's own take their time");
    let mut waiting: Vec<_> = (0..6).map(|_| Box::pin(places.place(member(1), Effort::Ordinary))).collect();
    assert!(waiting.iter_mut().all(|place| at_once(place).is_none()));
    // Whoever asked last of those who were given places has gone away: the line begins after them.
    let first_of =
        |line: &VecDeque<Waiting>| line.iter().find(|waiting| !waiting.sender.is_closed()).map(|waiting| waiting.since);
    let since = first_of(&places.queue().parties[&member(1)].waiting).expect("the first in line");
    let mine = |after| places.queue().expected(member(1), Effort::Ordinary, since + after).0;
    assert_eq!(mine(Duration::ZERO), EACH * 6 / 4, "four at once have room for six in one and a half of their times");
    assert_eq!((line(2, Effort::Ordinary), line(1, Effort::Counting)), (Duration::ZERO, Duration::ZERO), "each line is its own");
    let other = all_of(2);
    assert_eq!(mine(Duration::ZERO), EACH * 6 / 3, "two share what there is");
    assert_eq!(
        places.expected_wait(member(2), Effort::Ordinary, 9),
        Duration::ZERO,
        "how long another's take says nothing of one's own"
    );
    drop(other);
    waiting.truncate(2);
    assert_eq!(mine(Duration::ZERO), EACH * 2 / 4, "who has gone away waits no longer");
    assert_eq!(mine(3 * EACH), 3 * EACH, "the first has waited longer than it should");
    drop(held);
}

#[test]
fn what_is_known_of_transactions_follows_them() {
    let mut holding = Holding::default();
    let milliseconds = Duration::from_millis;
    holding.note(milliseconds(4));
    assert_eq!(holding.0, milliseconds(4));
    (0..100).for_each(|_| holding.note(milliseconds(20)));
    assert!((milliseconds(19)..=milliseconds(20)).contains(&holding.0), "{:?}", holding.0);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Ask { party: u128, counting: bool },
    GiveUp(usize),
    GiveBack(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..5_u128, prop::bool::weighted(0.3)).prop_map(|(party, counting)| Step::Ask { party, counting }),
        1 => any::<usize>().prop_map(Step::GiveUp),
        3 => any::<usize>().prop_map(Step::GiveBack),
    ];
    prop::collection::vec(step, 1..200)
}

proptest! {
    /// However they come and go: no place is lost or given twice, the shares hold, nobody who may have a place waits beside a free
    /// one, and nobody is given one while somebody waits who holds fewer.
    #[test]
    fn places_are_neither_lost_nor_given_twice_and_go_round(connections in 1..12_usize, steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let _inside = runtime.enter();
        let places = Places::of(connections);
        let (all, most, kept, kept_for_each_count, to_count) = {
            let queue = places.queue();
            (queue.free, queue.most, queue.kept, queue.kept_for_each_count, queue.free_to_count)
        };
        let mut waiting = Vec::new();
        let mut held: Vec<Place> = Vec::new();
        for step in steps {
            match step {
                Step::Ask { party, counting } => {
                    let effort = if counting { Effort::Counting } else { Effort::Ordinary };
                    let places = places.clone();
                    waiting.push((member(party), effort, Box::pin(async move { places.place(member(party), effort).await })));
                }
                Step::GiveUp(index) if !waiting.is_empty() => drop(waiting.swap_remove(index % waiting.len())),
                Step::GiveBack(index) if !held.is_empty() => drop(held.swap_remove(index % held.len())),
                Step::GiveUp(_) | Step::GiveBack(_) => {}
            }
            // Whoever has gone away is noticed when the next place is asked for or given back.
            places.give(&mut places.queue());
            let count = |held: &[Place], party: Party| held.iter().filter(|place| place.party == party).count();
            waiting.retain_mut(|(_, _, place)| match at_once(place) {
                Some(place) => { held.push(place.expect("a place")); false }
                None => true,
            });
            let counting = |held: &[Place]| held.iter().filter(|place| place.effort == Effort::Counting).count();
            prop_assert!(held.len() <= all && counting(&held) <= to_count);
            let mut shares: BTreeMap<String, usize> = BTreeMap::new();
            for place in &held {
                *shares.entry(format!("{:?}", place.party)).or_default() += 1;
            }
            prop_assert!(shares.values().all(|share| *share <= most));
            for (party, effort, _) in &waiting {
                let free = all - held.len();
                let own = count(&held, *party);
                let counts = held.iter().any(|place| place.party == *party && place.effort == Effort::Counting);
                let alone = own == 0 && waiting.iter().filter(|(other, ..)| other == party).count() == 1;
                let may = own < most && (free > kept + kept_for_each_count * counting(&held) || (free > 0 && alone));
                let may_count = *effort == Effort::Ordinary || (!counts && counting(&held) < to_count);
                prop_assert!(!(may && may_count), "somebody waits beside a free place");
            }
        }
        drop(waiting);
        drop(held);
        let queue = places.queue();
        prop_assert_eq!((queue.free, queue.free_to_count, queue.parties.len()), (all, to_count, 0));
    }
}
