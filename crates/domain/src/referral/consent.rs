//! What the client agreed to, and how. It is stored apart from the referral, and only the sender reads it.

use crate::identifying::refuse_identifying;
use crate::message::Message;
use crate::refusal::{Refusal, Refusals};
use crate::vocabulary;

/// The most characters in a notice's version.
pub(crate) const MAXIMUM_NOTICE_VERSION: usize = 20;

vocabulary! {
    /// Who agreed to a referral.
    pub enum ConsentGiver {
        /// The client.
        Client = "CLIENT",
        /// A parent of a client under 18.
        Parent = "PARENT",
        /// The legal guardian of a client under 18.
        Guardian = "GUARDIAN",
        /// Another adult who cares for a client under 18.
        Caregiver = "CAREGIVER",
    }
}

vocabulary! {
    /// How somebody agreed.
    pub enum ConsentManner {
        /// They said so.
        Spoken = "SPOKEN",
        /// They signed, or gave their thumbprint, on paper that stays with the sender.
        Signed = "SIGNED",
        /// They tapped to agree on a screen.
        OnScreen = "ON_SCREEN",
    }
}

/// What the client agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who agreed.
    pub given_by: ConsentGiver,
    /// The version of the sender's privacy notice that was explained to them, if the sender gave it.
    pub notice_version: Option<String>,
    /// How they agreed, if the sender said it.
    pub manner: Option<ConsentManner>,
    /// The language in which it was explained, as an ISO 639 code, if the sender gave it.
    pub language: Option<String>,
    /// Whether they also agreed to be counted in the coalition's figures.
    pub counted: bool,
}

/// The unchecked fields of a [`Consent`].
#[derive(Clone, Copy, Debug)]
pub struct ConsentDraft<'a> {
    /// Who agreed.
    pub given_by: ConsentGiver,
    /// Not yet checked.
    pub notice_version: Option<&'a str>,
    /// How they agreed.
    pub manner: Option<ConsentManner>,
    /// Not yet checked.
    pub language: Option<&'a str>,
    /// Whether they also agreed to be counted.
    pub counted: bool,
}

impl ConsentDraft<'_> {
    /// The client agreed, and nothing more was said.
    pub const PLAIN: Self =
        Self { given_by: ConsentGiver::Client, notice_version: None, manner: None, language: None, counted: true };

    /// Checks a draft.
    ///
    /// # Errors
    /// INVALID or IDENTIFYING_DATA, for the field inside `consent`.
    pub fn parse(self) -> Result<Consent, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let notice_version = refusals.keep(self.notice_version.map(parse_notice_version).transpose());
        let language = refusals.keep(self.language.map(parse_language).transpose());
        let value = notice_version.zip(language).map(|(notice_version, language)| Consent {
            given_by: self.given_by,
            notice_version,
            manner: self.manner,
            language,
            counted: self.counted,
        });
        refusals.finish(value)
    }
}

fn parse_notice_version(version: &str) -> Result<String, Refusal> {
    let fits = (1..=MAXIMUM_NOTICE_VERSION).contains(&version.len())
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if !fits {
        return Err(Refusal::invalid(
            "noticeVersion",
            Message::of("sending-notice-version").with("maximum", MAXIMUM_NOTICE_VERSION),
        )
        .within("consent"));
    }
    refuse_identifying("noticeVersion", version).map_err(|refusal| refusal.within("consent"))?;
    Ok(version.to_owned())
}

fn parse_language(code: &str) -> Result<String, Refusal> {
    if (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code.to_owned());
    }
    Err(Refusal::invalid("language", "sending-language").within("consent"))
}
