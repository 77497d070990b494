//! The sources of the list of tasks about clients who wait at a place that takes nobody.
//!
//! They begin with the places, which are few, and look up who waits there: an organisation may have any number of referrals that
//! are well.

use pamoja_domain::task::TaskKind;

use super::follow_up::not_referred_anew;
use super::hindrance::{HINDRANCE, NOBODY_LEFT, TAKES_NOBODY, hindered_types};
use super::source::{OPEN, Rank, Shows, Side, TaskSource, sent};

/// The sources of REFER_ELSEWHERE.
pub(super) fn sources(kind: TaskKind) -> [TaskSource; 4] {
    let waiting = format!("{OPEN} AND {}", not_referred_anew("NULL"));
    let Side { doer, code, from } = sent();
    let source = |places: &str, conditions: &str, cause: &'static str| {
        // The places stand before the side's own tables, so that the conditions of both can follow.
        let side = Side { doer, code, from: format!("{places}{from}") };
        let conditions = format!("{conditions} AND {waiting}");
        TaskSource {
            rank: Rank::ByDeadline,
            shows: Shows { cause, ..Shows::CLOCK },
            ..TaskSource::of_referrals(kind, &side, conditions, "precedence, pressing", "progress.status_at".to_owned())
        }
    };
    let away = "receiver.status <> 'ACTIVE' AND progress.to_organisation_id = receiver.id";
    let services = "organisation AS receiver JOIN service AS place ON place.organisation_id = receiver.id
         LEFT JOIN facility ON facility.id = place.facility_id, ";
    let named = format!(
        "receiver.status = 'ACTIVE' AND {TAKES_NOBODY} AND progress.to_organisation_id = receiver.id AND progress.service_id = place.id"
    );
    // Where no service is named, all of the type must take nobody.
    let types = format!(
        "organisation AS receiver JOIN ({}) AS place ON place.organisation_id = receiver.id, referral AS asked, ",
        hindered_types()
    );
    let unnamed = "receiver.status = 'ACTIVE' AND progress.to_organisation_id = receiver.id AND progress.service_id IS NULL
         AND asked.from_organisation_id = progress.from_organisation_id AND asked.id = progress.referral_id
         AND asked.service_type = place.service_type";
    // Of those that nobody has taken there are few: an account may have sixty.
    let open_to_all = format!("progress.status = 'REQUESTED' AND {}", *NOBODY_LEFT);
    [
        source("organisation AS receiver, ", away, "'MEMBER_AWAY'").part("MEMBER"),
        source(services, &named, HINDRANCE).part("SERVICE"),
        source(&types, unnamed, "place.hindrance").part("TYPE"),
        source("", &open_to_all, "'NOBODY_LEFT'").part("OPEN"),
    ]
}
