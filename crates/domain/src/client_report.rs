//! What clients say about how they were treated. A client tells the sender, the sender keeps the report, and the organisation
//! that it is about never sees it.

use crate::message::Message;
use crate::referral::ReferralState;
use crate::refusal::{Refusal, Refusals, UserErrorCode};
use crate::vocabulary;

/// The lowest and the highest rating.
pub const FRIENDLINESS: std::ops::RangeInclusive<i32> = 1..=5;

vocabulary! {
    /// How it went, as the client told the sender.
    pub enum ClientReportedOutcome {
        /// Served, and treated well.
        ServedWell = "SERVED_WELL",
        /// Sent away without being served.
        TurnedAway = "TURNED_AWAY",
        /// Treated badly, served or not.
        Mistreated = "MISTREATED",
        /// Helped elsewhere in the end.
        WentElsewhere = "WENT_ELSEWHERE",
    }
}

/// A client's report: an outcome, a rating, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientReport {
    /// How it went.
    pub outcome: Option<ClientReportedOutcome>,
    /// How friendly the service was, from 1 (hostile) to 5 (very friendly).
    pub friendliness: Option<i32>,
}

impl ClientReport {
    /// Reads a report. A rating is of the service that the sender named: the rated organisation moves the referral, and not the
    /// rating.
    ///
    /// # Errors
    /// INVALID for each field that is missing or wrong.
    pub fn parse(
        outcome: Option<ClientReportedOutcome>,
        friendliness: Option<i32>,
        names_service: bool,
    ) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        if outcome.is_none() && friendliness.is_none() {
            refusals.push(Refusal::invalid("outcome", Message::of("client-report-empty")));
        }
        if let Some(friendliness) = friendliness {
            if !FRIENDLINESS.contains(&friendliness) {
                let message = Message::of("client-report-friendliness")
                    .with("minimum", *FRIENDLINESS.start())
                    .with("maximum", *FRIENDLINESS.end());
                refusals.push(Refusal::invalid("friendliness", message));
            }
            if !names_service {
                refusals.push(Refusal::invalid("friendliness", Message::of("client-report-no-service")));
            }
        }
        refusals.finish(Some(Self { outcome, friendliness }))
    }
}

/// Whether the sender may record what the client of a referral says: always, until the client withdraws their consent.
///
/// # Errors
/// FORBIDDEN for anybody but the sender. ILLEGAL_TRANSITION once the client has withdrawn their consent.
pub fn may_report(state: ReferralState, as_sender: bool) -> Result<(), Refusal> {
    if !as_sender {
        return Err(Refusal::new(UserErrorCode::Forbidden, Message::of("client-report-sender-alone")));
    }
    if state.consent_withdrawn {
        return Err(Refusal::new(UserErrorCode::IllegalTransition, Message::of("client-report-consent-withdrawn")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClientReportedOutcome::TurnedAway;

    fn refused(outcome: Option<ClientReportedOutcome>, friendliness: Option<i32>, names_service: bool) -> Vec<String> {
        let refusals = ClientReport::parse(outcome, friendliness, names_service).expect_err("refused");
        assert!(refusals.iter().all(|refusal| refusal.code == UserErrorCode::Invalid));
        refusals
            .into_iter()
            .map(|refusal| format!("{}: {}", refusal.field.unwrap_or_default().join("."), refusal.message))
            .collect()
    }

    #[test]
    fn a_report_says_something_and_a_rating_is_of_a_service_and_from_one_to_five() {
        for friendliness in 1..=5 {
            assert!(ClientReport::parse(None, Some(friendliness), true).is_ok());
        }
        assert!(ClientReport::parse(Some(TurnedAway), None, false).is_ok());
        assert_eq!(refused(None, None, true), ["outcome: client-report-empty"]);
        for friendliness in [i32::MIN, -1, 0, 6, i32::MAX] {
            let said = refused(Some(TurnedAway), Some(friendliness), true);
            assert_eq!(said, ["friendliness: client-report-friendliness minimum=1 maximum=5"]);
        }
        assert_eq!(refused(Some(TurnedAway), Some(5), false), ["friendliness: client-report-no-service"]);
    }
}
