//! An organisation's figures about its trainings.

use crate::vocabulary;

vocabulary! {
    /// The side on which an organisation takes part in the trainings that are counted.
    pub enum TrainingSide {
        /// Trainings that it held for others. The people of all hosts count.
        Given = "GIVEN",
        /// Trainings that others held for it. Only its own people count.
        Received = "RECEIVED",
    }
}

vocabulary! {
    /// How figures about trainings are broken down.
    pub enum TrainingFigureGrouping {
        /// By topic.
        Topic = "TOPIC",
        /// By the month in which the training was held.
        Month = "MONTH",
        /// By the cadre of the people. A training counts once for each cadre that came: these figures don't add up to the total.
        Cadre = "CADRE",
    }
}
