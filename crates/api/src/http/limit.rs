//! Every limit on what a client may ask for or hold, with the name and the number under which an answer tells it. The checks read
//! their numbers here, and `docs/limits.md` is compared with [`ALL`].

use std::time::Duration;

use pamoja_domain::page::MAXIMUM_PAGE;

use crate::error_code::ErrorCode;
use crate::http::code::{Exceeded, Rejection};
use crate::i18n::Text;

/// One limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name in `extensions.limit`, in the log and in `docs/limits.md`.
    pub name: &'static str,
    /// The largest number that passes.
    pub allowed: usize,
    /// What is counted: words that go on after "at most 7".
    of: &'static str,
}

impl Limit {
    const fn new(name: &'static str, allowed: usize, of: &'static str) -> Self {
        Self { name, allowed, of }
    }

    /// Passes what is within the limit.
    ///
    /// # Errors
    /// TOO_COSTLY that names the limit, what came and what is allowed.
    pub(crate) fn check(self, asked: usize) -> Result<(), Rejection> {
        if asked <= self.allowed { Ok(()) } else { Err(self.exceeded(asked)) }
    }

    /// The rejection of what is past the limit.
    pub(crate) fn exceeded(self, asked: usize) -> Rejection {
        self.exceeded_with(asked, format!("This asks for too much at once: at most {} {}.", self.allowed, self.of))
    }

    /// The rejection of what is past the limit, in other words.
    pub(crate) fn exceeded_with(self, asked: usize, message: impl Into<Text>) -> Rejection {
        let limit = Exceeded { name: self.name, asked, allowed: self.allowed };
        Rejection { limit: Some(limit), ..Rejection::new(ErrorCode::TooCostly, message) }
    }

    /// A limit on time, which is counted in seconds.
    pub(crate) const fn time(self) -> Duration {
        Duration::from_secs(self.allowed as u64)
    }
}

/// Declares the limits, and the list of all of them.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $constant:ident = ($name:literal, $allowed:expr, $of:literal);)+) => {
        $($(#[doc = $doc])+ pub const $constant: Limit = Limit::new($name, $allowed, $of);)+

        /// All limits, in the order of `docs/limits.md`.
        pub const ALL: &[Limit] = &[$($constant),+];
    };
}

limits! {
    /// The largest body of a request, and the largest message over a WebSocket.
    BODY = ("body", 64 * 1024, "bytes in a body");
    /// The largest body of a request about a session.
    SESSION_BODY = ("sessionBody", 8 * 1024, "bytes in a body about a session");
    /// Far more than any document within the limits has. The parser recurses for each bracket, without bound for lists in values.
    BRACKETS = ("brackets", 64, "brackets inside each other");
    /// Operations in a document.
    OPERATIONS = ("operations", 5, "operations");
    /// Variables that an operation declares, and that a request sends.
    VARIABLES = ("variables", 100, "variables");
    /// Fragments in a document.
    FRAGMENTS = ("fragments", 50, "fragments");
    /// Fields that a document names, each as often as it is written. `__typename` without an alias is free.
    FIELDS = ("fields", 500, "fields");
    /// Aliases that a document names, each as often as it is written.
    ALIASES = ("aliases", 50, "aliases");
    /// How deep fields nest, fragments expanded.
    DEPTH = ("depth", 12, "fields inside each other");
    /// The same for documents that only introspect: those of common tools go deeper, and they cost no statement.
    INTROSPECTION_DEPTH = ("introspectionDepth", 20, "fields inside each other");
    /// How deep selection sets nest inside the operation's own, fragments expanded.
    NESTING = ("nesting", 16, "nested selections");
    /// The same for documents that only introspect.
    INTROSPECTION_NESTING = ("introspectionNesting", 24, "nested selections");
    /// Selections, fragments expanded. It bounds what is walked for each row of an answer.
    SELECTIONS = ("selections", 2_000, "selections, fragments expanded");
    /// Directives on one element.
    DIRECTIVES = ("directives", 4, "directives on one element");
    /// Elements in a list, in the document or in a variable.
    LIST = ("list", 100, "elements in a list");
    /// Elements of a list that may be longer. The mutation itself has a lower limit and names it in words for a person; to do so it
    /// must be able to read a longer list. A body has no room for more than this.
    LONG_LIST = ("longList", 1_000, "elements in a list");
    /// Root fields in a mutation; each is a transaction.
    MUTATIONS = ("mutations", 10, "root fields in a mutation");
    /// Lists of the schema's own description inside each other.
    SCHEMA_LISTS = ("schemaLists", 3, "lists of the schema inside each other");
    /// Fields in the largest possible answer about the schema's own description.
    INTROSPECTION = ("introspection", 150_000, "fields of the schema's description in an answer");
    /// Fields in the largest possible answer, some of them weighed by what they cost.
    COMPLEXITY = ("complexity", 6_000, "fields in an answer");
    /// Errors in an answer to what can't be executed.
    ERRORS = ("errors", 10, "errors in an answer");
    /// The length of one error's sentence.
    ERROR_LENGTH = ("errorLength", 400, "characters in an error");
    /// Rows in a page of a list.
    PAGE = ("page", MAXIMUM_PAGE, "rows in a page");
    /// Documents of one user that are executed at once. Further ones wait, so that one user can't keep the database from
    /// their colleagues.
    EXECUTIONS_OF_USER = ("executionsOfUser", 4, "documents of a user at once");
    /// Requests with one username or one token that sign in, renew or sign out at once. Further ones wait.
    SESSION_REQUESTS = ("sessionRequests", 2, "requests with the same name or token at once");
    /// Connections that the process holds at once, beside WebSockets.
    CONNECTIONS = ("connections", 4_096, "connections");
    /// WebSockets that the process holds at once.
    SOCKETS = ("sockets", 10_000, "sockets");
    /// WebSockets that one user holds at once.
    SOCKETS_OF_USER = ("socketsOfUser", 10, "sockets of a user");
    /// Subscriptions over one socket at once.
    STREAMS = ("streams", 5, "subscriptions over one socket");
    /// Queries and mutations over one socket at once, beside its subscriptions.
    SOCKET_QUERIES = ("socketQueries", 10, "queries and mutations over one socket at once");
    /// Seconds until a body has arrived.
    BODY_ARRIVAL = ("bodyArrival", 10, "seconds");
    /// Seconds that a document may be expected to wait until its execution begins. What would wait longer is refused at once.
    WAIT = ("wait", 1, "seconds");
    /// Seconds that a client waits for an execution.
    EXECUTION = ("execution", 10, "seconds");
    /// Seconds until a socket's client has sent its first message.
    SOCKET_BEGINNING = ("socketBeginning", 5, "seconds");
    /// Seconds that a socket's client may stay silent. It is pinged meanwhile.
    SOCKET_SILENCE = ("socketSilence", 60, "seconds");
    /// Seconds until a socket's client has read a message.
    SOCKET_READING = ("socketReading", 10, "seconds");
}

#[cfg(test)]
mod tests {
    use super::{ALL, Limit};

    const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/limits.md"));

    /// The rows of the page's tables: a name in backticks, then a number.
    fn written() -> Vec<(String, usize)> {
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            let name = cells.next()?.trim_end_matches('`').to_owned();
            let number: String = cells.next()?.chars().filter(char::is_ascii_digit).collect();
            Some((name, number.parse().ok()?))
        };
        PAGE.lines().filter_map(row).collect()
    }

    #[test]
    fn the_page_on_limits_lists_all_of_them_with_their_numbers() {
        let known: Vec<(String, usize)> = ALL.iter().map(|limit| (limit.name.to_owned(), limit.allowed)).collect();
        assert_eq!(written(), known, "docs/limits.md and crates/api/src/http/limit.rs tell the same");
    }

    #[test]
    fn what_is_past_a_limit_is_told_in_numbers() {
        for limit in ALL.iter().copied() {
            assert!(limit.check(limit.allowed).is_ok(), "{limit:?}");
            let refused = limit.check(limit.allowed + 1).expect_err("one too many").limit.expect("it names the limit");
            assert_eq!((refused.name, refused.asked, refused.allowed), (limit.name, limit.allowed + 1, limit.allowed));
        }
        let unlike = |limit: &Limit| ALL.iter().filter(|other| other.name == limit.name).count() == 1;
        assert!(ALL.iter().all(unlike), "each has a name of its own");
    }
}
