//! The kinds of things whose changes subscribers are notified of.

use crate::vocabulary;

vocabulary! {
    /// The kind of thing that changed.
    pub enum ChangeKind {
        /// A referral. Its parties and those who could take it are notified.
        Referral = "REFERRAL",
        /// A training request. Its parties and those who could take it are notified.
        TrainingRequest = "TRAINING_REQUEST",
        /// A service. Every member is notified.
        Service = "SERVICE",
        /// A violation. Those of the own organisation who may read it are notified.
        Violation = "VIOLATION",
    }
}
