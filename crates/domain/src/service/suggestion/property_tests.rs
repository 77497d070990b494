//! What holds for every list of suggestions, for any candidates.

use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

use super::tests::{VIEWER, candidate, present};
use super::*;
use crate::service::without_repeats;
use crate::vocabulary::Vocabulary;

fn any_of<T: Vocabulary>() -> impl Strategy<Value = T> {
    select(T::ALL)
}

fn some_populations() -> impl Strategy<Value = Vec<Population>> {
    subsequence(&Population::ALL[..4], 0..=2).prop_map(|populations| without_repeats(&populations))
}

/// The capital, its neighbours and the coast.
fn some_county() -> impl Strategy<Value = CountyCode> {
    select(vec![CountyCode::ALL[46], CountyCode::ALL[21], CountyCode::ALL[15], CountyCode::ALL[0]])
}

fn needs() -> impl Strategy<Value = Need> {
    (some_county(), some_populations(), any_of::<MinorStatus>(), any::<bool>()).prop_map(
        |(county, populations, under_18, hurried)| Need {
            viewer: VIEWER,
            county,
            populations,
            under_18,
            act_before: hurried.then(|| present() + TimeDelta::days(2)),
            at: present(),
        },
    )
}

fn some_candidate() -> impl Strategy<Value = Candidate> {
    let offer =
        (some_county(), some_populations(), any::<bool>(), select(vec![Site::Own, Site::FriendlyFacility, Site::Facility]));
    // There are few facilities: several services are then at the same one.
    let facility = (0..4_u128).prop_map(|number| FacilityId(Uuid::from_u128(number)));
    let known = (any_of::<Capacity>(), option::weighted(0.8, 0..60_i64), 0..400_i64, option::of(1..200_u32), 1..4_u128);
    let hours = select(vec!["", "We 08:00-17:00", "Th 08:00-17:00", "Mo,Tu 20:00-06:00", "Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00"])
        .prop_map(|text| OpeningHours::from_text(text).unwrap_or_default());
    let shut = (weighted(0.1), weighted(0.1), hours);
    (offer, known, facility, shut).prop_map(
        |(
            (county, populations, accepts_minors, site),
            (capacity, stated, checked, answer_hours, organisation),
            facility,
            (paused, facility_closed, hours),
        )| {
            Candidate {
                organisation: OrganisationId(Uuid::from_u128(organisation)),
                county,
                populations,
                accepts_minors,
                capacity,
                capacity_updated_at: stated.map(|days| present() - TimeDelta::days(days)),
                site,
                facility: Some(facility).filter(|_| site != Site::Own),
                checked_at: present() - TimeDelta::days(checked),
                paused,
                hours,
                facility_closed: facility_closed && site != Site::Own,
                answer_hours,
                ..candidate(0)
            }
        },
    )
}

/// Candidates with distinct ids, not in the order of their ids.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    vec(some_candidate(), 0..25)
        .prop_map(|mut candidates| {
            for (number, candidate) in candidates.iter_mut().enumerate() {
                candidate.service = ServiceId(Uuid::from_u128(number as u128 + 100));
            }
            candidates
        })
        .prop_shuffle()
}

fn ids(need: &Need, candidates: Vec<Candidate>) -> Vec<ServiceId> {
    need.suggest(candidates).into_iter().map(|ranked| ranked.candidate.service).collect()
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_that_of_the_input(need in needs(), given in candidates()) {
        let forward = ids(&need, given.clone());
        let mut backward = given;
        backward.reverse();
        prop_assert_eq!(forward, ids(&need, backward));
    }

    #[test]
    fn only_those_are_suggested_who_can_take_the_client(need in needs(), given in candidates()) {
        for ranked in need.suggest(given) {
            let service = ranked.candidate;
            prop_assert_ne!(service.capacity.read_at(service.capacity_updated_at, need.at), Capacity::Full);
            prop_assert!(need.under_18 != MinorStatus::Yes || service.accepts_minors);
            let shared = service.populations.iter().any(|population| need.populations.contains(population));
            prop_assert!(shared || service.populations.is_empty() || need.populations.is_empty());
            prop_assert!(service.organisation != VIEWER || service.site != Site::Own);
            prop_assert!(!service.paused && !service.facility_closed);
        }
    }

    #[test]
    fn whoever_can_take_the_client_is_suggested_unless_time_is_short(need in needs(), given in candidates()) {
        let calm = Need { act_before: None, ..need };
        let alone: Vec<&Candidate> = given.iter().filter(|candidate| !calm.suggest(vec![(*candidate).clone()]).is_empty()).collect();
        let facilities: HashSet<FacilityId> = alone.iter().filter_map(|candidate| candidate.facility).collect();
        let elsewhere = alone.iter().filter(|candidate| candidate.facility.is_none()).count();
        prop_assert_eq!(calm.suggest(given).len(), elsewhere + facilities.len());
    }

    #[test]
    fn of_those_at_one_facility_the_own_or_else_the_best_is_suggested(need in needs(), given in candidates()) {
        let calm = Need { act_before: None, ..need.clone() };
        for ranked in calm.suggest(given.clone()) {
            let Some(facility) = ranked.candidate.facility else { continue };
            let there = given.iter().filter(|candidate| candidate.facility == Some(facility));
            // With each at a separate facility, the ranking keeps them all.
            let apart = there.enumerate().map(|(number, candidate)| {
                Candidate { facility: Some(FacilityId(Uuid::from_u128(number as u128 + 100))), ..candidate.clone() }
            });
            let all = calm.suggest(apart.collect());
            let own = all.iter().find(|ranked| ranked.candidate.organisation == VIEWER);
            let expected = own.or(all.first()).map(|ranked| ranked.candidate.service);
            prop_assert_eq!(Some(ranked.candidate.service), expected);
        }
        let hurried: Vec<FacilityId> = need.suggest(given).iter().filter_map(|ranked| ranked.candidate.facility).collect();
        prop_assert_eq!(hurried.iter().collect::<HashSet<_>>().len(), hurried.len(), "each facility once");
    }

    #[test]
    fn a_better_candidate_never_moves_a_worse_one_up(need in needs(), given in candidates(), newcomer in some_candidate()) {
        let before = ids(&need, given.clone());
        let newcomer = Candidate { facility: None, ..newcomer };
        let mut with = given;
        with.push(newcomer);
        let after = ids(&need, with);
        let known: Vec<ServiceId> = after.iter().copied().filter(|id| before.contains(id)).collect();
        // Distant services may be left out. Those that stay keep their order, and none moves up.
        let stayed: Vec<ServiceId> = before.iter().copied().filter(|id| after.contains(id)).collect();
        prop_assert_eq!(&known, &stayed);
        if need.act_before.is_none() {
            prop_assert_eq!(stayed, before);
        }
    }

    #[test]
    fn waitlists_come_last_and_say_so(need in needs(), given in candidates()) {
        let suggested = need.suggest(given);
        let waits = |ranked: &Ranked<Candidate, SuggestionReasonCode>| {
            ranked.reasons.iter().any(|reason| reason.code == SuggestionReasonCode::Waitlist)
        };
        prop_assert!(suggested.is_sorted_by_key(waits));
        for ranked in &suggested {
            let service = &ranked.candidate;
            let waitlist = service.capacity.read_at(service.capacity_updated_at, need.at) == Capacity::Waitlist;
            prop_assert_eq!(waits(ranked), waitlist);
        }
    }

    #[test]
    fn who_has_little_time_is_sent_last_to_what_opens_too_late(need in needs(), given in candidates()) {
        let Some(act_before) = need.act_before else { return Ok(()) };
        let suggested = need.suggest(given);
        let too_late = |ranked: &&Ranked<Candidate, SuggestionReasonCode>| {
            matches!(ranked.candidate.hours.at(need.at), Some(Opening::Closed(next)) if next.at >= act_before)
        };
        let without_waitlist: Vec<_> = suggested.iter().filter(|ranked| need.capacity(&ranked.candidate) != Capacity::Waitlist).collect();
        prop_assert!(without_waitlist.is_sorted_by_key(too_late));
    }

    #[test]
    fn each_says_its_room_its_distance_its_place_and_its_check_and_names_no_score(need in needs(), given in candidates()) {
        for ranked in need.suggest(given) {
            let codes: Vec<SuggestionReasonCode> = ranked.reasons.iter().map(|reason| reason.code).collect();
            let Candidate { organisation, answer_hours, hours, .. } = &ranked.candidate;
            let said = [*organisation == VIEWER, answer_hours.is_some(), !hours.spans().is_empty()];
            prop_assert_eq!(codes.len(), 4 + said.into_iter().filter(|said| *said).count());
            prop_assert!(codes.contains(&SuggestionReasonCode::Checked));
            prop_assert_eq!(without_repeats(&codes).len(), codes.len(), "each reason once");
        }
    }
}
