//! Devices that people sign in on, and how long a sign-in on them lasts.

use std::str::FromStr;

use chrono::TimeDelta;

use crate::vocabulary;

vocabulary! {
    /// The kind of device on which somebody signed in.
    pub enum Device {
        /// The user's own device: the session can be refreshed.
        Own = "own",
        /// A device that others use too: the session has no refresh token. It ends after 15 minutes without a person's doing, and in any
        /// case some hours after it began.
        Shared = "shared",
    }
}

impl Device {
    /// How long a session on such a device lasts at most, however much it is used.
    pub fn lifetime(self, shared: SharedHours) -> TimeDelta {
        match self {
            Self::Own => TimeDelta::days(7),
            Self::Shared => TimeDelta::hours(shared.0),
        }
    }
}

/// How many hours a session on a shared device lasts at most: a working day at least, and never longer than a day and a night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedHours(i64);

impl SharedHours {
    /// The fewest hours that can be chosen.
    pub const FEWEST: i64 = 4;
    /// The most hours that can be chosen. The database holds this bound, too.
    pub const MOST: i64 = 24;
}

impl Default for SharedHours {
    fn default() -> Self {
        Self(12)
    }
}

impl std::fmt::Display for SharedHours {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The number of hours is not a whole one, or is outside the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a session on a shared device lasts {} to {} whole hours", SharedHours::FEWEST, SharedHours::MOST)]
pub struct HoursOutOfRange;

impl FromStr for SharedHours {
    type Err = HoursOutOfRange;

    fn from_str(text: &str) -> Result<Self, HoursOutOfRange> {
        let hours = text.parse().map_err(|_| HoursOutOfRange)?;
        (Self::FEWEST..=Self::MOST).contains(&hours).then_some(Self(hours)).ok_or(HoursOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_device_has_four_to_twenty_four_hours_and_twelve_if_nothing_is_said() {
        assert_eq!(Device::Shared.lifetime(SharedHours::default()), TimeDelta::hours(12));
        for hours in 4..=24 {
            let chosen: SharedHours = hours.to_string().parse().expect("a choice");
            assert_eq!(Device::Shared.lifetime(chosen), TimeDelta::hours(hours));
            assert_eq!(chosen.to_string(), hours.to_string());
        }
        for wrong in ["3", "25", "0", "-12", "4.5", "12h", "", "168", "99999999999999999999"] {
            assert_eq!(wrong.parse::<SharedHours>(), Err(HoursOutOfRange), "{wrong}");
        }
    }
}
