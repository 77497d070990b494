//! Which places take nobody, as SQL. The rule is `pamoja_domain::task::Hindrance`.
//!
//! The places are looked for once in a statement, since they are few; each referral is then only compared with them. What each
//! statement begins with names them, so that they are also planned once.

use std::sync::LazyLock;

/// A service, as `place`, with its facility.
pub(super) const PLACES: &str = "service AS place LEFT JOIN facility ON facility.id = place.facility_id";
/// What keeps the service from taking anybody: what lasts longest.
pub(super) const HINDRANCE: &str =
    "CASE WHEN place.closed_at IS NOT NULL THEN 'SERVICE_CLOSED' WHEN facility.operational IS FALSE THEN 'FACILITY_CLOSED'
    WHEN place.paused THEN 'SERVICE_PAUSED' END";
/// The service takes nobody.
pub(super) const TAKES_NOBODY: &str = "(place.closed_at IS NOT NULL OR place.paused OR facility.operational IS FALSE)";

/// Each type of service of which an organisation has none that takes clients, and why: of several reasons, the one that leaves the
/// most hope.
pub(super) fn hindered_types() -> String {
    format!(
        "SELECT place.organisation_id, place.service_type, max({HINDRANCE}) AS hindrance FROM {PLACES}
         GROUP BY place.organisation_id, place.service_type HAVING bool_and({TAKES_NOBODY})"
    )
}

/// Of those to whom the referral was open, nobody can take it any more.
pub(super) static NOBODY_LEFT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(progress.to_organisation_id IS NULL
    AND EXISTS (SELECT FROM open_referral_offer AS offer
        WHERE offer.from_organisation_id = progress.from_organisation_id AND offer.referral_id = progress.referral_id)
    AND NOT EXISTS (SELECT FROM open_referral_offer AS offer
        JOIN referral AS asked ON asked.from_organisation_id = offer.from_organisation_id AND asked.id = offer.referral_id
        JOIN organisation AS taker ON taker.id = offer.organisation_id AND taker.status = 'ACTIVE'
        JOIN ({PLACES}) ON place.organisation_id = taker.id AND place.service_type = asked.service_type
        WHERE offer.from_organisation_id = progress.from_organisation_id AND offer.referral_id = progress.referral_id
            AND NOT {TAKES_NOBODY}))"
    )
});

/// What a statement with [`REACHABLE`] begins with: who takes nobody. PostgreSQL looks for them only when they are needed.
pub(super) static HINDERED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH member_away AS (SELECT receiver.id FROM organisation AS receiver WHERE receiver.status <> 'ACTIVE'),
             hindered_service AS (SELECT place.id FROM {PLACES} WHERE {TAKES_NOBODY}),
             hindered_type AS ({}) ",
        hindered_types()
    )
});

/// The place to which the client was referred takes them, or would.
pub(super) static REACHABLE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "CASE WHEN progress.to_organisation_id IS NULL THEN NOT {}
             WHEN progress.to_organisation_id IN (SELECT away.id FROM member_away AS away) THEN false
             WHEN progress.service_id IS NOT NULL THEN progress.service_id NOT IN (SELECT hindered.id FROM hindered_service AS hindered)
             ELSE (progress.to_organisation_id, (SELECT asked.service_type::text FROM referral AS asked
                 WHERE asked.from_organisation_id = progress.from_organisation_id AND asked.id = progress.referral_id))
                 NOT IN (SELECT hindered.organisation_id, hindered.service_type::text FROM hindered_type AS hindered) END",
        *NOBODY_LEFT
    )
});
