//! Each part of the rule is removed in turn. A member that subtracts its own records must then learn something: otherwise that
//! part of the rule would be useless.

use pamoja_domain::statistic::SensitivityRule;

use crate::publication::Publisher;
use crate::subtraction::disclosures;
use crate::world::Shape;

/// Small coalitions of a few organisations of uneven size, with many figures at the limit.
fn shapes() -> impl Iterator<Item = Shape> {
    (0..6).map(|seed| Shape {
        organisations: 4 + seed as u16,
        evenness: 60,
        referrals: 40,
        trainings: 3,
        counties: 3,
        services: 2,
        monopolies: 60,
        ..Shape::usual(seed, 0)
    })
}

/// Whether somebody in one of those coalitions learns something of this kind.
fn discloses(rule: fn(SensitivityRule) -> SensitivityRule, what: &str) -> bool {
    shapes().any(|shape| {
        let world = shape.world();
        let found = disclosures(&world, &Publisher { rule: &rule, one_by_one: false }.publish(&world));
        found.iter().any(|disclosure| disclosure.contains(what))
    })
}

#[test]
fn with_the_whole_rule_nobody_learns_anything() {
    assert!(!discloses(|rule| rule, ""));
}

#[test]
fn without_the_contributors_somebody_learns_of_two_organisations() {
    assert!(discloses(|rule| SensitivityRule { contributors: 0, ..rule }, "only of"));
}

#[test]
fn without_the_receivers_somebody_learns_what_one_organisation_did() {
    assert!(discloses(|rule| SensitivityRule { receivers: 0, ..rule }, "only received by"));
}

#[test]
fn without_the_sessions_somebody_learns_of_one_training() {
    assert!(discloses(|rule| SensitivityRule { sessions: 0, ..rule }, "sessions"));
}

#[test]
fn without_the_look_of_one_somebody_learns_of_a_few_clients_of_others() {
    assert!(discloses(|rule| SensitivityRule { unseen_by_one: 0, ..rule }, "is left with"));
}

#[test]
fn without_the_look_of_two_they_learn_of_one_client_together() {
    assert!(discloses(|rule| SensitivityRule { unseen_by_two: 0, ..rule }, "are left with"));
}

/// The fewest units are a second safeguard against the same thing. With three contributors, one of them doesn't see the whole
/// figure. It doesn't see at least ten units, so the figure has at least ten. The number matters only if that other part is
/// removed too.
#[test]
fn the_least_number_follows_from_the_rest_of_the_rule_and_holds_where_that_fails() {
    for shape in shapes() {
        let world = shape.world();
        let figures = |rule: &dyn Fn(SensitivityRule) -> SensitivityRule| -> Vec<usize> {
            let publication = Publisher { rule, one_by_one: false }.publish(&world);
            publication.0.values().map(|page| page.values.len()).collect()
        };
        assert_eq!(figures(&|rule| SensitivityRule { units: 0, ..rule }), figures(&|rule| rule), "{shape:?}");
    }
    assert!(discloses(|rule| SensitivityRule { units: 0, unseen_by_one: 0, ..rule }, "only"));
    assert!(!discloses(|rule| SensitivityRule { unseen_by_one: 0, ..rule }, "units"));
}
