# Documenting what was done.

violation-types-missing = Say what was done: choose at least one.
violation-perpetrators-not-stated = Either somebody did it, or it isn't stated: leave out one of the two.
violation-county-missing = Say in which county it was done.
violation-people-affected = Write how many people it was done to, from 1 to { $maximum }.
violation-consent-missing = Document it only when the survivor agrees, or whoever may agree for them. Ask first.
violation-adult-agrees = The survivor is 18 or older: only they can agree to this.
violation-organisation-agrees = An organisation agrees only where it was raided itself. Otherwise the survivor does.
violation-organisation-client = What was done to the organisation itself is under nobody's pseudonym: leave it out, or say that the survivor agrees.
violation-no-clock = Nothing runs out after this: leave the hours out. They count after an arrest, a detention without charge, and sexual violence.
violation-hours = Hours are 0 to { $maximum }. Where more have passed, leave them out.
violation-hours-of-month = That was in { $month }: choose other hours, or put right the month as well.
violation-secretariat = The secretariat records no violations: the member does to which the survivor came.
violation-referral-of-something-else = A received referral for “{ $service }” brings no violation: only one for help with the law or care does. Leave it out.
violation-referral-ended = This violation isn't open any more. If it has ended, open it again first; otherwise leave it out.
violation-month-to-come = This month is still to come: choose this month or an earlier one.
violation-month-of-hours = That many hours ago it was { $month }: choose it, or leave the month or the hours out.
violation-month-early = Choose { $month } or a later month: it comes after what was recorded before.
violation-month-late = Choose { $month } or an earlier month: it comes before what was recorded since.

# Steps, endings, corrections.

violation-step-documented = That it was documented is recorded already. Choose what was done about it.
violation-steps-many = There are { $maximum } steps, which is as many as there can be.
violation-step-not-there = This step isn't recorded. Look at the steps again, or leave it out.
violation-outcome-ongoing = Say how it ended. While it goes on, record steps.
violation-move-of-others = Your role doesn't include this (“{ $action }”). Ask whoever documented it, or a paralegal of your organisation.
violation-move-impossible = It is “{ $status }” now. “{ $action }” is possible from: { $from }.
violation-month-published = The figures of { $month } are published: it stays as it was recorded (“{ $action }”).
violation-forgotten = What was personal of it is erased (“{ $status }”), and stays so.
violation-correction-empty = Say what is to be put right.
violation-correction-forgotten = What was personal of it is erased, and stays so: leave this out.

# What to say and do now.

violation-advice-pep = Go for medicine against HIV now: it must begin within 72 hours, and the sooner the better. Emergency contraception and other care are given there too.
violation-advice-pep-hours = Go for medicine against HIV now. { $hours ->
    [0] Less than an hour remains
    [one] One hour remains
   *[other] { $hours } hours remain
} in which it still helps, and the sooner the better. Emergency contraception and other care are given there too.
violation-advice-court = Whoever is arrested must be before a court within 24 hours, or by the end of the next court day where the 24 hours end outside court hours (Constitution, article 49). Find out where they are held, and call a lawyer.
violation-advice-court-by = Whoever is arrested must be before a court within 24 hours (Constitution, article 49): that is by { $time } on { $day }. Find out where they are held, and call a lawyer.
violation-advice-court-over = Whoever is arrested must be before a court within 24 hours, or by the end of the next court day (Constitution, article 49). That time was over at { $time } on { $day }: whoever is still held is held unlawfully. Find out where, and have a lawyer demand their release or the court at once. If they are free, record how it ended.
violation-advice-court-day = Whoever is arrested must be before a court within 24 hours (Constitution, article 49). These end at { $time } on { $day }, outside court hours: so the law says by the end of the next court day, { $closes } on { $court }, or a later one where the government has proclaimed a holiday. Find out where they are held, and call a lawyer.
violation-advice-legal-aid = A lawyer or paralegal can help: refer to legal aid.
violation-advice-care = Care helps, and it is never too late for it: refer to care after violence or to counselling, if the survivor wishes.
violation-advice-oversight = { $by ->
        [police] The Independent Policing Oversight Authority (IPOA) takes complaints about the police, also from an organisation, without a name to the public.
        [health] The county's health department and the councils of doctors, nurses and clinical officers take complaints about health providers; the HIV and AIDS Tribunal those about HIV.
        [authority] The Commission on Administrative Justice (Ombudsman) takes complaints about public offices.
       *[employer] The county's labour office takes complaints about employers.
    } If the survivor wishes, report it there.
violation-advice-where = If the survivor wishes to report it: at any police station, at its gender desk where there is one, or to the Kenya National Commission on Human Rights. Somebody of your organisation can go along.
violation-forget-days = Choose { $minimum } to { $maximum } days.
