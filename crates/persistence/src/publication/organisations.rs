//! The numbers that stand for organisations in a count.

use std::collections::HashMap;

use pamoja_domain::statistic::OrganisationNumber;
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::error::StoreError;

/// All organisations and their numbers.
pub(super) struct Organisations {
    ids: Vec<Uuid>,
    numbers: HashMap<Uuid, OrganisationNumber>,
}

impl Organisations {
    /// Reads and numbers all organisations.
    pub(super) async fn read(transaction: &Transaction<'_>) -> Result<Self, StoreError> {
        let rows = transaction.query(include_str!("organisations.sql"), &[]).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
        if u16::try_from(ids.len()).is_err() {
            return Err(StoreError::Inconsistent("there are more organisations than can be counted".to_owned()));
        }
        let numbers = ids.iter().enumerate().map(|(number, id)| (*id, OrganisationNumber(number as u16))).collect();
        Ok(Self { ids, numbers })
    }

    /// The number of an organisation.
    pub(super) fn number(&self, id: Uuid) -> Result<OrganisationNumber, StoreError> {
        let missing = || StoreError::Inconsistent("a record is of an organisation that isn't there".to_owned());
        self.numbers.get(&id).copied().ok_or_else(missing)
    }

    /// The organisation with that number.
    pub(super) fn id(&self, number: OrganisationNumber) -> Uuid {
        self.ids[usize::from(number.0)]
    }
}
