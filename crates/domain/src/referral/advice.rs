//! What a caseworker must say to a client whom they have just referred.

use chrono::{DateTime, Utc};

use super::status::ReferralStatus;
use crate::day::day_of;
use crate::message::Message;
use crate::service::Capacity;
use crate::vocabulary;

vocabulary! {
    /// Something to say to a client who is being referred, or to do at once.
    pub enum AdviceCode {
        /// There is no time: the client must go now and not wait for acceptance.
        GoNow = "GO_NOW",
        /// The time by which the client had to be seen has passed: the client must still go, now.
        Overdue = "OVERDUE",
        /// The service is full: choose an alternative, or expect the receiver to decline.
        ServiceFull = "SERVICE_FULL",
        /// The service has a waitlist: expect to wait, or choose an alternative.
        ServiceWaitlist = "SERVICE_WAITLIST",
        /// Nobody has said recently whether there is room: ask before the client sets out.
        AskFirst = "ASK_FIRST",
        /// The national register says that the service's facility is closed: ask the receiver before the client sets out.
        FacilityClosed = "FACILITY_CLOSED",
        /// Every member that offers the service can take the referral. You will see which member takes it.
        OpenToAll = "OPEN_TO_ALL",
        /// Your organisation goes along or follows up, and records how it ended.
        GoAlong = "GO_ALONG",
        /// Your organisation has already referred this client for the same service to the same organisation, and that referral is
        /// open. Cancel one of the two, unless the client needs both.
        AlreadyOpen = "ALREADY_OPEN",
    }
}

/// Something to say or do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The code, for the frontend.
    pub code: AdviceCode,
    /// The message for the caseworker.
    pub message: Message,
}

/// The facts that the advice depends on.
#[derive(Clone, Copy, Debug)]
pub struct Circumstance {
    /// The referral's status.
    pub status: ReferralStatus,
    /// The whole hours that remain in which the client must be seen, negative once they have passed; `None` without such a limit.
    pub hours_left: Option<i64>,
    /// The most room that any service has which the referral is meant for; `None` while it is addressed to nobody.
    pub capacity: Option<Capacity>,
    /// Whether the register says that every facility is closed at which the client could be served; false while it is addressed to
    /// nobody, and where one of the services is at a place of the receiver's own.
    pub facility_closed: bool,
    /// Whether the referral is open to all who offer the service.
    pub open: bool,
    /// Whether the sender goes along.
    pub accompanied: bool,
    /// Since when another referral of the same client, for the same type of service and to the same receiver, is open; `None`
    /// when there is none.
    pub already_open: Option<DateTime<Utc>>,
}

/// The advice, the most urgent first. Empty once the client has arrived or the referral has ended.
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
    if let Some(since) = circumstance.already_open {
        let message = Message::of("sending-advice-already-open").with("day", day_of(since));
        advice.push(Advice { code: AdviceCode::AlreadyOpen, message });
    }
    if circumstance.accompanied {
        advice.push(plain(AdviceCode::GoAlong, "sending-advice-go-along"));
    }
    if circumstance.open {
        advice.push(plain(AdviceCode::OpenToAll, "sending-advice-open-to-all"));
    }
    // Whoever goes to a place that is shut loses the most, so it is said before anything about room, and to whoever goes along too.
    if circumstance.status == ReferralStatus::Requested && circumstance.facility_closed {
        advice.push(plain(AdviceCode::FacilityClosed, "sending-advice-facility-closed"));
    }
    // After the receiver's answer the capacity no longer matters. A sender who goes along states the capacity themselves and only
    // needs to be reminded when it is full.
    if circumstance.status == ReferralStatus::Requested {
        match circumstance.capacity {
            Some(Capacity::Full) if circumstance.accompanied => {
                advice.push(plain(AdviceCode::ServiceFull, "sending-advice-full-along"))
            }
            _ if circumstance.accompanied => {}
            Some(Capacity::Full) => advice.push(plain(AdviceCode::ServiceFull, "sending-advice-full")),
            Some(Capacity::Waitlist) => advice.push(plain(AdviceCode::ServiceWaitlist, "sending-advice-waitlist")),
            // A client who has no time to lose does not ask first.
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
                    facility_closed: false,
                    open: false,
                    accompanied: false,
                    already_open: None,
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
                facility_closed: false,
                open: false,
                accompanied: true,
                already_open: None,
            };
            let codes: Vec<_> = advise(circumstance).iter().map(|advice| advice.code).collect();
            let full = (*capacity == Capacity::Full).then_some(AdviceCode::ServiceFull);
            let expected: Vec<_> = [AdviceCode::GoAlong].into_iter().chain(full).collect();
            assert_eq!(codes, expected, "{capacity}");
        }
    }

    #[test]
    fn whoever_is_not_answered_yet_is_told_that_the_facility_is_closed() {
        for status in ReferralStatus::ALL {
            for accompanied in [false, true] {
                for facility_closed in [false, true] {
                    let capacity = Some(Capacity::Open);
                    let circumstance = Circumstance {
                        status: *status,
                        hours_left: None,
                        capacity,
                        facility_closed,
                        open: false,
                        accompanied,
                        already_open: None,
                    };
                    let told = advise(circumstance).iter().any(|advice| advice.code == AdviceCode::FacilityClosed);
                    assert_eq!(told, facility_closed && *status == ReferralStatus::Requested, "{status}");
                }
            }
        }
    }

    #[test]
    fn that_it_is_open_already_is_said_with_the_day_in_kenya_and_takes_nothing_away() {
        let circumstance = |already_open| Circumstance {
            status: ReferralStatus::Requested,
            hours_left: Some(5),
            capacity: Some(Capacity::Full),
            facility_closed: false,
            open: false,
            accompanied: false,
            already_open,
        };
        // Late in the evening in London it is the next day in Kenya.
        let since = "2026-10-06T22:30:00Z".parse().expect("a moment");
        let mut advice = advise(circumstance(Some(since)));
        let said = advice.remove(1);
        assert_eq!(
            (said.code, said.message.to_string().as_str()),
            (AdviceCode::AlreadyOpen, "sending-advice-already-open day=2026-10-07")
        );
        assert_eq!(advice, advise(circumstance(None)));
    }

    #[test]
    fn nothing_is_said_of_who_has_arrived_and_of_what_has_ended() {
        for status in ReferralStatus::ALL.iter().filter(|status| !status.can_expire()) {
            let circumstance = Circumstance {
                status: *status,
                hours_left: Some(5),
                capacity: Some(Capacity::Full),
                facility_closed: true,
                open: true,
                accompanied: true,
                already_open: Some(DateTime::UNIX_EPOCH),
            };
            assert_eq!(advise(circumstance), Vec::new(), "{status}");
        }
    }
}
