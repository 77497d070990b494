//! Which organisation is which number in a count.

use std::collections::HashMap;

use pamoja_domain::statistic::Party;
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::error::StoreError;

/// All organisations, numbered.
pub(super) struct Organisations {
    ids: Vec<Uuid>,
    numbers: HashMap<Uuid, Party>,
}

impl Organisations {
    /// Reads them.
    pub(super) async fn read(transaction: &Transaction<'_>) -> Result<Self, StoreError> {
        let rows = transaction.query(include_str!("organisations.sql"), &[]).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
        if u16::try_from(ids.len()).is_err() {
            return Err(StoreError::Inconsistent("there are more organisations than can be counted".to_owned()));
        }
        let numbers = ids.iter().enumerate().map(|(number, id)| (*id, Party(number as u16))).collect();
        Ok(Self { ids, numbers })
    }

    /// Its number.
    pub(super) fn party(&self, id: Uuid) -> Result<Party, StoreError> {
        let missing = || StoreError::Inconsistent("a record is of an organisation that isn't there".to_owned());
        self.numbers.get(&id).copied().ok_or_else(missing)
    }

    /// Whose number it is.
    pub(super) fn id(&self, party: Party) -> Uuid {
        self.ids[usize::from(party.0)]
    }
}
