//! The chain of seals over the audit: how the program makes it, and how it checks that the chain still holds.

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::audit::{self, Entry, Seal};
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use sha2::{Digest, Sha256};

use crate::keys::Keys;

/// How many seals one read takes.
const BATCH: i64 = 100;

/// The next link of an audit chain: SHA-256 over the previous hash and every entry, signed. An entry that is changed, added or
/// removed later no longer fits the hash.
pub fn link(keys: &Keys, last: Option<&Seal>, entries: &[Entry]) -> (Vec<u8>, String, Vec<u8>) {
    let hash = chain_hash(last, entries);
    let (key_id, signature) = keys.seal(&hash);
    (hash, key_id, signature)
}

/// The hash that a seal over those entries signs.
fn chain_hash(last: Option<&Seal>, entries: &[Entry]) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(last.map_or(&[][..], |seal| &seal.hash));
    for entry in entries {
        // In microseconds, the precision that the database keeps.
        let line = format!(
            "{}|{}|{}|{}|{}|{}\n",
            entry.transaction_id,
            entry.position,
            entry.at.timestamp_micros(),
            entry.user_id.map_or_else(String::new, |id| id.to_string()),
            entry.action,
            entry.node_id.map_or_else(String::new, |id| id.to_string()),
        );
        let line = match &entry.door {
            // Entries from before doors were written down are hashed as they were.
            None => line,
            Some(door) => format!("{}|{door}\n", line.trim_end_matches('\n')),
        };
        digest.update(line.as_bytes());
    }
    digest.finalize().to_vec()
}

/// Computes an organisation's chain anew. Returns a sentence that says what is wrong with it, or nothing when it holds.
///
/// A chain also holds after its newest seals were removed together with their entries: keep copies of its head elsewhere.
pub async fn verify(database: &Database, keys: &Keys, organisation: OrganisationId) -> Result<Option<String>, StoreError> {
    let mut last: Option<Seal> = None;
    loop {
        let number = last.as_ref().map_or(0, |seal| seal.number);
        let seals =
            database.tenant(&Permit::operator(Some(organisation)), async |tx| audit::seals(tx, number, BATCH).await).await?;
        if seals.is_empty() {
            return Ok(None);
        }
        for seal in seals {
            let before = last.as_ref();
            let entries = database
                .tenant(&Permit::operator(Some(organisation)), async |tx| audit::entries_of(tx, before, &seal).await)
                .await?;
            if let Some(wrong) = what_is_wrong(keys, before, &seal, &entries) {
                return Ok(Some(format!("The audit of organisation {organisation} was tampered with: {wrong}.")));
            }
            last = Some(seal);
        }
    }
}

fn what_is_wrong(keys: &Keys, before: Option<&Seal>, seal: &Seal, entries: &[Entry]) -> Option<String> {
    let number = seal.number;
    if number != before.map_or(0, |before| before.number) + 1 {
        return Some(format!("a seal before number {number} is missing"));
    }
    if entries.len() as i64 != seal.entries || chain_hash(before, entries) != seal.hash {
        return Some(format!("entries under seal {number} were changed, added or taken away"));
    }
    (!keys.verify_seal(&seal.key_id, &seal.hash, &seal.signature)).then(|| format!("seal {number} has no signature of ours"))
}
