//! Each rule alone, with a pair of cases that differ only in what the rule looks at.

use chrono::TimeZone;
use uuid::Uuid;

use super::*;

pub(super) const VIEWER: OrganisationId = OrganisationId(Uuid::from_u128(1));

pub(super) fn present() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 18, 9, 30, 0).single().expect("a moment")
}

pub(super) fn county(name: &str) -> CountyCode {
    CountyCode::from_name(name).expect("a county")
}

pub(super) fn need() -> Need {
    Need {
        viewer: VIEWER,
        county: county("Nairobi"),
        populations: vec![Population::Msm],
        under_18: MinorStatus::NotStated,
        act_before: None,
        at: present(),
    }
}

/// The best possible candidate.
pub(super) fn candidate(number: u128) -> Candidate {
    Candidate {
        service: ServiceId(Uuid::from_u128(number)),
        organisation: OrganisationId(Uuid::from_u128(2)),
        organisation_name: "Afya".to_owned(),
        county: county("Nairobi"),
        populations: Vec::new(),
        accepts_minors: true,
        capacity: Capacity::Open,
        capacity_updated_at: Some(present() - TimeDelta::days(1)),
        site: Site::Own,
        facility: None,
        checked_at: present() - TimeDelta::days(1),
        paused: false,
        hours: OpeningHours::default(),
        facility_closed: false,
        answer_hours: Some(1),
    }
}

fn numbers(need: &Need, candidates: Vec<Candidate>) -> Vec<u128> {
    need.suggest(candidates).iter().map(|ranked| ranked.candidate.service.0.as_u128()).collect()
}

fn said(need: &Need, candidate: Candidate) -> Vec<String> {
    let ranked = need.suggest(vec![candidate]).pop().expect("it is suggested");
    ranked.reasons.iter().map(|reason| format!("{}: {}", reason.code, reason.message)).collect()
}

#[test]
fn who_can_t_take_the_client_is_not_suggested() {
    let old = Some(present() - TimeDelta::days(31));
    let minor = Need { under_18: MinorStatus::Yes, ..need() };
    let adult = Need { under_18: MinorStatus::No, ..need() };
    let cases = [
        (need(), Candidate { capacity: Capacity::Full, ..candidate(7) }, false),
        (need(), Candidate { capacity: Capacity::Full, capacity_updated_at: old, ..candidate(7) }, true),
        (need(), Candidate { capacity: Capacity::Waitlist, ..candidate(7) }, true),
        (need(), Candidate { paused: true, ..candidate(7) }, false),
        (need(), Candidate { facility_closed: true, ..candidate(7) }, false),
        (minor.clone(), Candidate { accepts_minors: false, ..candidate(7) }, false),
        (minor, candidate(7), true),
        (adult, Candidate { accepts_minors: false, ..candidate(7) }, true),
        (need(), Candidate { accepts_minors: false, ..candidate(7) }, true),
        (need(), Candidate { populations: vec![Population::TransMan], ..candidate(7) }, false),
        (need(), Candidate { populations: vec![Population::TransMan, Population::Msm], ..candidate(7) }, true),
        (Need { populations: Vec::new(), ..need() }, Candidate { populations: vec![Population::TransMan], ..candidate(7) }, true),
        (
            Need { populations: vec![Population::NotStated], ..need() },
            Candidate { populations: vec![Population::TransMan], ..candidate(7) },
            true,
        ),
        (Need { populations: vec![Population::NotStated], ..need() }, candidate(7), true),
        (need(), Candidate { organisation: VIEWER, ..candidate(7) }, false),
        (need(), Candidate { organisation: VIEWER, site: Site::Facility, ..candidate(7) }, true),
    ];
    for (need, candidate, suggested) in cases {
        assert_eq!(!need.suggest(vec![candidate.clone()]).is_empty(), suggested, "{need:?} {candidate:?}");
    }
}

/// Each candidate is worse than the one before by the weightiest rule in which they differ, and better by every lighter rule.
#[test]
fn the_weightier_rule_decides() {
    let (neighbouring, other) = (county("Kiambu"), county("Mombasa"));
    let stated = |days| Some(present() - TimeDelta::days(days));
    let checked = |days| present() - TimeDelta::days(days);
    let worst = Candidate { county: other, site: Site::Facility, checked_at: checked(400), answer_hours: None, ..candidate(0) };
    let of = |number: u128, candidate: Candidate| Candidate { service: ServiceId(Uuid::from_u128(number)), ..candidate };
    let candidates = vec![
        // By room: each candidate is the worst in everything else, and the next is the best.
        of(90, Candidate { answer_hours: Some(3), checked_at: checked(20), site: Site::Own, ..candidate(0) }),
        of(89, Candidate { answer_hours: Some(4), checked_at: checked(2), site: Site::FriendlyFacility, ..candidate(0) }),
        of(88, Candidate { answer_hours: None, checked_at: checked(2), ..candidate(0) }),
        of(87, Candidate { answer_hours: Some(2), checked_at: checked(31), ..candidate(0) }),
        of(86, Candidate { answer_hours: Some(1), checked_at: checked(181), ..candidate(0) }),
        of(85, Candidate { site: Site::Facility, ..candidate(0) }),
        of(84, Candidate { county: neighbouring, ..candidate(0) }),
        of(83, Candidate { county: other, ..candidate(0) }),
        of(82, Candidate { capacity: Capacity::Open, ..worst.clone() }),
        of(81, Candidate { capacity: Capacity::Limited, ..candidate(0) }),
        of(80, Candidate { capacity: Capacity::Limited, ..worst.clone() }),
        of(79, Candidate { capacity: Capacity::Unknown, ..candidate(0) }),
        of(78, Candidate { capacity: Capacity::Open, capacity_updated_at: stated(31), ..worst.clone() }),
        of(77, Candidate { capacity: Capacity::Waitlist, ..candidate(0) }),
        of(76, Candidate { capacity: Capacity::Waitlist, ..worst.clone() }),
        of(95, Candidate { capacity: Capacity::Waitlist, ..worst }),
    ];
    let expected = [90, 89, 88, 87, 86, 85, 84, 83, 82, 81, 80, 79, 78, 77, 76, 95];
    let mut given = candidates;
    assert_eq!(numbers(&need(), given.clone()), expected);
    given.reverse();
    assert_eq!(numbers(&need(), given), expected);
}

#[test]
fn where_time_is_short_near_goes_before_room_and_far_is_left_out() {
    let near = Candidate { capacity: Capacity::Unknown, ..candidate(1) };
    let next_door = Candidate { county: county("Kiambu"), ..candidate(2) };
    let far = Candidate { county: county("Mombasa"), ..candidate(3) };
    let waiting = Candidate { capacity: Capacity::Waitlist, ..candidate(4) };
    let all = vec![far.clone(), next_door.clone(), waiting.clone(), near.clone()];
    assert_eq!(numbers(&need(), all.clone()), [2, 3, 1, 4]);
    let hurried = Need { act_before: Some(present() + TimeDelta::hours(20)), ..need() };
    assert_eq!(numbers(&hurried, all), [1, 2, 4]);
    assert_eq!(numbers(&hurried, vec![far.clone(), next_door, waiting.clone()]), [2, 4]);
    assert_eq!(numbers(&hurried, vec![waiting, far.clone()]), [3, 4], "a waitlist sees nobody in time");
    assert_eq!(numbers(&hurried, vec![far]), [3], "better far than nowhere");
}

#[test]
fn of_those_at_one_facility_one_is_suggested_and_the_own_if_there_is_one() {
    let at = |number: u128, facility: u128| Candidate {
        site: Site::Facility,
        facility: Some(FacilityId(Uuid::from_u128(facility))),
        ..candidate(number)
    };
    let worse = |candidate: Candidate| Candidate { capacity: Capacity::Limited, ..candidate };
    assert_eq!(numbers(&need(), vec![at(3, 1), worse(at(1, 1)), at(2, 1), at(4, 2), candidate(9)]), [9, 2, 4]);
    let own = Candidate { organisation: VIEWER, ..worse(at(5, 1)) };
    assert_eq!(numbers(&need(), vec![at(2, 1), own.clone(), at(4, 2)]), [4, 5], "it goes along");
    let full = Candidate { capacity: Capacity::Full, ..own };
    assert_eq!(numbers(&need(), vec![at(2, 1), full]), [2], "what is full is nothing to choose");
}

#[test]
fn whom_an_open_referral_was_offered_to_is_no_alternative_to_it() {
    let minor = Need { under_18: MinorStatus::Yes, ..need() };
    let of = |organisation: u128, candidate: Candidate| Candidate {
        organisation: OrganisationId(Uuid::from_u128(organisation)),
        ..candidate
    };
    let left = |need: &Need| -> Vec<u128> {
        let candidates = vec![
            of(2, candidate(1)),
            of(2, Candidate { county: county("Mombasa"), ..candidate(2) }),
            of(3, Candidate { county: county("Mombasa"), ..candidate(3) }),
            of(4, Candidate { accepts_minors: false, ..candidate(4) }),
            of(4, Candidate { county: county("Kiambu"), ..candidate(5) }),
            Candidate { organisation: VIEWER, ..candidate(6) },
        ];
        need.without_asked(candidates).iter().map(|candidate| candidate.service.0.as_u128()).collect()
    };
    assert_eq!(left(&need()), [3, 6]);
    assert_eq!(left(&minor), [3, 4, 5, 6], "who takes nobody under 18 there wasn't asked");
}

#[test]
fn every_suggestion_says_why_in_words() {
    assert_eq!(
        said(&need(), Candidate { answer_hours: Some(5), ..candidate(1) }),
        [
            "OPEN: suggestion-open day=2026-11-17",
            "SAME_COUNTY: suggestion-same-county county=Nairobi",
            "FRIENDLY: suggestion-friendly-own-place",
            "CHECKED: suggestion-checked organisation=Afya day=2026-11-17",
            "ANSWER_TIME: suggestion-answers-within-hours hours=5",
        ]
    );
    let long_ago = present() - TimeDelta::days(200);
    let own = Candidate {
        organisation: VIEWER,
        organisation_name: "Jirani".to_owned(),
        county: county("Kiambu"),
        capacity_updated_at: Some(long_ago),
        site: Site::Facility,
        checked_at: long_ago,
        answer_hours: None,
        ..candidate(1)
    };
    assert_eq!(
        said(&need(), own),
        [
            "CAPACITY_UNKNOWN: suggestion-capacity-unknown day=2026-05-02",
            "NEIGHBOURING_COUNTY: suggestion-neighbouring-county county=Kiambu",
            "FRIENDLINESS_UNKNOWN: suggestion-friendliness-unknown",
            "CHECKED: suggestion-checked organisation=Jirani day=2026-05-02",
            "ACCOMPANIED: suggestion-accompanied",
        ]
    );
    let other = Candidate {
        county: county("Mombasa"),
        capacity: Capacity::Unknown,
        capacity_updated_at: None,
        site: Site::FriendlyFacility,
        ..candidate(1)
    };
    assert_eq!(
        said(&need(), other),
        [
            "CAPACITY_UNKNOWN: suggestion-capacity-never-said",
            "OTHER_COUNTY: suggestion-other-county county=Mombasa",
            "FRIENDLY: suggestion-friendly-facility",
            "CHECKED: suggestion-checked organisation=Afya day=2026-11-17",
            "ANSWER_TIME: suggestion-answers-within-an-hour",
        ]
    );
    for (capacity, first) in
        [(Capacity::Limited, "LIMITED: suggestion-limited"), (Capacity::Waitlist, "WAITLIST: suggestion-waitlist")]
    {
        assert_eq!(said(&need(), Candidate { capacity, ..candidate(1) })[0], format!("{first} day=2026-11-17"));
    }
}

/// Hours on one day of the week of the present day, which is a Wednesday, 12:30 in Kenya.
fn open_on(text: &str) -> OpeningHours {
    OpeningHours::from_text(text).expect("hours")
}

#[test]
fn it_is_said_until_when_it_is_open_and_when_it_opens() {
    for (hours, words) in [
        ("We 08:00-17:00", "OPEN_NOW: suggestion-open-until time=17:00"),
        ("We 12:30-24:00", "OPEN_NOW: suggestion-open-until time=24:00"),
        ("Tu,We,Th 08:00-02:00", "OPEN_NOW: suggestion-open-until-day day=THURSDAY time=02:00"),
        ("Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00", "OPEN_NOW: suggestion-open-day-and-night"),
        ("We 08:00-12:30; We 13:30-17:00", "CLOSED_NOW: suggestion-closed-until time=13:30"),
        ("Tu 08:00-17:00", "CLOSED_NOW: suggestion-closed-until-day day=TUESDAY time=08:00"),
    ] {
        let said = said(&need(), Candidate { hours: open_on(hours), ..candidate(1) });
        assert!(said.contains(&words.to_owned()), "{hours}: {said:?}");
    }
    let unsaid = said(&need(), candidate(1));
    assert!(!unsaid.iter().any(|reason| reason.contains("_NOW")), "{unsaid:?}");
}

#[test]
fn openness_orders_only_those_whose_time_is_short() {
    let open = Candidate { hours: open_on("We 08:00-17:00"), capacity: Capacity::Limited, ..candidate(1) };
    let unsaid = candidate(2);
    let tomorrow = Candidate { hours: open_on("Th 08:00-17:00"), ..candidate(3) };
    let next_week = Candidate { hours: open_on("Mo 08:00-17:00"), ..candidate(4) };
    let waitlist = Candidate { capacity: Capacity::Waitlist, ..candidate(5) };
    let all = vec![next_week, waitlist, tomorrow, unsaid, open];
    assert_eq!(numbers(&need(), all.clone()), [2, 3, 4, 1, 5], "it is only said");
    let hurried = Need { act_before: Some(present() + TimeDelta::days(2)), ..need() };
    assert_eq!(numbers(&hurried, all), [1, 2, 3, 4, 5]);
}

#[test]
fn a_far_service_is_kept_while_none_that_is_near_opens_in_time() {
    let far = Candidate { county: county("Mombasa"), ..candidate(1) };
    let near = |hours: &str| Candidate { hours: open_on(hours), ..candidate(2) };
    let hurried = Need { act_before: Some(present() + TimeDelta::days(2)), ..need() };
    assert_eq!(numbers(&hurried, vec![far.clone(), near("Th 08:00-17:00")]), [2]);
    assert_eq!(numbers(&hurried, vec![far, near("Mo 08:00-17:00")]), [1, 2]);
}
