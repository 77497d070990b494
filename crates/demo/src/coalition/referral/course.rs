//! The course of a referral after it was sent: what receivers, clients and senders tend to do, and when.

use chrono::{DateTime, Days, TimeDelta, Utc};
use pamoja_domain::day::day_of;
use pamoja_domain::id::ServiceId;
use pamoja_domain::moves::Party;
use pamoja_domain::referral::{DeclineReason, NonCompletionReason, ReferralStatus, Urgency};
use rand::Rng;
use rand::rngs::StdRng;

use super::super::GenerateError;
use super::super::profile::Manner;
use super::super::random::{at_work, delay, during, pick};
use super::life::{Act, Life};

/// Nothing, or a fault of the program.
type Gone = Result<(), GenerateError>;

/// What decides a course, apart from chance.
pub(super) struct Course<'a> {
    pub(super) manner: &'a Manner,
    /// The receiver's other services.
    pub(super) alternatives: &'a [ServiceId],
}

impl Course<'_> {
    /// Runs a referral until the present.
    pub(super) fn run(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        self.answer(life, rng)?;
        // A referral that nobody answered expires by the clock; the receiver may still take it up again.
        if life.story.state.status.can_expire() {
            life.pass(life.story.state.expires_at)?;
        }
        let status = life.story.state.status;
        let share = match status {
            ReferralStatus::Expired => 0.05,
            ReferralStatus::Declined => 0.03,
            ReferralStatus::NotCompleted => 0.02,
            _ => 0.0,
        };
        if rng.random_bool(share) && !life.story.state.consent_withdrawn {
            let at = at_work(life.story.state.status_at + delay(rng, 40.0, 0.4).min(TimeDelta::days(9)), rng);
            if life.act(Act::Reopen, at)? {
                self.attend(life, rng)?;
            }
        }
        life.finish()
    }

    fn answer(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        let created_at = life.now();
        let urgency = life.story.new.urgency;
        if rng.random_bool(0.02) {
            let at = created_at + delay(rng, 6.0, 0.8);
            if !life.act(Act::ReissueSlip(rng.random()), at)? {
                return Ok(());
            }
        }
        let walks_in = if urgency == Urgency::Emergency { 0.25 } else { 0.05 };
        let choices = [
            (Answer::Silence, self.manner.silence),
            (Answer::WalkIn, walks_in),
            (Answer::Decline, self.manner.declines),
            (Answer::Waitlist, 0.06),
            (Answer::Accept, 0.95 - walks_in - self.manner.declines - self.manner.silence),
        ];
        let hours = self.manner.answer_hours / if urgency == Urgency::Routine { 1.0 } else { 5.0 };
        let answered_at = at_work(created_at + delay(rng, hours, 1.1), rng);
        match pick(rng, &choices) {
            None | Some(Answer::Silence) => Ok(()),
            Some(Answer::WalkIn) => {
                let at = at_work(created_at + delay(rng, 4.0, 0.8), rng);
                self.arrive(life, rng, at)
            }
            Some(Answer::Decline) => life.act(Act::Decline(decline_reason(rng)), answered_at).map(drop),
            Some(Answer::Accept) => {
                if life.act(Act::Accept, answered_at)? {
                    return self.attend(life, rng);
                }
                Ok(())
            }
            Some(Answer::Waitlist) => self.wait(life, rng, answered_at),
        }
    }

    fn wait(&self, life: &mut Life, rng: &mut StdRng, at: DateTime<Utc>) -> Gone {
        if !life.act(Act::Waitlist, at)? || rng.random_bool(0.15) {
            return Ok(());
        }
        let later = at_work(at + delay(rng, 200.0, 0.5), rng);
        if rng.random_bool(0.12) {
            return life.act(Act::Decline(DeclineReason::WaitlistFull), later).map(drop);
        }
        if life.act(Act::Accept, later)? {
            return self.attend(life, rng);
        }
        Ok(())
    }

    /// After acceptance: the client comes without an appointment, comes on an agreed day, or doesn't come.
    fn attend(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        if let Some(other) = self.alternatives.first().filter(|_| rng.random_bool(0.015)) {
            let at = life.now() + delay(rng, 3.0, 0.6);
            if !life.act(Act::Move(*other), at)? {
                return Ok(());
            }
        }
        let choices = [
            (Attendance::ByAppointment, 0.45),
            (Attendance::ByDay, 0.42),
            (Attendance::Never, 0.08),
            (Attendance::Silence, 0.05),
        ];
        match pick(rng, &choices) {
            Some(Attendance::ByAppointment) => self.appointment(life, rng),
            Some(Attendance::ByDay) => {
                let at = at_work(life.now() + delay(rng, 30.0, 0.9), rng);
                self.arrive(life, rng, at)
            }
            Some(Attendance::Never) => {
                let at = at_work(life.now() + delay(rng, 240.0, 0.4), rng);
                self.give_up(life, rng, at)
            }
            None | Some(Attendance::Silence) => Ok(()),
        }
    }

    fn appointment(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        let hours = if life.story.new.urgency == Urgency::Routine { 120.0 } else { 20.0 };
        for attempt in 0..3 {
            let told_at = at_work(life.now() + delay(rng, 5.0, 0.9), rng);
            let day = day_of(at_work(told_at + delay(rng, hours, 0.7).min(TimeDelta::days(60)), rng));
            if !life.act(Act::Schedule(day), told_at)? {
                return Ok(());
            }
            let choices = [
                (Appointment::Kept, 0.74),
                (Appointment::Missed, 0.19),
                (Appointment::PutOff, if attempt == 0 { 0.04 } else { 0.0 }),
                (Appointment::Silence, 0.03),
            ];
            match pick(rng, &choices) {
                Some(Appointment::Kept) => {
                    let at = during(day, 8, 17, rng).max(life.now() + delay(rng, 0.5, 0.3));
                    return self.arrive(life, rng, at);
                }
                Some(Appointment::Missed) => {
                    let at = during(day + Days::new(rng.random_range(0..3)), 17, 19, rng);
                    if !life.act(Act::MarkNoShow, at)? {
                        return Ok(());
                    }
                    if !rng.random_bool(0.5) {
                        return self.after_no_show(life, rng);
                    }
                }
                Some(Appointment::PutOff) => {}
                None | Some(Appointment::Silence) => return Ok(()),
            }
        }
        Ok(())
    }

    fn after_no_show(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        let at = at_work(life.now() + delay(rng, 60.0, 0.7), rng);
        if rng.random_bool(0.3) {
            return self.arrive(life, rng, at);
        }
        if rng.random_bool(0.6) {
            return self.give_up(life, rng, at);
        }
        Ok(())
    }

    fn arrive(&self, life: &mut Life, rng: &mut StdRng, at: DateTime<Utc>) -> Gone {
        let without_slip = rng.random_bool(0.13);
        if !life.act(Act::CheckIn { without_slip }, at)? || rng.random_bool(0.012) {
            return Ok(());
        }
        if rng.random_bool(self.manner.mistreats) {
            // The client tells the sender, and the sender records it.
            let at = at_work(life.now() + delay(rng, 30.0, 0.7), rng);
            let reason = NonCompletionReason::TurnedAwayOrMistreated;
            return life.act(Act::MarkNotCompleted(Party::Sender, reason), at).map(drop);
        }
        let hours = if rng.random_bool(0.8) { 1.5 } else { 120.0 };
        let at = life.now() + delay(rng, hours, 0.6);
        if rng.random_bool(0.025) {
            let choices = [
                (NonCompletionReason::ClientDeclined, 5.0),
                (NonCompletionReason::NoLongerNeeded, 2.0),
                (NonCompletionReason::ServiceClosed, 1.0),
            ];
            let reason = pick(rng, &choices).unwrap_or(NonCompletionReason::Unknown);
            return life.act(Act::MarkNotCompleted(Party::Receiver, reason), at).map(drop);
        }
        life.act(Act::Complete, at).map(drop)
    }

    /// The client never came; either party records why.
    fn give_up(&self, life: &mut Life, rng: &mut StdRng, at: DateTime<Utc>) -> Gone {
        let party = if rng.random_bool(0.6) { Party::Receiver } else { Party::Sender };
        let of_sender = if party == Party::Sender { 1.0 } else { 0.0 };
        let choices = [
            (NonCompletionReason::ClientDidNotArrive, 30.0),
            (NonCompletionReason::CouldNotBeReached, 22.0),
            (NonCompletionReason::ClientDeclined, 12.0),
            (NonCompletionReason::TransportOrCost, 14.0),
            (NonCompletionReason::NoLongerNeeded, 8.0),
            (NonCompletionReason::Moved, 5.0),
            (NonCompletionReason::ServiceClosed, 1.5),
            (NonCompletionReason::Died, 0.4),
            (NonCompletionReason::Unknown, 4.0),
            (NonCompletionReason::UnsafeToFollowUp, 5.0 * of_sender),
            (NonCompletionReason::Detained, 4.0 * of_sender),
            (NonCompletionReason::TurnedAwayOrMistreated, 150.0 * self.manner.mistreats * of_sender),
        ];
        let reason = pick(rng, &choices).unwrap_or(NonCompletionReason::Unknown);
        life.act(Act::MarkNotCompleted(party, reason), at).map(drop)
    }
}

#[derive(Clone, Copy)]
enum Answer {
    Silence,
    WalkIn,
    Decline,
    Waitlist,
    Accept,
}

#[derive(Clone, Copy)]
enum Attendance {
    ByAppointment,
    ByDay,
    Never,
    Silence,
}

#[derive(Clone, Copy)]
enum Appointment {
    Kept,
    Missed,
    PutOff,
    Silence,
}

fn decline_reason(rng: &mut StdRng) -> DeclineReason {
    let choices = [
        (DeclineReason::NoCapacity, 40.0),
        (DeclineReason::WaitlistFull, 8.0),
        (DeclineReason::NotEligible, 9.0),
        (DeclineReason::ServiceNotOffered, 5.0),
        (DeclineReason::OutOfArea, 4.0),
        (DeclineReason::OutsideHours, 4.0),
        (DeclineReason::CommodityStockout, 12.0),
        (DeclineReason::NeedsMoreInformation, 5.0),
        (DeclineReason::Duplicate, 4.0),
        (DeclineReason::SafetyConcern, 2.0),
        (DeclineReason::ConflictOfInterest, 1.0),
        (DeclineReason::BetterPlacedPartner, 5.0),
        (DeclineReason::Other, 2.0),
    ];
    pick(rng, &choices).unwrap_or(DeclineReason::Other)
}
