//! What a caseworker must say to the client they have just referred.

use super::status::ReferralStatus;
use crate::message::Message;
use crate::service::Capacity;
use crate::vocabulary;

vocabulary! {
    /// What is to be said to a client who is being referred, or done at once.
    pub enum AdviceCode {
        /// There is no time: go now, do not wait for acceptance.
        GoNow = "GO_NOW",
        /// The time in which the client had to be seen has passed: go all the same, now.
        Overdue = "OVERDUE",
        /// The service is full: choose an alternative, or expect to be declined.
        ServiceFull = "SERVICE_FULL",
        /// The service has a waitlist: expect to wait, or choose an alternative.
        ServiceWaitlist = "SERVICE_WAITLIST",
        /// Nobody has said lately whether there is room: ask before the client sets out.
        AskFirst = "ASK_FIRST",
        /// Open to every member that offers the service; you are told who takes it.
        OpenToAll = "OPEN_TO_ALL",
        /// You go along or follow up yourselves, and record how it ended.
        GoAlong = "GO_ALONG",
    }
}

/// Something to say or do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// For the frontend.
    pub code: AdviceCode,
    /// For the caseworker.
    pub message: Message,
}

/// What advice depends on.
#[derive(Clone, Copy, Debug)]
pub struct Circumstance {
    /// Where the referral stands.
    pub status: ReferralStatus,
    /// How many whole hours remain in which the client must be seen; nothing where there is no clock.
    pub hours_left: Option<i64>,
    /// The most room that any of the services has for which it is meant; nothing while nobody is addressed.
    pub capacity: Option<Capacity>,
    /// Whether it is open to all who offer the service.
    pub open: bool,
    /// Whether the sender goes along.
    pub accompanied: bool,
}

/// What is to be said, the most pressing first. Nothing once the client has arrived or the referral has ended.
pub fn advise(circumstance: Circumstance) -> Vec<Advice> {
    if !circumstance.status.can_expire() {
        return Vec::new();
    }
    let mut advice = Vec::new();
    match circumstance.hours_left {
        Some(hours) if hours >= 0 => {
            advice.push(Advice { code: AdviceCode::GoNow, message: Message::of("sending-advice-go-now").with("hours", hours) })
        }
        Some(_) => advice.push(plain(AdviceCode::Overdue, "sending-advice-overdue")),
        None => {}
    }
    if circumstance.accompanied {
        advice.push(plain(AdviceCode::GoAlong, "sending-advice-go-along"));
    }
    if circumstance.open {
        advice.push(plain(AdviceCode::OpenToAll, "sending-advice-open-to-all"));
    }
    // An answer, once given, says more than the capacity. Whoever goes along has said themselves that it is full, and knows the rest.
    if circumstance.status == ReferralStatus::Requested {
        match circumstance.capacity {
            Some(Capacity::Full) if circumstance.accompanied => {
                advice.push(plain(AdviceCode::ServiceFull, "sending-advice-full-along"))
            }
            _ if circumstance.accompanied => {}
            Some(Capacity::Full) => advice.push(plain(AdviceCode::ServiceFull, "sending-advice-full")),
            Some(Capacity::Waitlist) => advice.push(plain(AdviceCode::ServiceWaitlist, "sending-advice-waitlist")),
            // Whoever has no time to lose doesn't ask first.
            Some(Capacity::Unknown) if circumstance.hours_left.is_none() => {
                advice.push(plain(AdviceCode::AskFirst, "sending-advice-ask-first"))
            }
            Some(Capacity::Open | Capacity::Limited | Capacity::Unknown) | None => {}
        }
    }
    advice
}

fn plain(code: AdviceCode, key: &'static str) -> Advice {
    Advice { code, message: Message::of(key) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn who_has_no_time_to_lose_is_not_told_to_ask_first() {
        for capacity in Capacity::ALL {
            for hours_left in [None, Some(-1), Some(0), Some(52)] {
                let circumstance = Circumstance {
                    status: ReferralStatus::Requested,
                    hours_left,
                    capacity: Some(*capacity),
                    open: false,
                    accompanied: false,
                };
                let codes: Vec<_> = advise(circumstance).iter().map(|advice| advice.code).collect();
                assert_eq!(codes.contains(&AdviceCode::AskFirst), *capacity == Capacity::Unknown && hours_left.is_none());
                assert_eq!(codes.first() == Some(&AdviceCode::GoNow), hours_left.is_some_and(|hours| hours >= 0));
                assert_eq!(codes.contains(&AdviceCode::ServiceFull), *capacity == Capacity::Full, "it is said in any case");
            }
        }
    }

    #[test]
    fn whoever_goes_along_is_told_that_it_is_full_and_nothing_else_of_the_room() {
        for capacity in Capacity::ALL {
            let circumstance = Circumstance {
                status: ReferralStatus::Requested,
                hours_left: None,
                capacity: Some(*capacity),
                open: false,
                accompanied: true,
            };
            let codes: Vec<_> = advise(circumstance).iter().map(|advice| advice.code).collect();
            let full = (*capacity == Capacity::Full).then_some(AdviceCode::ServiceFull);
            let expected: Vec<_> = [AdviceCode::GoAlong].into_iter().chain(full).collect();
            assert_eq!(codes, expected, "{capacity}");
        }
    }

    #[test]
    fn nothing_is_said_of_who_has_arrived_and_of_what_has_ended() {
        for status in ReferralStatus::ALL.iter().filter(|status| !status.can_expire()) {
            let circumstance = Circumstance {
                status: *status,
                hours_left: Some(5),
                capacity: Some(Capacity::Full),
                open: true,
                accompanied: true,
            };
            assert_eq!(advise(circumstance), Vec::new(), "{status}");
        }
    }
}
