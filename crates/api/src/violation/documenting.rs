//! Documents a violation: one request, with all that a referral knows of it.

use async_graphql::ID;
use pamoja_domain::id::{ReferralId, ViolationId};
use pamoja_domain::message::Message;
use pamoja_domain::month::Month;
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::refusal::{Refusal, Refusals, UserErrorCode};
use pamoja_domain::violation::{
    Circumstance, KnownFromReferral, NewViolation, ViolationDraft, ViolationStep, advise, can_bring, told_by_referral,
};
use pamoja_domain::{pseudonym, violation as rules};
use pamoja_persistence::referral::Referral;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{client_report, organisation, referral, violation};
use uuid::Uuid;

use super::input::{DocumentViolationInput, month, steps};
use super::payload::Changed;
use crate::graphql::enumeration::decoded;
use crate::graphql::error::Failure;
use crate::graphql::global_id;

/// Writes down what was done, and returns its id.
pub(super) async fn document(tx: &TenantTx, input: &DocumentViolationInput) -> Result<ViolationId, Failure> {
    check_documents(tx).await?;
    let (new, brought_by) = parse(tx, input).await?;
    let id = ViolationId(Uuid::new_v4());
    violation::insert(tx, id, &new, brought_by).await?;
    Ok(id)
}

/// The violation and the advice. On a shared device the violation can't be read, also when the same comes again: the advice follows from
/// what was sent.
pub(super) async fn documented(tx: &TenantTx, input: &DocumentViolationInput, id: ViolationId) -> Result<Changed, Failure> {
    let changed = Changed::read(tx, id).await?;
    if changed.violation.is_some() {
        return Ok(changed);
    }
    let (new, _) = match parse(tx, input).await {
        Ok(parsed) => parsed,
        // What was good then no longer is, such as a referral that is gone by now.
        Err(Failure::Refused(_)) => return Ok(changed),
        Err(failure) => return Err(failure),
    };
    let (types, perpetrators, steps) = (&new.types, &new.perpetrators, &new.steps);
    let advice = advise(Circumstance {
        types,
        perpetrators,
        steps,
        occurred_in: new.occurred_in,
        first_limit: new.first_limit,
        at: tx.at(),
    });
    Ok(Changed { violation: None, advice })
}

/// Refuses the secretariat: it never holds what was done to anybody, even if its people have the roles for it.
async fn check_documents(tx: &TenantTx) -> Result<(), Failure> {
    let own = organisation::by_ids(tx, &[tx.organisation()?]).await?;
    if own.iter().any(|own| own.kind == OrganisationKind::Secretariat) {
        return Err(Refusal::new(UserErrorCode::Forbidden, "violation-secretariat").into());
    }
    Ok(())
}

async fn parse(tx: &TenantTx, input: &DocumentViolationInput) -> Result<(NewViolation, Option<ReferralId>), Failure> {
    let known = match &input.referral_id {
        Some(id) => Some(known(tx, id).await?),
        None => None,
    };
    let mut refusals = Refusals::default();
    let occurred_in = input.occurred_in.as_ref().map(|text| month("occurredIn", text)).transpose();
    let occurred_in = refusals.keep(occurred_in);
    // Each is looked at, also after one that is wrong.
    let steps: Vec<Option<ViolationStep>> = steps("steps", &input.steps).map(|step| refusals.keep(step)).collect();
    let steps: Option<Vec<ViolationStep>> = steps.into_iter().collect();
    let (occurred_in, steps) = refusals.finish(occurred_in.zip(steps))?;
    let types = input.types.as_ref().map(|types| decoded(Some(types)));
    let perpetrators = input.perpetrators.as_ref().map(|by| decoded(Some(by)));
    let populations = input.populations.as_ref().map(|populations| decoded(Some(populations)));
    let (causes, not_reported_reasons) = (decoded(Some(&input.causes)), decoded(Some(&input.not_reported_reasons)));
    let draft = ViolationDraft {
        types: types.as_deref(),
        perpetrators: perpetrators.as_deref(),
        causes: &causes,
        populations: populations.as_deref(),
        under_18: input.under_18.0,
        county_code: input.county_code.as_deref(),
        occurred_in,
        people_affected: input.people_affected,
        client: input.client.as_ref().map(|client| client.0.as_str()),
        consent_given: input.consent_given,
        consent_given_by: input.consent_given_by.0,
        counted: input.consent_to_be_counted,
        hours_ago: input.hours_ago,
        not_reported_reasons: &not_reported_reasons,
        steps: &steps,
        sealed_note: input.sealed_note.as_ref().map(|note| note.0.as_str()),
    };
    let new = NewViolation::parse(draft, known.as_ref().map(|brought| &brought.known), tx.at())?;
    Ok((new, known.map(|brought| brought.id)))
}

/// A referral that brings a violation.
pub(super) struct Brought {
    /// The referral.
    pub id: ReferralId,
    /// Whether the viewer's organisation sent it.
    pub own: bool,
    /// What it knows.
    pub known: KnownFromReferral,
}

/// What a referral knows of a violation: an own one what its ending and the client's report tell, a received one who was sent, and where.
///
/// # Errors
/// NOT_FOUND when the viewer may not read it; INVALID for a received one that is neither about the law nor about care.
pub(super) async fn known(tx: &TenantTx, referral_id: &ID) -> Result<Brought, Failure> {
    let not_found = || Refusal::not_found("referralId");
    let id: ReferralId = global_id::decode(referral_id).ok_or_else(not_found)?;
    let tenant = tx.organisation()?;
    let found = referral::find(tx, id).await?.ok_or_else(not_found)?;
    let own = found.sender == tenant;
    let told = if own {
        told(tx, &found).await?
    } else if found.receiver != Some(tenant) {
        return Err(not_found().into());
    } else if !can_bring(found.service_type) {
        let message = Message::of("violation-referral-of-something-else").with("service", found.service_type);
        return Err(Refusal::invalid("referralId", message).into());
    } else {
        None
    };
    let moment = if own { found.state.at(tx.at()).status_at } else { found.state.created_at };
    let client = found.client.as_deref().and_then(|client| pseudonym::Pseudonym::parse("client", client).ok());
    let known = KnownFromReferral {
        types: told.map(|(kind, _)| kind).into_iter().collect(),
        perpetrators: told.map(|(_, by)| by).into_iter().collect(),
        populations: found.populations.clone(),
        under_18: found.under_18,
        county: found.county,
        occurred_in: Month::at(moment),
        client,
    };
    Ok(Brought { id, own, known })
}

async fn told(tx: &TenantTx, found: &Referral) -> Result<Option<(rules::ViolationType, rules::Perpetrator)>, Failure> {
    let reports = client_report::by_referrals(tx, &[found.id]).await?;
    let reported = reports.first().and_then(|(_, report)| report.outcome);
    Ok(told_by_referral(found.service_type, found.non_completion_reason, reported))
}
