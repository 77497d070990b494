//! An organisation's own figures of trainings.

use crate::vocabulary;

vocabulary! {
    /// On which side of trainings an organisation counts them.
    pub enum TrainingSide {
        /// Those that it held for others; all hosts' people count.
        Given = "GIVEN",
        /// Those that others held for it; its own people count.
        Received = "RECEIVED",
    }
}

vocabulary! {
    /// By what figures of trainings are broken down.
    pub enum TrainingFigureGrouping {
        /// By topic.
        Topic = "TOPIC",
        /// By the month in which the training was held.
        Month = "MONTH",
        /// By who was trained. A training counts once for each cadre that came, so these don't add up to the total.
        Cadre = "CADRE",
    }
}
