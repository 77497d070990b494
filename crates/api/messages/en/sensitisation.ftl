# Plans for a sensitisation.

sensitisation-violations-missing = Say because of what: choose at least one violation.
sensitisation-many = { $maximum } plans are waiting, which is as many as there can be. Send some out, or drop some.
sensitisation-names-somebody = Within { $days } days your organisation referred to fewer than { $fewest } members for health services in this county: a request for “{ $audience }” would name whom it is about. Ask for the training by phone: call a trainer whom you trust, without a name and without a date, or ask the secretariat to offer one to all.
sensitisation-release-early = It can go out from { $day } on, as all plans of that month can: earlier, its day would tell when something was done.
sensitisation-move-of-others = Your role doesn't include this (“{ $action }”). Ask whoever manages trainings in your organisation.
sensitisation-move-impossible = It is “{ $status }” now. “{ $action }” is possible from: { $from }.
sensitisation-without-reason = What this plan was made for is withdrawn or was put right: drop the plan.
