//! The rules of trainings are consistent.

use chrono::{Days, Months, NaiveDate, TimeZone, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::day::start_of_day;
use crate::id::{OrganisationId, TrainingOfferId};
use crate::language::LanguageCode;
use crate::moves::{Allowed, Moves};
use crate::refusal::UserErrorCode;
use crate::vocabulary::Vocabulary;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

#[test]
fn topics_are_close_to_each_other_both_ways_and_never_to_themselves() {
    for topic in TrainingTopic::ALL {
        let related = topic.related();
        assert!(!related.contains(topic), "{topic}");
        assert!(related.iter().all(|other| other.related().contains(topic)), "{topic}");
        let distinct: std::collections::BTreeSet<_> = related.iter().collect();
        assert_eq!(distinct.len(), related.len(), "{topic}");
    }
}

#[test]
fn people_are_asked_again_from_the_same_day_of_the_month_on() {
    let [three, six] = MonthsAfter::ALL;
    assert_eq!(
        (follow_up_day(day(2026, 1, 15), three), follow_up_day(day(2026, 1, 15), six)),
        (day(2026, 4, 15), day(2026, 7, 15))
    );
    assert_eq!(follow_up_day(day(2026, 11, 30), three), day(2027, 2, 28), "the last day of a short month");
    let draft = FollowUpDraft { months_after: 3, asked: 5, still_using: 5 };
    let from = start_of_day(day(2026, 4, 15));
    assert!(FollowUp::parse(draft, day(2026, 1, 15), 5, from).is_ok());
    assert!(FollowUp::parse(draft, day(2026, 1, 15), 5, from - chrono::TimeDelta::seconds(1)).is_err());
    assert_eq!(MonthsAfter::of(4), None);
}

fn offer(number: u128, topic: TrainingTopic, county: &str, languages: &[&str], maximum_participants: i32) -> OfferCandidate {
    OfferCandidate {
        offer: TrainingOfferId(Uuid::from_u128(number)),
        topic,
        modes: vec![TrainingMode::InPerson],
        counties: vec![county.parse().expect("a county")],
        languages: languages.iter().map(|code| LanguageCode::parse("languages", code).expect("a language")).collect(),
        maximum_participants,
        satisfaction: None,
    }
}

prop_compose! {
    fn offers()(choices in prop::collection::vec((0..3_usize, 0..3_usize, 0..2_usize, 1..40_i32, prop::option::of(2..=10_u8)), 0..20)) -> Vec<OfferCandidate> {
        let topics = [TrainingTopic::DigitalSafety, TrainingTopic::DataProtection, TrainingTopic::SaferUse];
        choices
            .into_iter()
            .enumerate()
            .map(|(number, (topic, county, language, maximum, halves))| OfferCandidate {
                satisfaction: halves.map(|halves| f64::from(halves) / 2.0),
                ..offer(number as u128, topics[topic], ["047", "022", "001"][county], &[["sw"], ["en"]][language], maximum)
            })
            .collect()
    }
}

proptest! {
    #[test]
    fn allowed_actions_are_exactly_those_that_are_not_refused(
        status in proptest::sample::select(TrainingStatus::ALL), as_sender: bool, as_receiver: bool, as_taker: bool,
    ) {
        let allowed = Allowed { as_sender, as_receiver, as_taker };
        let actions = allowed_actions(status, allowed);
        for action in TrainingAction::ALL {
            let decided = TrainingMoves::decide(status, *action, allowed);
            prop_assert_eq!(decided.is_ok(), actions.contains(action));
            if let Err(refusal) = decided {
                let fits = [UserErrorCode::Forbidden, UserErrorCode::IllegalTransition].contains(&refusal.code);
                prop_assert!(fits, "{:?}", refusal);
            }
        }
        if !as_sender && !as_receiver && !as_taker {
            prop_assert!(actions.is_empty());
        }
        if TrainingMoves::has_ended(status) {
            prop_assert!(actions.is_empty(), "nothing follows an ending");
        }
    }

    #[test]
    fn what_was_called_off_can_never_be_recorded(steps in prop::collection::vec(proptest::sample::select(TrainingAction::ALL), 0..12)) {
        let both = Allowed { as_sender: true, as_receiver: true, as_taker: false };
        let (mut status, mut over) = (TrainingStatus::Requested, false);
        for action in steps {
            if let Ok(next) = TrainingMoves::decide(status, action, both) {
                prop_assert!(!over, "{} after an ending", action);
                over = TrainingMoves::has_ended(next);
                status = next;
            }
        }
    }

    #[test]
    fn an_offer_on_the_topic_in_the_county_goes_before_all_that_is_not(candidates in offers()) {
        let need = TrainingNeed {
            topic: TrainingTopic::DigitalSafety,
            county: "047".parse().expect("a county"),
            languages: vec![LanguageCode::parse("languages", "sw").expect("a language")],
            people: Some(12),
        };
        let ranked = need.suggest(candidates.clone());
        prop_assert_eq!(ranked.len(), candidates.len());
        let ranks: Vec<_> = ranked
            .iter()
            .map(|ranked| {
                let candidate = &ranked.candidate;
                (
                    candidate.topic != need.topic,
                    candidate.counties[0] != need.county,
                    !candidate.counties[0].borders(need.county),
                    candidate.languages[0] != need.languages[0],
                    candidate.maximum_participants < 12,
                    candidate.satisfaction.map_or(u32::MAX, |mean| ((5.0 - mean) * 10.0) as u32),
                )
            })
            .map(|(topic, elsewhere, far, language, room, mean)| (topic, elsewhere, elsewhere && far, language, room, mean))
            .collect();
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
        for ranked in &ranked {
            prop_assert!(ranked.reasons.len() >= 4);
        }
    }

    #[test]
    fn people_are_counted_as_they_were_and_every_host_has_some(counts in prop::collection::vec((0..2_u128, 0..3_usize, 0..5_i32), 0..8)) {
        let hosts = [OrganisationId(Uuid::from_u128(0)), OrganisationId(Uuid::from_u128(1))];
        let cadres = [Cadre::Staff, Cadre::Police, Cadre::Media];
        let participants: Vec<CadreCount> = counts
            .iter()
            .map(|(host, cadre, count)| CadreCount { host: hosts[*host as usize], cadre: cadres[*cadre], count: *count })
            .collect();
        let twice = (0..participants.len()).any(|at| participants[..at].iter().any(|other| (other.host, other.cadre) == (participants[at].host, participants[at].cadre)));
        let each = hosts.iter().all(|host| participants.iter().any(|count| count.host == *host && count.count > 0));
        let parsed = Delivery::parse(DeliveryDraft { hosts: &hosts, participants: &participants, hours: 2.0 });
        prop_assert_eq!(parsed.is_ok(), each && !twice);
        if let Ok(delivery) = parsed {
            prop_assert_eq!(delivery.people(), counts.iter().map(|(_, _, count)| count).sum::<i32>());
            prop_assert!(delivery.participants.iter().all(|count| count.count > 0));
        }
    }

    #[test]
    fn a_follow_up_is_due_for_sixty_days_and_until_it_is_recorded(after in 0_u64..400, recorded: bool) {
        let on = day(2026, 1, 10);
        let at = Utc.with_ymd_and_hms(2026, 1, 10, 9, 0, 0).single().expect("a moment") + Days::new(after);
        let standing = TrainingStanding {
            status: TrainingStatus::Delivered,
            created_at: at - Months::new(1),
            open: false,
            on: Some(on),
            people: 5,
            followed_up: if recorded { MonthsAfter::ALL.to_vec() } else { Vec::new() },
        };
        let host = Allowed { as_sender: true, ..Allowed::default() };
        let found = due(crate::task::TaskKind::FollowUpTraining, &standing, host, at);
        let today = on + Days::new(after);
        let windows = MonthsAfter::ALL.map(|months| follow_up_day(on, months));
        let within = windows.iter().any(|from| *from <= today && today < *from + Days::new(FOLLOW_UP_WINDOW_DAYS));
        prop_assert_eq!(found.is_some(), within && !recorded);
    }
}
