//! Why the place to which a client was referred takes nobody, for now or for good.

use std::fmt;

/// Why a place takes nobody. Of a place that several services make up, the last of these that holds for any of them is told: it
/// leaves the most hope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hindrance {
    /// The receiver is no longer an active member. It isn't told why: the directory doesn't show that either.
    MemberAway,
    /// The national register says that the facility is closed.
    FacilityClosed,
    /// The receiver has closed the service.
    ServiceClosed,
    /// The service takes nobody for now.
    ServicePaused,
    /// The referral is open to all, and of those to whom it was offered nobody can take it any more.
    NobodyLeft,
}

/// What the directory says of one service that decides whether it takes anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ServiceState {
    /// Whether its organisation has closed it.
    pub closed: bool,
    /// Whether it stands at a facility that the register says is closed.
    pub facility_closed: bool,
    /// Whether it takes nobody for now.
    pub paused: bool,
}

impl ServiceState {
    /// Why the service takes nobody. Of several reasons, the one that lasts longest.
    pub fn hindrance(self) -> Option<Hindrance> {
        match self {
            Self { closed: true, .. } => Some(Hindrance::ServiceClosed),
            Self { facility_closed: true, .. } => Some(Hindrance::FacilityClosed),
            Self { paused: true, .. } => Some(Hindrance::ServicePaused),
            Self { closed: false, facility_closed: false, paused: false } => None,
        }
    }
}

impl Hindrance {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::MemberAway, Self::FacilityClosed, Self::ServiceClosed, Self::ServicePaused, Self::NobodyLeft];

    /// Why an organisation takes nobody at these services: the named one, or else all that it offers of the type. One service
    /// that takes clients is enough, and of what it never offered nothing is said.
    pub fn of_receiver(is_active: bool, services: &[ServiceState]) -> Option<Self> {
        if !is_active {
            return Some(Self::MemberAway);
        }
        let hindrances: Option<Vec<Self>> = services.iter().map(|service| service.hindrance()).collect();
        hindrances?.into_iter().max()
    }

    /// Why nobody takes a referral that is open to all, given what keeps each organisation to which it was offered.
    pub fn of_open(offered_to: &[Option<Self>]) -> Option<Self> {
        let nobody = !offered_to.is_empty() && offered_to.iter().all(Option::is_some);
        nobody.then_some(Self::NobodyLeft)
    }

    /// What the database calls it.
    pub fn code(self) -> &'static str {
        match self {
            Self::MemberAway => "MEMBER_AWAY",
            Self::FacilityClosed => "FACILITY_CLOSED",
            Self::ServiceClosed => "SERVICE_CLOSED",
            Self::ServicePaused => "SERVICE_PAUSED",
            Self::NobodyLeft => "NOBODY_LEFT",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hindrance| hindrance.code() == code)
    }
}

impl fmt::Display for Hindrance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: ServiceState = ServiceState { closed: false, facility_closed: false, paused: false };
    const CLOSED: ServiceState = ServiceState { closed: true, ..WELL };
    const PAUSED: ServiceState = ServiceState { paused: true, ..WELL };
    const FACILITY: ServiceState = ServiceState { facility_closed: true, ..WELL };

    #[test]
    fn one_service_that_takes_clients_is_enough_and_an_absent_member_offers_none() {
        for others in [vec![], vec![CLOSED], vec![PAUSED, FACILITY]] {
            let services: Vec<_> = others.iter().copied().chain([WELL]).collect();
            assert_eq!(Hindrance::of_receiver(true, &services), None);
            assert_eq!(Hindrance::of_receiver(false, &services), Some(Hindrance::MemberAway));
        }
        assert_eq!(Hindrance::of_receiver(true, &[]), None, "nothing is known of it");
    }

    #[test]
    fn of_several_reasons_a_service_tells_the_lasting_one_and_a_place_the_hopeful_one() {
        let all = ServiceState { closed: true, facility_closed: true, paused: true };
        assert_eq!(all.hindrance(), Some(Hindrance::ServiceClosed));
        assert_eq!(ServiceState { closed: false, ..all }.hindrance(), Some(Hindrance::FacilityClosed));
        assert_eq!(Hindrance::of_receiver(true, &[CLOSED, PAUSED, FACILITY]), Some(Hindrance::ServicePaused));
        assert_eq!(Hindrance::of_receiver(true, &[FACILITY, CLOSED]), Some(Hindrance::ServiceClosed));
    }

    #[test]
    fn what_is_open_to_all_is_lost_with_the_last_who_could_take_it() {
        assert_eq!(Hindrance::of_open(&[]), None);
        assert_eq!(Hindrance::of_open(&[Some(Hindrance::MemberAway), None]), None);
        assert_eq!(Hindrance::of_open(&[Some(Hindrance::MemberAway)]), Some(Hindrance::NobodyLeft));
    }

    #[test]
    fn the_order_of_the_codes_is_that_of_the_reasons_of_a_place() {
        // PostgreSQL takes the greatest code.
        let codes = [Hindrance::FacilityClosed, Hindrance::ServiceClosed, Hindrance::ServicePaused].map(Hindrance::code);
        assert!(codes.is_sorted());
        assert!(Hindrance::ALL.iter().all(|known| Hindrance::from_code(known.code()) == Some(*known)));
    }
}
