use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::county::CountyCode;
use crate::month::Month;
use crate::organisation::Population;
use crate::referral::MinorStatus;
use crate::refusal::{Refusal, UserErrorCode};
use crate::service::ServiceType;
use crate::statistic::closes_at;
use crate::vocabulary::Vocabulary;

fn at() -> DateTime<Utc> {
    "2026-10-07T21:00:00Z".parse().expect("a moment")
}

fn month(text: &str) -> Month {
    Month::parse("month", text).expect("a month")
}

/// A violation that is good as it is.
fn draft() -> ViolationDraft<'static> {
    ViolationDraft {
        types: Some(&[ViolationType::VerbalAbuse]),
        perpetrators: None,
        causes: &[],
        populations: None,
        under_18: MinorStatus::NotStated,
        county_code: Some("047"),
        occurred_in: None,
        people_affected: 1,
        client: None,
        consent_given: true,
        consent_given_by: ViolationConsentGiver::Survivor,
        counted: true,
        hours_ago: None,
        not_reported_reasons: &[],
        steps: &[],
        sealed_note: None,
    }
}

fn refused(draft: ViolationDraft<'_>) -> Vec<String> {
    let refusals = NewViolation::parse(draft, None, at()).expect_err("it is refused");
    refusals.iter().map(|refusal| refusal.field.as_ref().map_or_else(String::new, |field| field.join("."))).collect()
}

#[test]
fn what_was_left_out_is_not_stated_and_of_now() {
    let violation = NewViolation::parse(draft(), None, at()).expect("it is good");
    assert_eq!(violation.perpetrators, [Perpetrator::NotStated]);
    assert_eq!(violation.populations, [Population::NotStated]);
    assert_eq!((violation.occurred_in, violation.first_limit, violation.client), (month("2026-10"), None, None));
}

#[test]
fn each_wrong_field_is_named_and_all_at_once() {
    use ViolationConsentGiver::{Guardian, Organisation};
    let step = |kind, text| ViolationStep { kind, month: month(text) };
    let to_come = [step(ViolationStepKind::MedicalCare, "2026-10"), step(ViolationStepKind::InCourt, "2026-11")];
    let early = [step(ViolationStepKind::MedicalCare, "2026-07")];
    let itself = [step(ViolationStepKind::Documented, "2026-10")];
    let worker = [Population::FemaleSexWorker];
    let beside = [Perpetrator::Police, Perpetrator::NotStated];
    let many = vec![step(ViolationStepKind::Counselling, "2026-10"); MAXIMUM_STEPS];
    for (draft, fields) in [
        (ViolationDraft { types: Some(&[]), ..draft() }, vec!["types"]),
        (ViolationDraft { types: None, county_code: None, ..draft() }, vec!["types", "countyCode"]),
        (ViolationDraft { county_code: Some("048"), ..draft() }, vec!["countyCode"]),
        (ViolationDraft { occurred_in: Some(month("2026-11")), ..draft() }, vec!["occurredIn"]),
        (ViolationDraft { people_affected: 0, ..draft() }, vec!["peopleAffected"]),
        (ViolationDraft { people_affected: 501, ..draft() }, vec!["peopleAffected"]),
        (ViolationDraft { consent_given: false, ..draft() }, vec!["consentGiven"]),
        (ViolationDraft { consent_given_by: Organisation, ..draft() }, vec!["consentGivenBy"]),
        (ViolationDraft { consent_given_by: Guardian, under_18: MinorStatus::No, ..draft() }, vec!["consentGivenBy"]),
        (ViolationDraft { under_18: MinorStatus::Yes, populations: Some(&worker), ..draft() }, vec!["populations"]),
        (ViolationDraft { perpetrators: Some(&beside), ..draft() }, vec!["perpetrators"]),
        (ViolationDraft { hours_ago: Some(1), ..draft() }, vec!["hoursAgo"]),
        (ViolationDraft { types: Some(&[ViolationType::Eviction]), hours_ago: Some(1), ..draft() }, vec!["hoursAgo"]),
        (ViolationDraft { types: Some(&[ViolationType::ArbitraryArrest]), hours_ago: Some(73), ..draft() }, vec!["hoursAgo"]),
        (ViolationDraft { client: Some("0712345678"), ..draft() }, vec!["client"]),
        (ViolationDraft { sealed_note: Some("he was taken to the station"), ..draft() }, vec!["sealedNote"]),
        (ViolationDraft { steps: &to_come, ..draft() }, vec!["steps.1.month"]),
        (ViolationDraft { steps: &early, occurred_in: Some(month("2026-08")), ..draft() }, vec!["steps.0.month"]),
        (ViolationDraft { steps: &itself, ..draft() }, vec!["steps.0.kind"]),
        (ViolationDraft { steps: &many, ..draft() }, vec!["steps"]),
    ] {
        assert_eq!(refused(draft), fields, "{draft:?}");
    }
}

#[test]
fn a_raid_needs_no_survivor() {
    let types = [ViolationType::RaidOnOrganisation];
    let draft = ViolationDraft { types: Some(&types), consent_given_by: ViolationConsentGiver::Organisation, ..draft() };
    assert_eq!(NewViolation::parse(draft, None, at()).expect("it is good").populations, []);
    let client = ViolationDraft { client: Some("abcdefghijklmnopqrstuvwxyz"), ..draft };
    assert_eq!(refused(client), ["client"]);
}

fn known() -> KnownFromReferral {
    KnownFromReferral {
        types: vec![ViolationType::DenialOfHealthService],
        perpetrators: vec![Perpetrator::HealthProvider],
        populations: vec![Population::Msm],
        under_18: MinorStatus::No,
        county: CountyCode::ALL[0],
        occurred_in: month("2026-09"),
        client: Some(crate::pseudonym::Pseudonym::from_bits([7; 16])),
    }
}

#[test]
fn what_the_referral_knows_is_taken_where_it_is_left_out_and_nowhere_else() {
    let nothing = ViolationDraft { types: None, county_code: None, ..draft() };
    let known = known();
    let taken = NewViolation::parse(nothing, Some(&known), at()).expect("it is good");
    assert_eq!((&taken.types, &taken.perpetrators, &taken.populations), (&known.types, &known.perpetrators, &known.populations));
    assert_eq!((taken.under_18, taken.county, taken.occurred_in), (known.under_18, known.county, known.occurred_in));
    assert_eq!(taken.client, known.client);
    let all = ViolationDraft {
        types: Some(&[ViolationType::Outing]),
        perpetrators: Some(&[Perpetrator::Family]),
        populations: Some(&[Population::TransWoman]),
        under_18: MinorStatus::Yes,
        county_code: Some("001"),
        occurred_in: Some(month("2026-01")),
        ..draft()
    };
    let own = NewViolation::parse(all, Some(&known), at()).expect("it is good");
    let without = NewViolation::parse(all, None, at()).expect("it is good");
    assert_eq!(NewViolation { client: None, ..own }, without);
}

#[test]
fn what_a_referral_tells_is_what_its_client_or_its_ending_said() {
    use crate::client_report::ClientReportedOutcome as Reported;
    use crate::referral::NonCompletionReason as Reason;
    for service in ServiceType::ALL {
        assert_eq!(told_by_referral(*service, None, None), None);
        assert_eq!(told_by_referral(*service, Some(Reason::Moved), Some(Reported::ServedWell)), None);
        let turned_away = told_by_referral(*service, None, Some(Reported::TurnedAway)).expect("it tells");
        assert_eq!(told_by_referral(*service, Some(Reason::TurnedAwayOrMistreated), None), Some(turned_away));
        assert!(matches!(turned_away.0, ViolationType::DenialOfHealthService | ViolationType::DenialOfOtherService));
        assert_eq!(told_by_referral(*service, Some(Reason::Detained), None).expect("it tells").1, Perpetrator::Police);
    }
    assert_eq!(
        told_by_referral(ServiceType::Pep, None, Some(Reported::TurnedAway)),
        Some((ViolationType::DenialOfHealthService, Perpetrator::HealthProvider))
    );
}

fn state() -> impl Strategy<Value = ViolationState> {
    (select(ViolationStatus::ALL), 0..24_u32, 0..24_u32, any::<bool>()).prop_map(|(status, occurred, later, forgotten)| {
        let occurred_in = month("2024-01").plus(occurred);
        ViolationState { status, occurred_in, documented_in: occurred_in.plus(later), forgotten }
    })
}

fn steps() -> impl Strategy<Value = Vec<ViolationStep>> {
    let step = (select(ViolationStepKind::ALL), 0..40_u32)
        .prop_map(|(kind, months)| ViolationStep { kind, month: month("2024-01").plus(months) });
    prop::collection::vec(step, 0..6)
}

/// What a violation is corrected by, as it stands.
fn corrected(draft: CorrectionDraft<'_>, forgotten: bool) -> Result<ViolationCorrection, Vec<Refusal>> {
    let care = [ViolationStep { kind: ViolationStepKind::MedicalCare, month: month("2026-10") }];
    let standing = Standing {
        types: &[ViolationType::SexualViolence],
        occurred_in: month("2026-10"),
        under_18: MinorStatus::No,
        consent_given_by: ViolationConsentGiver::Survivor,
        steps: &care,
        documented_in: month("2026-10"),
        forgotten,
    };
    ViolationCorrection::parse(draft, standing, at())
}

#[test]
fn what_was_erased_is_not_put_right_and_all_else_is() {
    let named = |refusals: Vec<Refusal>| {
        refusals.into_iter().map(|refusal| refusal.field.unwrap_or_default().join(".")).collect::<Vec<_>>()
    };
    for (draft, field) in [
        (CorrectionDraft { causes: Some(&[ViolationCause::SexWork]), ..CorrectionDraft::default() }, "causes"),
        (CorrectionDraft { populations: Some(&[Population::Msm]), ..CorrectionDraft::default() }, "populations"),
        (CorrectionDraft { hours_ago: Some(3), ..CorrectionDraft::default() }, "hoursAgo"),
    ] {
        assert!(corrected(draft, false).is_ok(), "{field}");
        assert_eq!(named(corrected(draft, true).expect_err("erased")), [field]);
    }
    let people = CorrectionDraft { people_affected: Some(3), ..CorrectionDraft::default() };
    assert!(corrected(people, true).is_ok(), "how many stays, for the figures");
    assert_eq!(named(corrected(CorrectionDraft::default(), false).expect_err("nothing")), [""]);
    let nowhere = [ViolationStep { kind: ViolationStepKind::InCourt, month: month("2026-10") }];
    let refused = corrected(CorrectionDraft { without_steps: &nowhere, ..CorrectionDraft::default() }, false);
    assert_eq!(named(refused.expect_err("no such step")), ["withoutSteps.0"]);
}

proptest! {
    /// What is in `allowedActions` can be done, and nothing else; nobody without the permission can do anything.
    #[test]
    fn what_is_allowed_can_be_done_and_nothing_else(state in state(), days in 0..1_200_i64) {
        let at = "2024-01-15T09:00:00Z".parse::<DateTime<Utc>>().expect("a moment") + chrono::TimeDelta::days(days);
        let allowed = allowed_actions(state, true, at);
        for action in ViolationAction::ALL {
            prop_assert_eq!(decide(state, *action, true, at).is_ok(), allowed.contains(action));
            prop_assert_eq!(decide(state, *action, false, at).map_err(|refusal| refusal.code), Err(UserErrorCode::Forbidden));
        }
        let published = at >= closes_at(state.documented_in);
        for action in [ViolationAction::Correct, ViolationAction::MarkEnteredInError] {
            let open = matches!(state.status, ViolationStatus::Open | ViolationStatus::Ended);
            prop_assert_eq!(allowed.contains(&action), open && !published, "{}", action);
        }
        if state.status == ViolationStatus::ConsentWithdrawn {
            prop_assert!(allowed.is_empty());
        }
    }

    /// An ending comes neither before what was done nor after the present, and says how it ended.
    #[test]
    fn an_ending_comes_after_all_that_was_done(state in state(), steps in steps(), months in 0..60_u32, outcome in select(ViolationOutcome::ALL)) {
        let month = month("2024-01").plus(months);
        let ending = Ending::parse(outcome, month, &[], state, &steps, at());
        let last = steps.iter().map(|step| step.month).chain([state.documented_in]).max().expect("one");
        let possible = outcome != ViolationOutcome::Ongoing && month >= last && month <= Month::at(at());
        prop_assert_eq!(ending.is_ok(), possible);
    }

    /// Whoever got further on the court's way got here, no later; mediation is beside it; and the furthest stage is one that was reached.
    #[test]
    fn whoever_got_further_got_here(steps in steps()) {
        let way = [FunnelStageName::Reported, FunnelStageName::FollowedUp, FunnelStageName::InCourt];
        for pair in way.windows(2) {
            if let Some(further) = pair[1].reached_in(&steps) {
                prop_assert!(pair[0].reached_in(&steps).is_some_and(|month| month <= further), "{:?}", pair);
            }
        }
        let mediated = steps.iter().filter(|step| step.kind == ViolationStepKind::Mediation).map(|step| step.month).min();
        prop_assert_eq!(FunnelStageName::Mediation.reached_in(&steps), mediated);
        let furthest = FunnelStageName::furthest(&steps);
        prop_assert!(furthest == FunnelStageName::Documented || furthest.reached_in(&steps).is_some());
        let beyond = way.iter().rev().take_while(|stage| **stage != furthest);
        let is_of_the_way = way.contains(&furthest);
        prop_assert!(!is_of_the_way || beyond.clone().all(|stage| stage.reached_in(&steps).is_none()));
    }

    /// The bands leave no month out and none twice.
    #[test]
    fn the_bands_follow_one_another(months in 0..100_u32, back in 0..100_u32) {
        let documented = month("2024-01");
        let band = TimeBand::between(documented, documented.plus(months));
        prop_assert!(band.months().is_none_or(|most| months <= most));
        let before = TimeBand::ALL.iter().take_while(|earlier| **earlier != band);
        for earlier in before {
            prop_assert!(earlier.months().is_some_and(|most| months > most));
        }
        prop_assert_eq!(TimeBand::between(documented.plus(back), documented), TimeBand::SameMonth);
    }

    /// Whatever comes in: what is taken keeps the rules, and a refusal names a field of the form and never says a value.
    #[test]
    fn what_is_taken_keeps_the_rules(
        types in prop::collection::vec(select(ViolationType::ALL), 0..4),
        perpetrators in prop::collection::vec(select(Perpetrator::ALL), 0..4),
        populations in prop::collection::vec(select(Population::ALL), 0..4),
        giver in select(ViolationConsentGiver::ALL),
        under_18 in select(MinorStatus::ALL),
        hours_ago in prop::option::of(-2..80_i32),
        people_affected in -1..600_i32,
        occurred in 0..40_u32,
        steps in steps(),
        consent_given: bool,
        client in prop::option::of("[a-z2-7]{26}|[0-9]{10}|[a-z]{3}@[a-z]{4}\\.com"),
    ) {
        let draft = ViolationDraft {
            types: Some(&types),
            perpetrators: Some(&perpetrators),
            populations: Some(&populations),
            consent_given_by: giver,
            under_18,
            hours_ago,
            people_affected,
            occurred_in: Some(month("2024-01").plus(occurred)),
            steps: &steps,
            consent_given,
            client: client.as_deref(),
            ..draft()
        };
        match NewViolation::parse(draft, None, at()) {
            Ok(violation) => {
                prop_assert!(consent_given && !violation.types.is_empty() && !violation.perpetrators.is_empty());
                prop_assert!((1..=MAXIMUM_AFFECTED).contains(&violation.people_affected) && violation.occurred_in <= Month::at(at()));
                prop_assert!(under_18 != MinorStatus::Yes || !violation.populations.iter().any(|population| population.is_sex_worker()));
                prop_assert!(violation.steps.iter().all(|step| step.month >= violation.occurred_in && step.month <= Month::at(at())));
                prop_assert_eq!(violation.first_limit.is_some(), hours_ago.is_some());
                prop_assert!(!violation.populations.is_empty() || giver == ViolationConsentGiver::Organisation);
            }
            Err(refusals) => {
                prop_assert!(!refusals.is_empty());
                for Refusal { field, message, .. } in refusals {
                    prop_assert!(field.is_some());
                    prop_assert!(client.as_ref().is_none_or(|client| !message.to_string().contains(client.as_str())));
                }
            }
        }
    }

    /// Somebody has to act until a step says that it happened, and as long as it is open; what has ended asks for nothing.
    #[test]
    fn what_waits_is_what_no_step_has_answered(
        types in prop::collection::vec(select(ViolationType::ALL), 1..4),
        steps in steps(),
        status in select(ViolationStatus::ALL),
        hours in prop::option::of(-200..200_i64),
    ) {
        let first_limit = hours.map(|hours| at() + chrono::TimeDelta::hours(hours));
        let standing = ViolationStanding { status, types: &types, steps: &steps, first_limit, updated_at: at() };
        let has = |kind| steps.iter().any(|step| step.kind == kind);
        let held = types.iter().any(|kind| matches!(kind, ViolationType::ArbitraryArrest | ViolationType::DetentionWithoutCharge));
        let exposed = types.contains(&ViolationType::SexualViolence);
        let court = (held && !has(ViolationStepKind::InCourt)).then_some(0);
        let medicine = (exposed && !has(ViolationStepKind::MedicalCare)).then_some(if held { 48 } else { 0 });
        let limits: Vec<i64> = court.into_iter().chain(medicine).filter_map(|later| Some(hours? + later)).collect();
        let next = limits.iter().filter(|hours| **hours > 0).min().or(limits.iter().max());
        let due = next.filter(|_| status == ViolationStatus::Open).map(|hours| at() + chrono::TimeDelta::hours(*hours));
        prop_assert_eq!(act_due(standing, at()), due);
        prop_assert_eq!(is_overdue(standing, at()), due.is_some_and(|due| due < at()));
        let open = status == ViolationStatus::Open;
        prop_assert_eq!(follow_up_due(standing).is_some(), open);
    }

    /// What is personal is kept for the days that were chosen, counted from the end of the month in which it ended.
    #[test]
    fn what_is_personal_is_forgotten_after_the_days_that_were_chosen(months in 0..200_u32, days in -100..1_000_i64) {
        let chosen = check_forget_days("days", days);
        prop_assert_eq!(chosen.is_ok(), (30..=730).contains(&days));
        let ended = month("2020-01").plus(months);
        if let Ok(days) = chosen {
            let forgotten = forgotten_at(ended, days);
            prop_assert_eq!(crate::day::day_of(forgotten) - ended.plus(1).first_day(), chrono::TimeDelta::days(days));
        }
    }

    /// As long as medicine can still help it is advised, whatever else was done, whenever somebody asks and however the limit was rounded;
    /// and no longer once it surely can't.
    #[test]
    fn nobody_misses_the_medicine(arrest: bool, ago in 0..=72_i32, later in 0..200_i64, minutes in 0..60_i64) {
        let documented = at() + chrono::TimeDelta::minutes(minutes);
        let mut types = vec![ViolationType::SexualViolence];
        types.extend(arrest.then_some(ViolationType::ArbitraryArrest));
        let first_limit = HoursAgo::parse(&types, ago).expect("hours").first_limit(&types, documented);
        let asked = documented + chrono::TimeDelta::hours(later);
        let circumstance = Circumstance { types: &types, perpetrators: &[Perpetrator::NotStated], steps: &[], occurred_in: Month::at(documented), first_limit, at: asked };
        let advised = advise(circumstance).iter().any(|advice| advice.code == ViolationAdviceCode::PepWithin72Hours);
        let hours = i64::from(ago) + later;
        if hours < 72 {
            prop_assert!(advised, "{} hours after it", hours);
        }
        if hours > 72 + 1 {
            prop_assert!(!advised, "{} hours after it", hours);
        }
    }

    /// Nobody is sent for medicine in time about what was done long ago.
    #[test]
    fn what_was_done_long_ago_has_no_hours(months in 1..200_u32, days in 0..200_i64) {
        let types = [ViolationType::SexualViolence, ViolationType::ArbitraryArrest];
        let occurred_in = month("2010-01").plus(months);
        let asked = crate::day::start_of_day(occurred_in.plus(1).first_day()) + chrono::TimeDelta::days(days);
        let circumstance =
            Circumstance { types: &types, perpetrators: &[Perpetrator::Police], steps: &[], occurred_in, first_limit: None, at: asked };
        let codes: Vec<_> = advise(circumstance).iter().map(|advice| advice.code).collect();
        prop_assert_eq!(codes.contains(&ViolationAdviceCode::PepWithin72Hours), days < 3);
        prop_assert_eq!(codes.contains(&ViolationAdviceCode::CourtWithin24Hours), days < 7);
        prop_assert!(codes.contains(&ViolationAdviceCode::ReferToLegalAid) && codes.contains(&ViolationAdviceCode::ReferToCare));
    }

    /// Advice that has a limit comes first; what was done about it isn't advised again; nobody is sent to the police about the police.
    #[test]
    fn advice_is_for_what_is_still_to_do(
        types in prop::collection::vec(select(ViolationType::ALL), 1..4),
        perpetrators in prop::collection::vec(select(Perpetrator::ALL), 1..3),
        steps in steps(),
        hours_ago in prop::option::of(0..72_i32),
    ) {
        let first_limit = hours_ago.and_then(|hours| HoursAgo::parse(&types, hours).ok()).and_then(|hours| hours.first_limit(&types, at()));
        let circumstance = Circumstance { types: &types, perpetrators: &perpetrators, steps: &steps, occurred_in: Month::at(at()), first_limit, at: at() };
        let codes: Vec<_> = advise(circumstance).iter().map(|advice| advice.code).collect();
        let limited = |code: &ViolationAdviceCode| matches!(code, ViolationAdviceCode::PepWithin72Hours | ViolationAdviceCode::CourtWithin24Hours);
        prop_assert!(codes.is_sorted_by_key(|code| !limited(code)));
        let has = |kind| steps.iter().any(|step| step.kind == kind);
        if has(ViolationStepKind::MedicalCare) {
            prop_assert!(!codes.contains(&ViolationAdviceCode::PepWithin72Hours) && !codes.contains(&ViolationAdviceCode::ReferToCare));
        }
        let sexual = types.contains(&ViolationType::SexualViolence);
        let held = types.iter().any(|kind| matches!(kind, ViolationType::ArbitraryArrest | ViolationType::DetentionWithoutCharge));
        prop_assert_eq!(codes.contains(&ViolationAdviceCode::CourtWithin24Hours), held && !has(ViolationStepKind::InCourt));
        if sexual && !has(ViolationStepKind::MedicalCare) && hours_ago.is_none() {
            prop_assert_eq!(codes.first(), Some(&ViolationAdviceCode::PepWithin72Hours));
        }
        if perpetrators.contains(&Perpetrator::Police) {
            prop_assert!(!codes.contains(&ViolationAdviceCode::WhereToReport));
        }
    }
}
