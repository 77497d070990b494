//! The kinds of things whose changes subscribers are notified of.

use crate::vocabulary;

vocabulary! {
    /// The kind of thing that changed.
    pub enum ChangeKind {
        /// A referral, to its parties and to those who could take it.
        Referral = "REFERRAL",
        /// A request for a training, to its parties and to those who could take it.
        TrainingRequest = "TRAINING_REQUEST",
        /// A service, to every member.
        Service = "SERVICE",
    }
}
