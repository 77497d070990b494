//! Which months of a question must be counted, since nothing is kept of them.

use std::collections::BTreeSet;

use pamoja_domain::month::Month;

/// The most runs, each of which costs a statement. More of them are joined, and what is kept between them is counted once more.
const MAXIMUM_RUNS: usize = 4;

/// The runs of months that aren't kept, each by its first month and the first after it.
pub(super) fn uncounted([from, until]: [Month; 2], kept: &BTreeSet<Month>) -> Vec<[Month; 2]> {
    let mut runs: Vec<[Month; 2]> = Vec::new();
    let mut month = from;
    while month < until {
        let next = month.plus(1);
        if next <= month {
            // The calendar ends.
            break;
        }
        if !kept.contains(&month) {
            match runs.last_mut() {
                Some(run) if run[1] == month => run[1] = next,
                _ => runs.push([month, next]),
            }
        }
        month = next;
    }
    while runs.len() > MAXIMUM_RUNS {
        let between = |place: &usize| runs[*place][1].through(runs[place + 1][0]);
        let Some(nearest) = (0..runs.len() - 1).min_by_key(between) else { break };
        runs[nearest][1] = runs.remove(nearest + 1)[1];
    }
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_that_are_kept_are_not_counted() {
        let month = |months| Month::parse("", "2025-11").expect("a month").plus(months);
        let kept = |months: &[u32]| months.iter().map(|months| month(*months)).collect();
        assert_eq!(uncounted([month(0), month(5)], &kept(&[])), [[month(0), month(5)]]);
        assert_eq!(uncounted([month(0), month(5)], &kept(&[0, 1, 2, 3, 4])), Vec::<[Month; 2]>::new());
        assert_eq!(uncounted([month(0), month(5)], &kept(&[0, 2, 9])), [[month(1), month(2)], [month(3), month(5)]]);
    }

    proptest! {
        #[test]
        fn each_month_is_kept_or_counted_and_the_runs_are_few(kept in proptest::collection::btree_set(0_u32..60, 0..60)) {
            let month = |months| Month::parse("", "2025-11").expect("a month").plus(months);
            let kept: BTreeSet<Month> = kept.into_iter().map(month).collect();
            let runs = uncounted([month(0), month(60)], &kept);
            prop_assert!(runs.len() <= MAXIMUM_RUNS && runs.windows(2).all(|pair| pair[0][1] < pair[1][0]));
            prop_assert!(runs.iter().all(|[from, until]| from < until && !kept.contains(from) && !kept.contains(&until.before())));
            let counted = |of: Month| runs.iter().any(|[from, until]| *from <= of && of < *until);
            prop_assert!((0..60).map(month).all(|of| kept.contains(&of) || counted(of)));
        }
    }
}
