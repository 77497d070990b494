//! What a check can find, and what is said at the end.

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All of it was looked at, and nothing is unsafe.
    Fine,
    /// These things are unsafe: a sentence each, which says what to put right. At least one.
    Unsafe(Vec<String>),
    /// It could not be looked at, or not all of it; the sentence says why. Nothing that was seen of it is unsafe.
    Unseen(String),
}

impl Outcome {
    /// One thing is unsafe.
    pub(super) fn fault(sentence: impl Into<String>) -> Self {
        Self::Unsafe(vec![sentence.into()])
    }

    /// It could not be looked at.
    pub(super) fn unseen(why: impl Into<String>) -> Self {
        Self::Unseen(why.into())
    }

    /// Unsafe when there are sentences that say so.
    pub(super) fn of(sentences: Vec<String>) -> Self {
        if sentences.is_empty() { Self::Fine } else { Self::Unsafe(sentences) }
    }
}

/// A check that was made, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    what: &'static str,
    outcome: Outcome,
}

impl Check {
    /// A check of that, with what it found.
    pub(super) fn new(what: &'static str, outcome: Outcome) -> Self {
        Self { what, outcome }
    }
}

/// What is said of all checks, a line each; and why the command fails, unless everything was looked at and nothing is unsafe.
pub(super) fn report(checks: &[Check]) -> (String, Result<(), String>) {
    let (mut said, mut faults, mut unseen) = (String::new(), 0, 0);
    for Check { what, outcome } in checks {
        match outcome {
            Outcome::Fine => said.push_str(&format!("fine: {what}\n")),
            Outcome::Unsafe(sentences) => {
                faults += sentences.len();
                for sentence in sentences {
                    said.push_str(&format!("unsafe: {what}: {sentence}\n"));
                }
            }
            Outcome::Unseen(why) => {
                unseen += 1;
                said.push_str(&format!("not looked at: {what}: {why}\n"));
            }
        }
    }
    let missing = match unseen {
        0 => None,
        1 => Some("1 check could not be made; its line says what it needs".to_owned()),
        count => Some(format!("{count} of {} checks could not be made; their lines say what they need", checks.len())),
    };
    let verdict = match (faults, missing) {
        (0, None) => {
            said.push_str("Everything was looked at. Nothing unsafe was found.\n");
            return (said, Ok(()));
        }
        (0, Some(missing)) => missing,
        (faults, None) => things(faults),
        (faults, Some(missing)) => format!("{}, and {missing}", things(faults)),
    };
    (said, Err(verdict))
}

fn things(count: usize) -> String {
    if count == 1 { "1 thing is unsafe".to_owned() } else { format!("{count} things are unsafe") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_called_safe_unless_everything_was_looked_at() {
        let outcomes = [Outcome::Fine, Outcome::fault("The door is open: close it."), Outcome::unseen("there is no key")];
        let mut called_safe = 0;
        for first in &outcomes {
            for second in &outcomes {
                let (said, verdict) = report(&[Check::new("the door", first.clone()), Check::new("the safe", second.clone())]);
                let fine = (first, second) == (&Outcome::Fine, &Outcome::Fine);
                assert_eq!(said.contains("Nothing unsafe"), fine, "{said}");
                assert_eq!(verdict.is_ok(), fine, "{said}");
                assert_eq!(said.contains("not looked at: the"), [first, second].contains(&&outcomes[2]), "{said}");
                let sentence = verdict.err().unwrap_or_default();
                assert!(!sentence.to_lowercase().contains("nothing"), "{sentence}");
                assert_eq!(sentence.contains("unsafe"), [first, second].contains(&&outcomes[1]), "{sentence}");
                assert_eq!(sentence.contains("could not be made"), [first, second].contains(&&outcomes[2]), "{sentence}");
                called_safe += usize::from(fine);
            }
        }
        assert_eq!(called_safe, 1);
    }
}
