//! The made-up trainings are the same each time, legal, and over by the present, at any time of the year.

use std::collections::{HashMap, HashSet};

use chrono::{Months, TimeZone};
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::training::{Cadre, FEWEST_PEOPLE, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::super::MONTHS;
use super::super::members::Member;
use super::*;

fn present() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 18, 9, 30, 0).single().expect("a moment")
}

fn at(seed: u64, at: DateTime<Utc>, scale: f64) -> (Coalition, Trainings) {
    let coalition = Coalition::new(&mut StdRng::seed_from_u64(seed), at).expect("a coalition");
    let trainings = Trainings::new(&coalition, seed, at, scale).expect("legal lives");
    (coalition, trainings)
}

fn text((coalition, trainings): &(Coalition, Trainings)) -> Vec<(&'static str, String)> {
    of_trainings(coalition, &trainings.offers, &trainings.stories).into_iter().map(|rows| (rows.target, rows.text)).collect()
}

fn requests(trainings: &Trainings) -> Vec<(&Story, &Request)> {
    trainings.stories.iter().flat_map(|story| story.requests.iter().map(move |request| (story, request))).collect()
}

fn members(coalition: &Coalition) -> HashMap<Uuid, &Member> {
    coalition.members.iter().map(|member| (member.id, member)).collect()
}

fn count(trainings: &Trainings, is: impl Fn(&Story, &Request) -> bool) -> usize {
    requests(trainings).into_iter().filter(|(story, request)| is(story, request)).count()
}

#[test]
fn the_same_seed_tells_the_same_and_another_one_something_else() {
    assert_eq!(text(&at(1, present(), 1.0)), text(&at(1, present(), 1.0)));
    assert_ne!(text(&at(1, present(), 1.0)), text(&at(2, present(), 1.0)));
    assert_eq!(at(1, present(), 0.0).1.offers, at(1, present(), 1.0).1.offers, "what is offered has no scale");
}

#[test]
fn there_are_exactly_as_many_as_wanted_within_the_last_months() {
    for (scale, many) in [(0.0, 0), (0.001, 0), (0.01, 3), (0.2, 60), (1.0, 300), (3.0, 900)] {
        let (_, trainings) = at(1, present(), scale);
        assert_eq!(trainings.requests(), many);
        let earliest = present() - Months::new(MONTHS) - TimeDelta::days(1);
        assert!(requests(&trainings).iter().all(|(_, request)| (earliest..=present()).contains(&request.created_at)));
        assert!(requests(&trainings).is_sorted_by_key(|(_, request)| request.created_at));
    }
}

#[test]
fn whatever_the_seed_and_the_day_every_state_is_there_and_the_present_has_something_of_each() {
    for number in 0..24 {
        let day = present() + TimeDelta::days(number * 16) + TimeDelta::hours(number * 5);
        let (coalition, trainings) = at(number.unsigned_abs() + 1, day, 1.0);
        let today = day_of(day);
        let stands = |status: TrainingStatus| count(&trainings, |_, request| request.status == status);
        for status in TrainingStatus::ALL {
            assert!(stands(*status) > 0, "{status} on {day}");
        }
        let held = requests(&trainings).iter().filter(|(_, request)| request.status.is_delivered()).count();
        assert!((180..=260).contains(&held) && stands(TrainingStatus::Evaluated) * 10 > held * 7, "{held} on {day}");
        assert!((6..=60).contains(&stands(TrainingStatus::Declined)) && (6..=60).contains(&stands(TrainingStatus::Cancelled)));
        let open = count(&trainings, |_, request| request.receiver.is_none() && request.status == TrainingStatus::Requested);
        assert!((3..=8).contains(&open), "{open} open on {day}");
        let on = |story: &Story| story.session.as_ref().map(|session| session.plan.on);
        let scheduled = |is: &dyn Fn(NaiveDate) -> bool| {
            count(&trainings, |story, request| request.status == TrainingStatus::Scheduled && on(story).is_some_and(is))
        };
        assert!((5..=25).contains(&scheduled(&|on| on > today)), "to come on {day}");
        assert!((1..=8).contains(&scheduled(&|on| on < today)), "not recorded on {day}");
        let together = trainings.stories.iter().filter(|story| story.hosts().len() > 1).count();
        assert!((10..=60).contains(&together), "{together} joint ones on {day}");
        let again = count(&trainings, |_, request| !request.follow_ups.is_empty());
        assert!(again * 4 > held && again < held, "{again} asked again on {day}");
        for slug in ["jirani", "afya"] {
            let of = coalition.members.iter().find(|member| member.profile.slug == slug).map(|member| OrganisationId(member.id));
            for status in [TrainingStatus::Requested, TrainingStatus::Scheduled, TrainingStatus::Evaluated] {
                let sent = count(&trainings, |_, request| Some(request.sender) == of && request.status == status);
                let received = count(&trainings, |_, request| request.receiver == of && request.status == status);
                assert!(sent > 0 && received > 0, "{slug}: {status} on {day}");
            }
        }
    }
}

#[test]
fn nothing_is_later_than_the_present_and_every_row_agrees_with_the_others() {
    let (_, trainings) = at(4, present(), 3.0);
    let mut ids = HashSet::new();
    for (story, request) in requests(&trainings) {
        assert!(ids.insert(request.id));
        let last = request.events.last().expect("an event");
        assert_eq!((last.status, request.created_at), (request.status, request.events[0].at));
        assert!(request.events.is_sorted_by_key(|event| event.at));
        assert!(last.at <= request.updated_at && request.updated_at <= present());
        assert!(last.at == request.updated_at || !request.follow_ups.is_empty());
        assert_ne!(request.sender, story.trainer, "nobody trains themselves");
        assert!(request.events.iter().all(|event| event.by == request.sender || event.by == story.trainer));
        let says_why = matches!(request.status, TrainingStatus::Declined | TrainingStatus::Cancelled);
        assert_eq!(request.reason.is_some(), says_why);
        assert_eq!(request.hosts, request.status == TrainingStatus::Scheduled || request.status.is_delivered());
        let open = request.new.addressee.organisation().is_none();
        assert!(
            request.receiver == Some(story.trainer) || (open && request.events.iter().all(|event| event.by == request.sender))
        );
        assert!(!open || !request.new.preferred_months.is_empty());
        assert!(request.follow_ups.iter().all(|known| known.asked <= story.people_of(request.sender)));
    }
    for story in &trainings.stories {
        let hosts = story.hosts();
        assert_eq!(story.session.is_some(), !hosts.is_empty());
        assert_eq!(hosts.iter().collect::<HashSet<_>>().len(), hosts.len());
        let Some(session) = &story.session else { continue };
        let reached = |status| story.hosting().all(|request| request.events.iter().any(|event| event.status == status));
        assert_eq!((session.delivered.is_some(), true), (reached(TrainingStatus::Delivered), reached(TrainingStatus::Scheduled)));
        assert_eq!(session.evaluated.is_some(), reached(TrainingStatus::Evaluated));
        let Some((delivery, delivered_at)) = &session.delivered else { continue };
        assert!(day_of(*delivered_at) >= session.plan.on && (day_of(*delivered_at) - session.plan.on).num_days() < 16);
        let people: i32 = hosts.iter().map(|host| story.people_of(*host)).sum();
        assert_eq!(people, delivery.people());
        let Some((evaluation, _)) = &session.evaluated else { continue };
        assert!(evaluation.satisfaction_mean.is_none_or(|mean| (3.4..=4.9).contains(&mean)));
        if let Some(scores) = evaluation.scores {
            assert!((FEWEST_PEOPLE..=people).contains(&scores.pairs));
            assert!((5.0..=45.0).contains(&(scores.post_mean - scores.pre_mean)), "{scores:?}");
        }
    }
}

#[test]
fn what_is_asked_for_could_be_asked_for() {
    let (coalition, trainings) = at(5, present(), 3.0);
    let (members, mut reasons, mut senders) = (members(&coalition), HashSet::new(), HashMap::<_, usize>::new());
    let offers: HashMap<_, _> = trainings.offers.iter().map(|offer| (offer.id, offer)).collect();
    for (story, request) in requests(&trainings) {
        let sender = members[&request.sender.0];
        assert!(sender.counties.contains(&request.new.county));
        assert_eq!(request.new.topic, story.topic);
        reasons.extend(request.reason);
        *senders.entry(request.sender).or_default() += 1;
        if let Some(id) = request.new.addressee.offer() {
            let offer = offers[&id.0];
            assert_eq!((OrganisationId(offer.member), offer.training.topic), (story.trainer, story.topic));
            assert!(offer.is_open(request.created_at) && !offer.modes_in(request.new.county).is_empty());
            assert!(request.new.expected_participants <= offer.training.maximum_participants);
        }
        if request.receiver.is_none() && request.status == TrainingStatus::Requested {
            let could = |offer: &&Offer| offer.training.topic == request.new.topic && offer.is_held_in(request.new.county);
            assert!(trainings.offers.iter().filter(could).any(|offer| offer.is_open(present()) && offer.member != sender.id));
        }
        let clinical = matches!(request.new.audience[0], Cadre::Clinician | Cadre::HealthProvider);
        assert!(!clinical || sender.profile.kind == OrganisationKind::HealthProvider);
    }
    assert!(reasons.len() >= 6 && reasons.contains(&TrainingReason::NoTrainer));
    let (least, most) = (senders.values().min().expect("a sender"), senders.values().max().expect("a sender"));
    assert!(senders.len() >= 14 && most / least > 5, "{senders:?}");
}

#[test]
fn members_offer_what_fits_their_kind_where_they_work() {
    let (coalition, trainings) = at(1, present(), 0.0);
    let offers = &trainings.offers;
    let mut titles = HashSet::new();
    for member in &coalition.members {
        let own: Vec<_> = offers.iter().filter(|offer| offer.member == member.id).collect();
        assert!(own.is_empty() || (2..=6).contains(&own.len()), "{}: {}", member.profile.slug, own.len());
        let topics: HashSet<_> = own.iter().map(|offer| offer.training.topic).collect();
        assert_eq!(topics.len(), own.len());
        assert!(own.iter().all(|offer| offer.training.counties.iter().all(|county| member.counties.contains(county))));
        let kind = member.profile.kind;
        let fits = |topic: &TrainingTopic| catalogue::repertoire(kind).contains(topic);
        assert!(topics.iter().all(fits));
        titles.extend(own.iter().map(|offer| offer.training.title.as_str()));
    }
    let offering: HashSet<_> = offers.iter().map(|offer| offer.member).collect();
    assert!((12..16).contains(&offering.len()) && titles.len() > 30, "{} titles", titles.len());
    let missing: Vec<_> =
        TrainingTopic::ALL.iter().filter(|topic| offers.iter().all(|offer| offer.training.topic != **topic)).collect();
    assert!(missing.is_empty(), "nobody offers {missing:?}");
    let online = offers.iter().filter(|offer| offer.training.counties.is_empty());
    assert!(online.clone().count() > 3 && online.clone().all(|offer| offer.training.modes[0] == TrainingMode::Online));
    assert!((1..=2).contains(&offers.iter().filter(|offer| offer.closed_at.is_some()).count()));
    let until = offers.iter().filter_map(|offer| offer.training.open_until);
    assert!(until.clone().count() == 1 && until.clone().all(|until| until > day_of(present())));
    let spoken: HashSet<_> = offers.iter().flat_map(|offer| &offer.training.languages).map(|code| code.as_str()).collect();
    assert!(["en", "sw", "luo", "xki"].iter().all(|code| spoken.contains(code)), "{spoken:?}");
}

#[test]
fn every_column_has_its_value() {
    let told = at(1, present(), 1.0);
    for (target, text) in text(&told) {
        let columns = target.split(',').count();
        assert!(!text.is_empty(), "{target}");
        assert!(text.lines().all(|line| line.split('\t').count() == columns), "{target}");
        if target.starts_with("training_participants") {
            assert!(!text.contains("\\N"), "who came is of a request");
        }
    }
}
