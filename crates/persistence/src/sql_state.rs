//! What an SQLSTATE means for whoever asked, and how an error's message says it. This is the one place that decides it.

/// What stands before the SQLSTATE in front of a message.
const MARK: &str = "SQLSTATE ";
/// What stands between the SQLSTATE and the message.
const END: &str = ": ";

/// What says the SQLSTATE in front of a message.
pub(crate) fn mark(code: &str) -> String {
    format!("{MARK}{code}{END}")
}

/// The SQLSTATE in front of a message, and the message itself.
pub(crate) fn marked(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(MARK)?;
    let (code, rest) = (rest.get(..5)?, rest.get(5..)?);
    Some((code, rest.strip_prefix(END)?))
}

/// What an error of PostgreSQL means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The session of the request has ended.
    SessionEnded,
    /// A unique constraint stands against it.
    Conflict,
    /// PostgreSQL gave up on a statement that took too long, or that stood in the way of another.
    Timeout,
    /// The database is in trouble; the text says which.
    Trouble(Ailment, &'static str),
    /// The program sent something wrong.
    Fault,
}

/// How to see that a trouble is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ailment {
    /// The database doesn't answer. It is well when it answers again.
    Unreachable,
    /// The database answers, and can't do what it is asked for. It is well when it hasn't failed for a while.
    Failing,
}

/// What that SQLSTATE means.
pub(crate) fn meaning(code: &str) -> Meaning {
    use Ailment::{Failing, Unreachable};
    use Meaning::{Conflict, Fault, SessionEnded, Timeout, Trouble};
    match (code.get(..2).unwrap_or_default(), code) {
        // Ours, from open_member.
        (_, "PA401") => SessionEnded,
        (_, "23505") => Conflict,
        // A statement, a lock, or a transaction took longer than the role may. The transaction's end also ends the connection.
        (_, "57014" | "55P03" | "25P03" | "25P04") => Timeout,
        // Deadlocks and serialisation failures: the same again may succeed.
        ("40", _) => Timeout,
        ("08", _) => Trouble(Unreachable, "the connection broke"),
        // Shut down, crashed, starting, dropped, or idle for too long; 57014 is above.
        ("57", _) => Trouble(Unreachable, "the server is stopping or starting"),
        // A program that writes in its own read-only transaction gets this as well. Its tests would show that.
        (_, "25006") => Trouble(Failing, "the database is read-only"),
        (_, "53100") => Trouble(Failing, "its disk is full"),
        (_, "53200") => Trouble(Failing, "its memory is full"),
        (_, "53300") => Trouble(Failing, "it has no connection left"),
        ("53", _) => Trouble(Failing, "it has run out of something"),
        // Files that can't be read or written, and libraries that aren't there any more.
        ("58", _) => Trouble(Failing, "its files can't be used"),
        ("F0", _) => Trouble(Failing, "its configuration can't be used"),
        // PostgreSQL's own failures: libraries of another version, damaged data. The program can't cause them by what it sends.
        ("XX", _) => Trouble(Failing, "it fails by itself"),
        // Data, syntax, rights, limits of one statement, whatever triggers raise, and classes that PostgreSQL doesn't have yet.
        _ => Fault,
    }
}

/// Whether PostgreSQL's message of that SQLSTATE names tables, columns and constraints alone. Others can quote what somebody sent.
pub(crate) fn names_no_value(code: &str) -> bool {
    matches!(code.get(..2), Some("0A" | "23" | "25" | "26" | "40" | "42" | "55"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes of PostgreSQL 17's appendix A, each with one code, and codes that mean something else than their class.
    const CODES: &str = "01000 02000 03000 08000 08006 08P01 09000 0A000 0B000 0F000 0L000 0P000 0Z000 10608 20000 21000 22000 22P02 \
        23000 23505 23514 24000 25000 25006 25P02 25P03 25P04 26000 27000 28000 28P01 2B000 2D000 2F000 34000 38000 39000 3B000 3D000 \
        3F000 40000 40001 40P01 42000 42501 42601 42883 42P01 44000 53000 53100 53200 53300 53400 54000 54001 55000 55006 55P03 57000 \
        57014 57P01 57P02 57P03 57P04 57P05 58000 58030 58P01 58P02 72000 F0000 F0001 HV000 P0000 P0001 PA401 XX000 XX001 XX002 ZZ999";

    #[test]
    fn each_class_means_one_thing() {
        let of = |wanted: &str| -> Vec<&str> {
            let named = |code: &&str| match meaning(code) {
                Meaning::SessionEnded => wanted == "ended",
                Meaning::Conflict => wanted == "conflict",
                Meaning::Timeout => wanted == "timeout",
                Meaning::Trouble(Ailment::Unreachable, _) => wanted == "unreachable",
                Meaning::Trouble(Ailment::Failing, _) => wanted == "failing",
                Meaning::Fault => wanted == "fault",
            };
            CODES.split_whitespace().filter(named).collect()
        };
        assert_eq!(of("ended"), ["PA401"]);
        assert_eq!(of("conflict"), ["23505"]);
        assert_eq!(of("timeout"), ["25P03", "25P04", "40000", "40001", "40P01", "55P03", "57014"]);
        assert_eq!(of("unreachable"), ["08000", "08006", "08P01", "57000", "57P01", "57P02", "57P03", "57P04", "57P05"]);
        let failing = "25006 53000 53100 53200 53300 53400 58000 58030 58P01 58P02 F0000 F0001 XX000 XX001 XX002";
        assert_eq!(of("failing"), failing.split_whitespace().collect::<Vec<_>>());
        assert_eq!(of("fault").len(), CODES.split_whitespace().count() - 33);
        assert_eq!(meaning(""), Meaning::Fault);
        assert_eq!(meaning("é"), Meaning::Fault);
    }

    #[test]
    fn a_mark_is_taken_off_again() {
        assert_eq!(marked(&format!("{}no room", mark("53100"))), Some(("53100", "no room")));
        for text in ["", "no room", "SQLSTATE ", "SQLSTATE 53", "SQLSTATE 53100 no room", "SQLSTATE é3100: no room"] {
            assert_eq!(marked(text), None, "{text}");
        }
    }

    #[test]
    fn messages_that_quote_values_are_told_from_those_that_name_columns() {
        for (code, named) in [("42P01", true), ("23514", true), ("22P02", false), ("P0001", false), ("54000", false), ("", false)]
        {
            assert_eq!(names_no_value(code), named, "{code}");
        }
    }
}
