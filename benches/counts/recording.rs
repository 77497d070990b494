//! What PostgreSQL answered once, for a kind of request: the files of benches/counts/recorded.

use std::collections::{BTreeMap, HashMap};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// The folder of the recordings; each file is named like the kind of request.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/counts/recorded");

/// A recorded request.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Recording {
    /// The request's body.
    pub body: String,
    /// How long the answer to it is, in bytes.
    pub bytes: usize,
    /// How many statements it takes, with each begin and end, when all is in memory that stays there.
    pub statements: usize,
    /// What PostgreSQL answered, by what it was asked: as often as it was asked it for one request, in that order; in base64.
    answers: BTreeMap<String, Vec<String>>,
    /// How often each has been asked for the request that is being answered.
    #[serde(skip)]
    asked: HashMap<String, usize>,
}

impl Recording {
    /// Another request begins.
    pub fn begin(&mut self) {
        self.asked.clear();
    }

    /// Keeps an answer, unless one is kept for the same question at the same place.
    pub fn keep(&mut self, asked: &str, answer: &[u8]) {
        let place = self.place(asked);
        let answers = self.answers.entry(asked.to_owned()).or_default();
        if answers.len() == place {
            answers.push(BASE64.encode(answer));
        }
    }

    /// What PostgreSQL answered to that question. None when it isn't recorded.
    pub fn answer(&mut self, asked: &str) -> Option<Vec<u8>> {
        let place = self.place(asked);
        let answers = self.answers.get(asked)?;
        BASE64.decode(answers.get(place).or(answers.last())?.as_bytes()).ok()
    }

    fn place(&mut self, asked: &str) -> usize {
        let times = self.asked.entry(asked.to_owned()).or_default();
        *times += 1;
        *times - 1
    }
}
