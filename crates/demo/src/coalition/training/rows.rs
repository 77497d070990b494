//! The rows of trainings, table by table.

use pamoja_domain::id::{OrganisationId, TrainingRequestId};
use pamoja_domain::training::{Attendance, readable_at};

use super::super::copy::{Codes, Maybe, Moment, Rows};
use super::super::members::Coalition;
use super::life::Story;
use super::offer::Offer;

/// All rows of the trainings, in the order in which the tables depend on each other.
pub(crate) fn of_trainings(coalition: &Coalition, offers: &[Offer], stories: &[Story]) -> Vec<Rows> {
    let mut offer = Rows::new(
        "training_offer (organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours, \
         maximum_participants, open_until, created_at, closed_at)",
    );
    let mut session = Rows::new(
        "training_session (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts, hours, delivered_at, \
         created_at)",
    );
    let mut evaluation = Rows::new(
        "training_evaluation (organisation_id, session_id, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at)",
    );
    let mut for_host = Rows::new(
        "training_evaluation_for_host (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, pre_score_mean, \
         post_score_mean, readable_at)",
    );
    let mut request = Rows::new(
        "training_request (from_organisation_id, id, to_organisation_id, offer_id, topic, audience, expected_participants, \
         preferred_months, county_code, languages, open_to_all, status, reason, session_id, created_at, updated_at)",
    );
    let mut event = Rows::new("training_event (from_organisation_id, request_id, status, at, by_organisation_id)");
    let mut came =
        Rows::new("training_participants (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count)");
    let mut follow_up =
        Rows::new("training_follow_up (from_organisation_id, request_id, to_organisation_id, months_after, asked, still_using)");
    let since = Moment(coalition.since);
    for known in offers {
        let new = &known.training;
        offer.push([
            &known.member,
            &known.id,
            &new.topic,
            &new.title.as_str(),
            &new.description.as_str(),
            &Codes(&new.modes),
            &Codes(&new.counties),
            &Codes(&new.languages.iter().map(|language| language.as_str()).collect::<Vec<_>>()),
            &new.duration_hours,
            &new.maximum_participants,
            &Maybe(new.open_until),
            &since,
            &Maybe(known.closed_at.map(Moment)),
        ]);
    }
    for story in stories {
        let trainer = &story.trainer;
        for asked in &story.requests {
            let (sender, new) = (&asked.sender, &asked.new);
            let receiver = &Maybe(asked.receiver);
            let held = story.session.as_ref().filter(|_| asked.hosts);
            request.push([
                sender,
                &asked.id,
                receiver,
                &Maybe(new.addressee.offer()),
                &new.topic,
                &Codes(&new.audience),
                &new.expected_participants,
                &Codes(&new.preferred_months),
                &new.county,
                &Codes(&new.languages.iter().map(|language| language.as_str()).collect::<Vec<_>>()),
                &new.addressee.organisation().is_none(),
                &asked.status,
                &Maybe(asked.reason),
                &Maybe(held.map(|session| session.id)),
                &Moment(asked.created_at),
                &Moment(asked.updated_at),
            ]);
            for reached in &asked.events {
                event.push([sender, &asked.id, &reached.status, &Moment(reached.at), &reached.by]);
            }
            for known in &asked.follow_ups {
                follow_up.push([sender, &asked.id, receiver, &known.after.months(), &known.asked, &known.still_using]);
            }
        }
        let Some(held) = &story.session else { continue };
        let (delivery, delivered_at) = held.delivered.as_ref().map(|(delivery, at)| (delivery, Moment(*at))).unzip();
        session.push([
            trainer,
            &held.id,
            &story.topic,
            &held.plan.on,
            &held.plan.mode,
            &held.plan.county,
            &Codes(&story.hosts()),
            &Maybe(delivery.map(|delivery| delivery.hours)),
            &Maybe(delivered_at),
            &Moment(held.created_at),
        ]);
        let of_host = |host: OrganisationId| story.hosting().find(|asked| asked.sender == host).map(|asked| asked.id);
        for count in delivery.iter().flat_map(|delivery| &delivery.participants) {
            let asked: Maybe<TrainingRequestId> = Maybe(of_host(count.host));
            came.push([trainer, &held.id, &count.host, &asked, &count.cadre, &count.count]);
        }
        let Some(((delivery, _), (known, at))) = held.delivered.as_ref().zip(held.evaluated.as_ref()) else { continue };
        evaluation.push([
            trainer,
            &held.id,
            &Maybe(known.satisfaction_mean),
            &Maybe(known.scores.map(|scores| scores.pre_mean)),
            &Maybe(known.scores.map(|scores| scores.post_mean)),
            &Maybe(known.scores.map(|scores| scores.pairs)),
            &Moment(*at),
        ]);
        let attendance = Attendance::of(&delivery.participants);
        for host in story.hosts() {
            let Some(told) = known.for_host(host, &attendance) else { continue };
            for_host.push([
                trainer,
                &held.id,
                &host,
                &Maybe(told.satisfaction_mean),
                &Maybe(told.score_means.map(|(before, _)| before)),
                &Maybe(told.score_means.map(|(_, after)| after)),
                &Moment(readable_at(*at, &attendance)),
            ]);
        }
    }
    vec![offer, session, request, event, came, evaluation, for_host, follow_up]
}
