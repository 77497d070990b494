//! Slip codes. A code is printed on the client's slip and is read aloud or typed at the receiver's desk.
//!
//! Ten Crockford base32 symbols (50 bits) and a check symbol modulo 37, grouped 4-4-3, such as `K7Q2-9FXM-3TG`.
//!
//! For use without a network connection, slips are printed in advance: blank slips, which a referral takes later.

use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};

/// The bits that a slip code carries.
pub const SLIP_BITS: u32 = 50;
/// The days for which a blank slip is valid, and for which a check-in with one waits for its referral.
pub const BLANK_DAYS: i64 = 60;
/// The most blank slips that can be made at once.
pub const MAXIMUM_ALLOCATION: usize = 50;
/// The most valid blank slips that one account can hold.
pub const MAXIMUM_BLANKS: usize = 500;

/// The most check-ins of one account that wait for their referrals.
pub const MAXIMUM_WAITING: usize = 20;

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_SYMBOLS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const LENGTH: usize = 10;

/// A slip code with a correct check symbol. It need not belong to a referral.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SlipCode(u64);

impl SlipCode {
    /// The code that carries the lowest 50 bits.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << SLIP_BITS) - 1))
    }

    /// The 50 bits.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Reads a typed code: in any case, with or without dashes and spaces, O for 0, I and L for 1.
    ///
    /// # Errors
    /// INVALID when the length, a symbol or the check symbol is wrong. This is a typing error and does not count as an attempt.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let typed: Vec<u8> =
            text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')).map(|byte| byte.to_ascii_uppercase()).collect();
        let misread = || Refusal::invalid(field, "slip-misread");
        if typed.len() != LENGTH + 1 {
            return Err(misread());
        }
        let mut bits = 0;
        for symbol in &typed[..LENGTH] {
            bits = bits << 5 | value_of(*symbol, SYMBOLS).ok_or_else(misread)?;
        }
        let code = Self(bits);
        if value_of(typed[LENGTH], CHECK_SYMBOLS) == Some(code.check()) { Ok(code) } else { Err(misread()) }
    }

    fn check(self) -> u64 {
        self.0 % 37
    }
}

/// Reads the number of blank slips to make.
///
/// # Errors
/// INVALID below 1, LIMIT_REACHED above 50.
pub fn parse_allocation(field: &str, count: i32) -> Result<usize, Refusal> {
    match usize::try_from(count) {
        Ok(count @ 1..=MAXIMUM_ALLOCATION) => Ok(count),
        Err(_) | Ok(0) => Err(Refusal::invalid(field, Message::of("slip-too-few").with("maximum", MAXIMUM_ALLOCATION))),
        Ok(_) => {
            let message = Message::of("slip-too-many").with("maximum", MAXIMUM_ALLOCATION);
            Err(Refusal::of_field(UserErrorCode::LimitReached, field, message))
        }
    }
}

/// Checks that an account with `held` valid blank slips may have `more`.
///
/// # Errors
/// LIMIT_REACHED above 500 together.
pub fn check_held(field: &str, held: usize, more: usize) -> Result<(), Refusal> {
    if held + more <= MAXIMUM_BLANKS {
        return Ok(());
    }
    let message = Message::of("slip-too-many-held").with("maximum", MAXIMUM_BLANKS);
    Err(Refusal::of_field(UserErrorCode::LimitReached, field, message))
}

/// Checks that an account with `waiting` check-ins whose referrals aren't there may make one more.
///
/// # Errors
/// LIMIT_REACHED above 20 together.
pub fn check_waiting(field: &str, waiting: usize) -> Result<(), Refusal> {
    if waiting < MAXIMUM_WAITING {
        return Ok(());
    }
    let message = Message::of("slip-too-many-waiting").with("maximum", MAXIMUM_WAITING);
    Err(Refusal::of_field(UserErrorCode::LimitReached, field, message))
}

/// The refusal for a blank slip that a referral can't take. It is the same for a slip that was never printed, is somebody else's,
/// is used or has expired.
pub fn not_blank(field: &str) -> Refusal {
    Refusal::invalid(field, "slip-not-blank")
}

fn value_of(symbol: u8, alphabet: &[u8]) -> Option<u64> {
    let symbol = match symbol {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    alphabet.iter().position(|known| *known == symbol).map(|at| at as u64)
}

impl std::fmt::Display for SlipCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for at in 0..LENGTH {
            if at == 4 || at == 8 {
                formatter.write_str("-")?;
            }
            let symbol = SYMBOLS[(self.0 >> (5 * (LENGTH - 1 - at)) & 31) as usize];
            write!(formatter, "{}", symbol as char)?;
        }
        write!(formatter, "{}", CHECK_SYMBOLS[self.check() as usize] as char)
    }
}

/// A slip is a secret: debug output shows nothing of it.
impl std::fmt::Debug for SlipCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SlipCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_to_fifty_blanks_are_made_at_once_and_five_hundred_are_held() {
        let code = |count| parse_allocation("count", count).map_err(|refusal| refusal.code);
        assert_eq!((code(1), code(50)), (Ok(1), Ok(50)));
        assert_eq!((code(0), code(-1)), (Err(UserErrorCode::Invalid), Err(UserErrorCode::Invalid)));
        assert_eq!((code(51), code(i32::MAX)), (Err(UserErrorCode::LimitReached), Err(UserErrorCode::LimitReached)));
        assert!(check_held("count", 450, 50).is_ok());
        assert_eq!(check_held("count", 451, 50).map_err(|refusal| refusal.code), Err(UserErrorCode::LimitReached));
        assert!(check_waiting("slipCode", 19).is_ok());
        assert_eq!(check_waiting("slipCode", 20).map_err(|refusal| refusal.code), Err(UserErrorCode::LimitReached));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again_however_it_is_typed(bits in 0_u64..1 << SLIP_BITS) {
            let code = SlipCode::from_bits(bits);
            let printed = code.to_string();
            prop_assert_eq!(printed.len(), 13);
            for typed in [printed.clone(), printed.to_lowercase(), printed.replace('-', ""), printed.replace('-', " "), printed.replace('0', "o").replace('1', "l")] {
                prop_assert_eq!(SlipCode::parse("slipCode", &typed).expect("read").bits(), bits);
            }
        }

        #[test]
        fn one_wrong_symbol_is_always_noticed(bits in 0_u64..1 << SLIP_BITS, at in 0_usize..10, change in 1_usize..32) {
            let printed: Vec<u8> = SlipCode::from_bits(bits).to_string().replace('-', "").into_bytes();
            let mut wrong = printed.clone();
            let value = value_of(wrong[at], SYMBOLS).expect("a symbol") as usize;
            wrong[at] = SYMBOLS[(value + change) % 32];
            prop_assert!(SlipCode::parse("slipCode", std::str::from_utf8(&wrong).expect("ASCII")).is_err());
        }

        #[test]
        fn two_neighbours_in_the_wrong_order_are_always_noticed(bits in 0_u64..1 << SLIP_BITS, at in 0_usize..9) {
            let mut swapped: Vec<u8> = SlipCode::from_bits(bits).to_string().replace('-', "").into_bytes();
            prop_assume!(swapped[at] != swapped[at + 1]);
            swapped.swap(at, at + 1);
            prop_assert!(SlipCode::parse("slipCode", std::str::from_utf8(&swapped).expect("ASCII")).is_err());
        }

        #[test]
        fn nothing_makes_it_panic(text in ".{0,40}") {
            drop(SlipCode::parse("slipCode", &text));
        }
    }
}
