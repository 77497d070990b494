//! What an attacker sends, and what comes back.

use tokio_postgres::{Client, SimpleQueryMessage};

/// What a statement came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran: its rows, columns joined, and how many rows it affected.
    Ran(Vec<String>, u64),
    /// It was refused: the code and the message.
    Refused(String, String),
}

impl Outcome {
    /// Whether a right that the role doesn't have, or a policy, refused it, or that the transaction only reads.
    pub fn lacks_a_right(&self) -> bool {
        matches!(self, Self::Refused(code, _) if ["42501", "25006"].contains(&code.as_str()))
    }

    /// Whether the role has no right on the table or the column.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Refused(code, message) if code == "42501" && message.starts_with("permission denied"))
    }

    /// Whether it reached a row of others. A policy that only narrows is named in its refusal, and refuses own rows, too.
    pub fn reached_others(&self) -> bool {
        matches!(self, Self::Refused(_, message) if message.contains("row-level security policy for table"))
    }

    /// Whether it reached a row that a policy kept from being written.
    pub fn reached_a_policy(&self) -> bool {
        matches!(self, Self::Refused(_, message) if message.contains("row-level security"))
    }

    /// The same without times, which differ from one transaction to the next.
    pub fn without_times(self) -> Self {
        match self {
            Self::Ran(rows, affected) => {
                let kept = |row: &String| row.split(' ').filter(|word| !word.contains(':')).collect::<Vec<_>>().join(" ");
                Self::Ran(rows.iter().map(kept).collect(), affected)
            }
            refused => refused,
        }
    }

    /// The same with an id made unrecognisable.
    pub fn without(self, id: &str) -> Self {
        let bare = id.replace('-', "");
        let without = |text: String| text.replace(id, "the id").replace(&bare, "the id");
        match self {
            Self::Ran(rows, affected) => Self::Ran(rows.into_iter().map(without).collect(), affected),
            Self::Refused(code, message) => Self::Refused(code, without(message)),
        }
    }
}

/// Sends a statement as it is.
pub async fn send(client: &Client, statement: &str) -> Outcome {
    match client.simple_query(statement).await {
        Ok(messages) => {
            let mut rows = Vec::new();
            let mut affected = 0;
            for message in messages {
                match message {
                    SimpleQueryMessage::Row(row) => {
                        let columns: Vec<&str> = (0..row.len()).map(|column| row.get(column).unwrap_or("null")).collect();
                        rows.push(columns.join(" "));
                    }
                    SimpleQueryMessage::CommandComplete(count) => affected += count,
                    _ => {}
                }
            }
            Outcome::Ran(rows, affected)
        }
        Err(error) => error.as_db_error().map_or_else(
            || Outcome::Refused("closed".to_owned(), error.to_string()),
            |error| Outcome::Refused(error.code().code().to_owned(), error.message().to_owned()),
        ),
    }
}

/// A connection that was got ready for an attempt.
pub struct Attacker {
    client: Client,
    in_transaction: bool,
}

impl Attacker {
    /// Goes on from wherever the connection stands: outside a transaction, in one, or in one that has failed.
    pub async fn go_on(client: Client) -> Self {
        let in_transaction = match send(&client, "SAVEPOINT attempt").await {
            Outcome::Ran(..) => true,
            Outcome::Refused(code, _) => {
                if code == "25P02" {
                    send(&client, "ROLLBACK").await;
                }
                false
            }
        };
        Self { client, in_transaction }
    }

    /// Sends a statement; what it did stays.
    pub async fn keep(&self, statement: &str) -> Outcome {
        if !self.in_transaction {
            return send(&self.client, statement).await;
        }
        let outcome = send(&self.client, &format!("SAVEPOINT attempt; {statement}; RELEASE attempt")).await;
        if matches!(outcome, Outcome::Refused(..)) {
            send(&self.client, "ROLLBACK TO attempt").await;
        }
        outcome
    }

    /// Sends a statement, and takes it back.
    pub async fn try_out(&self, statement: &str) -> Outcome {
        let begin = if self.in_transaction { "SAVEPOINT attempt" } else { "BEGIN" };
        let outcome = send(&self.client, &format!("{begin}; {statement}")).await;
        send(&self.client, if self.in_transaction { "ROLLBACK TO attempt" } else { "ROLLBACK" }).await;
        outcome
    }

    /// Ends the transaction, if there is one.
    pub async fn end(&self) {
        if self.in_transaction {
            send(&self.client, "COMMIT").await;
        }
    }
}
