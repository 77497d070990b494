//! The made-up coalition is the same each time, legal, complete, and over by the present.

use std::collections::{HashMap, HashSet};

use chrono::{Months, TimeZone};
use pamoja_domain::opening_hours::Opening;
use pamoja_domain::referral::{NonCompletionReason, ReferralStatus};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::gate::PasswordParameters;
use uuid::Uuid;

use super::referral::Story;
use super::*;

fn present() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 18, 9, 30, 0).single().expect("a moment")
}

fn coalition(seed: u64) -> Coalition {
    Coalition::new(&mut StdRng::seed_from_u64(seed), present()).expect("a coalition")
}

fn stories(coalition: &Coalition, seed: u64, total: u64) -> Vec<Story> {
    let stories = Stories::new(coalition, StdRng::seed_from_u64(seed), present(), total);
    stories.collect::<Result<_, _>>().expect("legal lives")
}

fn text(coalition: &Coalition, stories: &[Story]) -> Vec<(&'static str, String)> {
    let mut chapter = Chapter::new(present(), Told::default());
    stories.iter().for_each(|story| chapter.push(story, &|nonce| [nonce[0]; 32]));
    let parameters = PasswordParameters { salt: vec![0x5a; 16], memory_kib: 8, passes: 1, lanes: 1 };
    let password = NewCredential { parameters, output_hash: [0xa5; 32] };
    let rows = rows::of_coalition(coalition, &password).into_iter().chain(chapter.into_rows());
    rows.map(|rows| (rows.target, rows.text)).collect()
}

#[test]
fn the_same_seed_tells_the_same_and_another_one_something_else() {
    let (one, other) = (coalition(1), coalition(2));
    assert_eq!(text(&one, &stories(&one, 7, 300)), text(&coalition(1), &stories(&one, 7, 300)));
    assert_ne!(text(&one, &[]), text(&other, &[]));
    assert_ne!(text(&one, &stories(&one, 7, 300)), text(&one, &stories(&one, 8, 300)));
}

#[test]
fn there_are_exactly_as_many_as_wanted_and_in_the_order_of_their_creation() {
    let coalition = coalition(1);
    for total in [0, 1, 17, 2_000] {
        let stories = stories(&coalition, 3, total);
        assert_eq!(stories.len() as u64, total);
        assert!(stories.is_sorted_by_key(|story| story.state.created_at));
        let earliest = present() - Months::new(MONTHS) - chrono::TimeDelta::days(1);
        assert!(stories.iter().all(|story| story.state.created_at > earliest));
    }
}

#[test]
fn nothing_is_later_than_the_present_and_everything_is_in_order() {
    let coalition = coalition(4);
    for story in stories(&coalition, 4, 6_000) {
        let last = story.events.last().expect("an event");
        assert_eq!((last.status, last.at), (story.state.status, story.state.status_at));
        assert_eq!((story.events[0].status, story.events[0].at), (ReferralStatus::Requested, story.state.created_at));
        assert!(story.events.is_sorted_by_key(|event| event.at));
        assert!(story.updated_at <= present() && last.at <= story.updated_at && story.slip.issued_at <= story.updated_at);
        assert_eq!(story.state.at(present()), story.state, "what has expired is recorded");
        assert_eq!(story.decline_reason.is_some(), story.state.status == ReferralStatus::Declined);
        for event in &story.events {
            assert_eq!(event.by.is_none(), event.status == ReferralStatus::Expired);
            assert!(event.by.is_none_or(|by| by == story.sender || Some(by) == story.new.receiver.map(|receiver| receiver.0)));
            assert!(!event.without_slip || event.status == ReferralStatus::Arrived);
        }
        for (reason, at) in &story.non_completions {
            let event = story.events.iter().find(|event| event.status == ReferralStatus::NotCompleted && event.at == *at);
            let by = event.expect("its event").by;
            assert!(!reason.is_of_the_sender_alone() || by == Some(story.sender));
        }
    }
}

#[test]
fn who_refers_whom_to_what_holds_together() {
    let coalition = coalition(5);
    let members: HashMap<_, _> = coalition.members.iter().map(|member| (member.id, member)).collect();
    let mut ids = HashSet::new();
    for story in stories(&coalition, 5, 6_000) {
        assert!(ids.insert(story.id));
        let (sender, receiver) = (members[&story.sender], members[&story.new.receiver.expect("a receiver").0]);
        assert!(sender.refers() && receiver.refers());
        let at_facility = |id| receiver.offers.iter().any(|offer| offer.id == id && offer.is_vouched_for());
        assert_eq!(
            sender.id == receiver.id,
            story.new.service.is_some_and(|id| at_facility(id.0)),
            "who goes along goes to a facility"
        );
        assert!(story.offerers.is_empty() || story.new.service.is_none() || story.events.len() > 1);
        let author = sender.accounts.iter().find(|account| account.id == story.author).expect("an account");
        assert!(matches!(author.role, Role::PeerEducator | Role::Caseworker));
        assert!(sender.counties.contains(&story.new.county));
        let here = receiver.offers.iter().filter(|offer| offer.service.county == story.new.county);
        assert!(here.clone().any(|offer| offer.service.service_type == story.new.service_type));
        if let Some(service) = story.new.service {
            assert!(here.clone().any(|offer| offer.id == service.0));
        }
    }
}

#[test]
fn every_state_and_every_rare_thing_occurs() {
    let coalition = coalition(6);
    let stories = stories(&coalition, 6, 20_000);
    let count = |is: &dyn Fn(&Story) -> bool| stories.iter().filter(|story| is(story)).count();
    for status in ReferralStatus::ALL {
        assert!(count(&|story| story.state.status == *status) > 0, "{status}");
    }
    assert!(count(&|story| story.state.status == ReferralStatus::Completed) > 10_000);
    assert!((20..400).contains(&count(&|story| story.state.consent_withdrawn)));
    let turned_away =
        |story: &Story| story.non_completions.iter().any(|(reason, _)| *reason == NonCompletionReason::TurnedAwayOrMistreated);
    assert!((20..400).contains(&count(&turned_away)));
    assert!(count(&|story| story.events.iter().any(|event| event.without_slip)) > 1_000);
    assert!(count(&|story| story.opened_at != story.state.created_at) > 20);
    assert!(count(&|story| story.new.is_accompanied_by(pamoja_domain::id::OrganisationId(story.sender))) > 100);
    assert!(count(&|story| matches!(story.taken(), Some(Some(_)))) > 100, "taken by the first");
    let waits = |story: &Story| story.taken() == Some(None) && story.state.status == ReferralStatus::Requested;
    assert!(count(&waits) > 3, "open now");
    assert!(count(&|story| story.new.exposure.is_some()) > 100);
    let mut by_sender: HashMap<_, usize> = HashMap::new();
    stories.iter().for_each(|story| *by_sender.entry(story.sender).or_default() += 1);
    let (least, most) = (by_sender.values().min().expect("a sender"), by_sender.values().max().expect("a sender"));
    assert!(by_sender.len() == 15 && *least > 100 && most / least > 8, "{by_sender:?}");
}

#[test]
fn a_third_of_what_has_ended_is_reported_on_and_many_services_are_rated_by_enough() {
    let coalition = coalition(7);
    let stories = stories(&coalition, 7, 20_000);
    let ended = stories.iter().filter(|story| story.state.status.has_ended()).count();
    let reported = stories.iter().filter(|story| story.report.is_some()).count();
    assert!((ended / 4..ended / 2).contains(&reported), "{reported} of {ended}");
    let mut ratings: HashMap<_, HashMap<Uuid, Vec<i32>>> = HashMap::new();
    for story in &stories {
        let Some(report) = story.report else { continue };
        assert!(!story.state.consent_withdrawn && story.state.status.has_ended());
        assert!(report.month <= pamoja_domain::day::day_of(present()));
        if let Some(friendliness) = report.friendliness {
            let service = story.new.service.expect("a rating is of a service");
            ratings.entry(service).or_default().entry(story.sender).or_default().push(friendliness);
        }
    }
    // As they are published: an organisation counts from three ratings on.
    let mut means = Vec::new();
    for given in ratings.values() {
        let counting: Vec<&Vec<i32>> = given.values().filter(|ratings| ratings.len() >= 3).collect();
        if counting.len() >= 3 && counting.iter().map(|ratings| ratings.len()).sum::<usize>() >= 10 {
            let mean = |ratings: &&Vec<i32>| f64::from(ratings.iter().sum::<i32>()) / ratings.len() as f64;
            means.push((counting.iter().map(mean).sum::<f64>() / counting.len() as f64 * 2.0).round() as i32);
        }
    }
    assert!(means.len() > 20, "only {} services are rated by enough", means.len());
    let means: HashSet<i32> = means.into_iter().collect();
    assert!(means.len() >= 2 && means.iter().all(|halves| (2..=10).contains(halves)), "all alike: {means:?}");
}

#[test]
fn the_coalition_is_the_one_that_was_thought_up() {
    let coalition = coalition(1);
    let slugs: Vec<_> = coalition.members.iter().map(|member| member.profile.slug).collect();
    assert_eq!(
        slugs.join(" "),
        "jirani kando bandari ziwa dada malaika pwani daraja mwanga upinde afya nuru tumaini haki sauti secretariat"
    );
    for member in &coalition.members {
        assert_eq!(member.accounts.len(), 6);
        assert!(if member.refers() { (3..=15).contains(&member.offers.len()) } else { member.offers.is_empty() });
        let mut places = HashSet::new();
        for offer in &member.offers {
            assert!(member.counties.contains(&offer.service.county));
            assert!(places.insert((offer.service.county, offer.service.service_type)), "twice the same");
        }
    }
    let administrators =
        coalition.members.iter().flat_map(|member| &member.accounts).filter(|account| account.role == Role::CoalitionAdmin);
    assert_eq!(administrators.count(), 1);
}

#[test]
fn no_service_is_at_a_place_of_the_national_register() {
    let register = include_bytes!("../../../../data/kenya/facilities.json");
    let register = pamoja_domain::facility::parse_register(register).expect("the register");
    let coalition = coalition(1);
    for offer in coalition.members.iter().flat_map(|member| &member.offers) {
        if let Some(id) = offer.service.facility {
            let made_up = coalition.facilities.iter().find(|facility| facility.id == id.0).expect("a made-up facility");
            assert!(register.facilities.iter().all(|facility| facility.code != made_up.code));
        }
        let name = offer.service.name.as_str().to_lowercase();
        let place = name.split(", ").nth(1).expect("a place").to_owned();
        for facility in &register.facilities {
            let known = facility.name.to_lowercase();
            assert!(!known.contains(&place) && !name.contains(&known), "{name}: {known}");
        }
    }
}

#[test]
fn rows_are_told_to_copy_in_its_own_words() {
    let coalition = coalition(1);
    let stories = stories(&coalition, 9, 400);
    for (target, text) in text(&coalition, &stories) {
        let columns = target.split(',').count();
        assert!(!text.is_empty(), "{target}");
        for line in text.lines() {
            assert_eq!(line.split('\t').count(), columns, "{target}: {line}");
        }
        if target.starts_with("user_credential") {
            assert!(text.lines().all(|line| line.ends_with(&format!("\t\\\\x{}", "a5".repeat(32)))));
        }
    }
    let kept = |is: &dyn Fn(&Story) -> bool| stories.iter().filter(|story| is(story)).count();
    let lines = |table: &str| {
        text(&coalition, &stories).iter().find(|(target, _)| target.starts_with(table)).map(|(_, text)| text.lines().count())
    };
    assert_eq!(lines("referral ("), Some(400));
    assert_eq!(lines("referral_client ("), Some(kept(&|story| !story.state.consent_withdrawn)));
    let slips = lines("referral_slip (").expect("slips");
    assert!(slips >= kept(&|story| !story.state.status.has_ended() && !story.state.consent_withdrawn) && slips < 200);
}

#[test]
fn some_of_what_is_offered_was_checked_lately_and_some_was_not() {
    let coalition = coalition(1);
    let offers: Vec<_> = coalition.members.iter().flat_map(|member| &member.offers).collect();
    let days = |offer: &&members::Offer| (present() - offer.checked_at).num_days();
    assert!(offers.iter().all(|offer| offer.checked_at <= present() && offer.checked_at >= coalition.since));
    assert!(
        offers.iter().all(|offer| Some(offer.checked_at) >= offer.capacity_updated_at),
        "who states the room has checked too"
    );
    let (lately, earlier) = (offers.iter().filter(|offer| days(offer) < 30), offers.iter().filter(|offer| days(offer) > 90));
    assert!(lately.count() * 4 > offers.len() && earlier.count() > 5);
}

#[test]
fn what_ended_unserved_is_mostly_settled_and_the_lists_are_neither_empty_nor_flooded() {
    let coalition = coalition(6);
    let stories = stories(&coalition, 6, 20_000);
    let unserved = |story: &&Story| story.state.status.leaves_unserved() && !story.state.consent_withdrawn;
    let mut waiting: HashMap<Uuid, usize> = HashMap::new();
    let mut settled = 0;
    for story in stories.iter().filter(unserved) {
        match follow_up::of(story, present()).map(|follow_up| follow_up.settled) {
            Some(None) => *waiting.entry(story.sender).or_default() += 1,
            Some(Some((at, by))) => {
                assert!(at >= story.state.status_at && at <= present() && by.is_none_or(|by| by == story.author));
                settled += 1;
            }
            None => assert_eq!(story.state.status, ReferralStatus::NotCompleted, "only a reason leaves nothing to do"),
        }
    }
    let of_all: usize = waiting.values().sum();
    let most = waiting.values().max().copied().unwrap_or(0);
    assert!(settled > 20 * of_all && of_all > 15 && most < 40, "{settled} settled, {waiting:?}");
}

#[test]
fn members_are_reached_on_lines_that_are_nobodys_and_a_few_services_are_paused() {
    let coalition = coalition(1);
    let offers: Vec<_> = coalition.members.iter().flat_map(|member| &member.offers).collect();
    let contacts = || offers.iter().map(|offer| &offer.contact).chain(coalition.members.iter().map(|member| &member.contact));
    let lines: Vec<_> = contacts().filter_map(|contact| contact.line.as_ref()).map(|line| line.as_str()).collect();
    assert!(lines.iter().all(|line| line.starts_with("0800000") && line.len() == 10), "toll-free, of the block that nobody uses");
    assert_eq!(lines.iter().collect::<HashSet<_>>().len(), lines.len(), "each once");
    assert!(coalition.members.iter().all(|member| member.contact.line.is_some()) && lines.len() > coalition.members.len());
    assert!(contacts().all(|contact| !contact.languages.is_empty()));
    let (said, unsaid): (Vec<&members::Offer>, Vec<&members::Offer>) =
        offers.iter().copied().partition(|offer| !offer.contact.hours.spans().is_empty());
    assert!(said.len() > 3 * unsaid.len() && !unsaid.is_empty());
    let open = said.iter().filter(|offer| matches!(offer.contact.hours.at(present()), Some(Opening::Open(_)))).count();
    assert!(open > 0 && open < said.len(), "{open} of {} are open", said.len());
    let paused = offers.iter().filter(|offer| offer.paused).count();
    assert!((2..=6).contains(&paused), "{paused} are paused");
}
