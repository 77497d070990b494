//! The subtraction attack: a member subtracts its own records from a published figure, alone or with another member. What remains
//! must be nothing, or so much that it reveals nothing about anybody.

use pamoja_domain::statistic::Subject;
use proptest::prelude::*;

use crate::naive::{Index, rule};
use crate::publication::{Publication, Publisher};
use crate::world::{Shape, World};

/// The published figures from which a member learns too much on its own, each with the reason.
pub fn disclosures(world: &World, publication: &Publication) -> Vec<String> {
    let mut disclosures = Vec::new();
    let mut index = Index::of(world);
    for ((sort, period), page) in &publication.0 {
        for coordinate in page.values.keys() {
            let set = index.set(*sort, *period, *coordinate);
            let units: u64 = set.iter().map(|at| world.records[*at as usize].record.units).sum();
            assert_eq!(units, page.tabulation[coordinate].units, "the true figure of {sort:?} {period:?} {coordinate:?}");
            // People of several cadres from one host have one record key.
            if sort.0.table().subject == Subject::Referrals {
                let keys = set.iter().map(|at| world.records[*at as usize].record.record_key);
                assert_eq!(
                    keys.fold(0, u64::wrapping_add),
                    page.tabulation[coordinate].cell_key,
                    "the cell key of {sort:?} {period:?} {coordinate:?}"
                );
            }
            if let Some(wrong) = index.wrong(&set, &rule(*sort)) {
                disclosures.push(format!("{sort:?} {period:?} {coordinate:?}: {wrong}"));
            }
        }
    }
    disclosures
}

proptest! {
    #![proptest_config(crate::random::cases(8))]
    #[test]
    fn nobody_learns_of_others_by_subtracting_what_is_its_own(shape in Shape::any()) {
        let world = shape.world();
        prop_assert_eq!(disclosures(&world, &Publisher::STANDARD.publish(&world)), Vec::<String>::new());
    }
}

#[test]
fn nobody_does_in_a_coalition_as_it_may_well_be() {
    for (seed, referrals) in [(1, 1_500), (2, 3_000)] {
        let world = Shape::usual(seed, referrals).world();
        let publication = Publisher::STANDARD.publish(&world);
        let published: usize = publication.0.values().map(|page| page.values.len()).sum();
        assert!(published > 300, "so little is published that the attack tells nothing: {published}");
        assert_eq!(disclosures(&world, &publication), Vec::<String>::new());
    }
}
