//! User accounts. Their handles are chosen by an organisation and are never names of people.

use crate::identifying::refuse_identifying;
use crate::organisation::OrganisationKind;
use crate::refusal::Refusal;
use crate::vocabulary;

vocabulary! {
    /// What a user may do. A user may have several roles. Each role applies only within the user's organisation.
    pub enum Role {
        /// Refers clients that they meet, and sees only referrals that they made themself or that were assigned to them.
        PeerEducator = "PEER_EDUCATOR",
        /// Refers, receives and answers referrals; sets the capacity of services.
        Caseworker = "CASEWORKER",
        /// Documents and follows up all violations of the user's organisation; sees no referral.
        Paralegal = "PARALEGAL",
        /// Offers, requests and delivers training.
        Trainer = "TRAINER",
        /// Reads the figures of the user's organisation and of the coalition.
        Analyst = "ANALYST",
        /// Manages users and services; sees no referral.
        OrganisationAdmin = "ORGANISATION_ADMIN",
        /// Manages membership and publication; sees no referral. Only the secretariat's users have it.
        CoalitionAdmin = "COALITION_ADMIN",
    }
}

/// Checks that an organisation of that kind may give its users these roles.
///
/// # Errors
/// INVALID when COALITION_ADMIN is among them and the organisation isn't the secretariat.
pub fn check_roles(field: &str, roles: &[Role], kind: OrganisationKind) -> Result<(), Refusal> {
    if roles.contains(&Role::CoalitionAdmin) && kind != OrganisationKind::Secretariat {
        return Err(Refusal::invalid(field, "role-of-secretariat"));
    }
    Ok(())
}

/// The name of an account at sign-in: `caseworker@jirani` is the handle `caseworker` of the organisation `jirani`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username {
    /// The organisation chooses it; it is not a person's name.
    pub handle: String,
    /// The organisation's short name.
    pub slug: String,
}

impl Username {
    /// Reads `handle@slug` in any case; `None` when the text has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let (handle, slug) = text.trim().split_once('@')?;
        let username = Self { handle: handle.to_lowercase(), slug: slug.to_lowercase() };
        (is_short_name(&username.handle) && is_short_name(&username.slug)).then_some(username)
    }
}

/// A handle or slug for a new account or organisation.
///
/// # Errors
/// INVALID unless it has 2 to 32 characters of a to z, 0 to 9 and single dashes, and begins with a letter. IDENTIFYING_DATA when
/// it looks like a phone number or a person's code.
pub fn parse_short_name(field: &str, text: &str) -> Result<String, Refusal> {
    refuse_identifying(field, text)?;
    if text.len() < 2 || !is_short_name(text) {
        return Err(Refusal::invalid(field, "short-name-malformed"));
    }
    Ok(text.to_owned())
}

fn is_short_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=32).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}
