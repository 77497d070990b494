//! One way to put suggestions in order: a list of criteria in order of weight. Each criterion says in words what it found.
//!
//! The first criterion that distinguishes two candidates decides; the id decides between equals. There is no score: a person is
//! shown only the order and the reasons.

use crate::message::Message;

/// Why a candidate has its rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<C> {
    /// The code that a frontend acts on.
    pub code: C,
    /// The message for the person.
    pub message: Message,
}

/// What one criterion found about one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<C> {
    /// The candidate's rank. Smaller ranks go first.
    rank: u32,
    /// The reason; `None` where nothing is known, or where another criterion says it.
    reason: Option<Reason<C>>,
}

impl<C> Finding<C> {
    /// This rank, for this reason.
    pub fn new(rank: u32, code: C, message: Message) -> Self {
        Self { rank, reason: Some(Reason { code, message }) }
    }

    /// This rank, without a reason.
    pub fn silent(rank: u32) -> Self {
        Self { rank, reason: None }
    }
}

/// Something that distinguishes candidates. It looks at one candidate only: no candidate's rank depends on the others.
pub type Criterion<'c, T, C> = &'c dyn Fn(&T) -> Finding<C>;

/// A candidate with the reasons for its rank, in the order of the criteria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked<T, C> {
    /// The candidate.
    pub candidate: T,
    /// The reasons.
    pub reasons: Vec<Reason<C>>,
}

/// Puts candidates in order by the criteria, the weightiest first; `id` decides between equals. If the ids differ, the input's
/// order makes no difference.
pub fn rank<T, C, K: Ord>(candidates: Vec<T>, criteria: &[Criterion<'_, T, C>], id: impl Fn(&T) -> K) -> Vec<Ranked<T, C>> {
    let mut judged: Vec<(Vec<u32>, Ranked<T, C>)> = candidates
        .into_iter()
        .map(|candidate| {
            let findings = criteria.iter().map(|criterion| criterion(&candidate));
            let (ranks, reasons): (Vec<u32>, Vec<Option<Reason<C>>>) =
                findings.map(|finding| (finding.rank, finding.reason)).unzip();
            (ranks, Ranked { candidate, reasons: reasons.into_iter().flatten().collect() })
        })
        .collect();
    judged.sort_by(|(left_places, left), (right_places, right)| {
        left_places.cmp(right_places).then_with(|| id(&left.candidate).cmp(&id(&right.candidate)))
    });
    judged.into_iter().map(|(_, ranked)| ranked).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An id and the ranks that three criteria give it.
    type Candidate = (u16, [u32; 3]);

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        prop::collection::btree_map(any::<u16>(), [0..4_u32, 0..4_u32, 0..4_u32], 0..40)
            .prop_map(|candidates| candidates.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
    }

    fn ranked(candidates: Vec<Candidate>) -> Vec<Candidate> {
        let of = |at: usize| move |candidate: &Candidate| Finding::new(candidate.1[at], at, Message::of("because"));
        let (first, second, third) = (of(0), of(1), of(2));
        let ranked = rank(candidates, &[&first, &second, &third], |candidate| candidate.0);
        ranked
            .into_iter()
            .map(|ranked| {
                assert_eq!(ranked.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(), [0, 1, 2]);
                ranked.candidate
            })
            .collect()
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_criteria_whatever_the_order_of_the_input(given in candidates(), seed in any::<u64>()) {
            let mut expected = given.clone();
            expected.sort_by_key(|(id, ranks)| (*ranks, *id));
            let mut otherwise = given.clone();
            if !otherwise.is_empty() {
                let middle = (seed % otherwise.len() as u64) as usize;
                otherwise.rotate_left(middle);
                otherwise.reverse();
            }
            prop_assert_eq!(&ranked(given), &expected);
            prop_assert_eq!(&ranked(otherwise), &expected);
        }

        #[test]
        fn who_joins_never_changes_the_order_of_the_others(given in candidates(), ranks in [0..4_u32, 0..4_u32, 0..4_u32]) {
            let newcomer = (0..=u16::MAX).find(|id| given.iter().all(|(known, _)| known != id)).expect("a free id");
            let before = ranked(given.clone());
            let mut after = given;
            after.push((newcomer, ranks));
            let mut after = ranked(after);
            after.retain(|(id, _)| *id != newcomer);
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn a_criterion_without_a_word_orders_all_the_same() {
        let ranked = rank(vec![1_u32, 3, 2], &[&|candidate: &u32| Finding::<()>::silent(10 - candidate)], |candidate| *candidate);
        let order: Vec<u32> = ranked.iter().map(|ranked| ranked.candidate).collect();
        assert_eq!(order, [3, 2, 1]);
        assert!(ranked.iter().all(|ranked| ranked.reasons.is_empty()));
    }
}
