//! The sources of the list of tasks about clients who wait at a place that takes nobody.
//!
//! They begin with the places, which are few, and look up who waits there: an organisation may have any number of referrals that
//! are well.

use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::task::TaskKind;

use super::follow_up::not_referred_anew;
use super::source::{OPEN, Rank, Shows, Side, TaskSource, sent};

/// A service that takes nobody.
const TAKES_NOBODY: &str = "(place.closed_at IS NOT NULL OR place.paused OR NOT facility.operational)";
/// What keeps the place from taking anybody.
const HINDRANCE: &str =
    "referral_hindrance(progress.from_organisation_id, progress.referral_id, progress.to_organisation_id, progress.service_id)";

/// The sources of REFER_ELSEWHERE, for an actor who refers clients.
pub(super) fn sources(kind: TaskKind, actor: &Actor) -> Vec<TaskSource> {
    let Some(reach) = actor.reach(Permission::SendReferrals).filter(|_| kind == TaskKind::ReferElsewhere) else {
        return Vec::new();
    };
    let waiting = format!("{OPEN} AND {}", not_referred_anew("NULL"));
    let Side { code, from } = sent(reach);
    let source = |places: &str, conditions: &str| {
        // The places stand before the side's own tables, so that the conditions of both can follow.
        let side = Side { code, from: format!("{places}{from}") };
        let conditions = format!("{conditions} AND {waiting}");
        TaskSource {
            rank: Rank::ByDeadline,
            shows: Shows { cause: HINDRANCE, ..Shows::CLOCK },
            ..TaskSource::of_referrals(kind, &side, conditions, "precedence, pressing", "progress.status_at".to_owned())
        }
    };
    let members = "organisation AS receiver, ";
    let away = "receiver.status <> 'ACTIVE' AND progress.to_organisation_id = receiver.id";
    let services = "organisation AS receiver JOIN service AS place ON place.organisation_id = receiver.id
         LEFT JOIN facility ON facility.id = place.facility_id, ";
    let named = format!(
        "receiver.status = 'ACTIVE' AND {TAKES_NOBODY} AND progress.to_organisation_id = receiver.id AND progress.service_id = place.id"
    );
    // Where no service is named, all of the type must take nobody. Several may.
    let of_types = format!(
        "organisation AS receiver
         JOIN (SELECT DISTINCT place.organisation_id, place.service_type FROM service AS place
             LEFT JOIN facility ON facility.id = place.facility_id WHERE {TAKES_NOBODY}) AS place ON place.organisation_id = receiver.id,
         referral AS asked, "
    );
    let unnamed = format!(
        "receiver.status = 'ACTIVE' AND progress.to_organisation_id = receiver.id AND progress.service_id IS NULL
         AND asked.from_organisation_id = progress.from_organisation_id AND asked.id = progress.referral_id
         AND asked.service_type = place.service_type AND {HINDRANCE} IS NOT NULL"
    );
    // Of those that nobody has taken there are few: an account may have sixty.
    let open_to_all = format!("progress.status = 'REQUESTED' AND progress.to_organisation_id IS NULL AND {HINDRANCE} IS NOT NULL");
    vec![source(members, away), source(services, &named), source(&of_types, &unnamed), source("", &open_to_all)]
}
