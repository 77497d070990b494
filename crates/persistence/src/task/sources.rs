//! All sources of the list of tasks.

use pamoja_domain::access::Actor;
use pamoja_domain::task::TaskKind;
use pamoja_domain::vocabulary::Vocabulary;

use super::source::{self, TaskSource};
use super::{check_in, elsewhere, follow_up, training};

/// The sources of these kinds, as far as the actor's roles let them do the tasks.
pub(super) fn sources(actor: &Actor, kinds: &[TaskKind]) -> Vec<TaskSource> {
    let kinds = TaskKind::ALL.iter().copied().filter(|kind| kinds.contains(kind));
    let of = |kind| {
        let referrals = source::sources(kind, actor).into_iter();
        let unserved = follow_up::sources(kind, actor).into_iter().chain(elsewhere::sources(kind, actor));
        let asked = check_in::sources(kind, actor);
        referrals.chain(asked).chain(unserved).chain(training::sources(kind, actor))
    };
    kinds.flat_map(of).collect()
}
