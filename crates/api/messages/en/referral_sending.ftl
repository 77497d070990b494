sending-notice-version = A notice's version has 1 to { $maximum } letters, digits, dots and dashes, such as 2026-1.
sending-language = A language is written as its ISO 639 code, such as sw, en or luo.
sending-adult-agrees = The client is 18 or older: only they can agree to this.
sending-no-clock = This service doesn't depend on the hours since an exposure: leave them out. They count for { CAPTION("PEP", of: "ServiceType") }, { CAPTION("EMERGENCY_CONTRACEPTION", of: "ServiceType") }, { CAPTION("POST_VIOLENCE_CARE", of: "ServiceType") }.
sending-hours = Hours since an exposure are 0 to { $maximum }: count them again.
sending-hours-passed = Hours are 0 to { $maximum }. Where more have passed, leave the hours out and call the receiver before the client sets out: PEP no longer helps after { $maximum } hours, other care does.
sending-open-with-service = A referral that is open to all is for no service in particular: leave this out, or say which organisation.
sending-own-without-service = To go along to a facility outside the coalition, name your own service at that facility. To refer to somebody else, name them.
sending-not-your-service = This is no service of yours of that type, or no longer: to go along with the client, name one of your own at a facility.
sending-no-facility = This service is at a place of your own: an accompanied referral is for a service at a facility of the national register that you vouch for.
sending-nobody-offers = No other member offers this in this county to such a client: choose a service elsewhere, or go along to a facility.
sending-no-longer-open = This referral is no longer open: another member took it, or it was called off. There is nothing to do.
sending-advice-go-now = Go now, do not wait for acceptance. { $hours ->
    [0] Less than an hour remains
    [one] One hour remains
   *[other] { $hours } hours remain
} in which it still helps.
sending-advice-overdue = The time in which it helps best has passed. Go all the same, now: they decide what can still be done.
sending-advice-go-along = Go along or follow up yourselves, and record here how it ended.
sending-advice-facility-closed = The national register says that this facility is closed. Ask the receiver where the client should go, or choose an alternative.
sending-advice-already-open = This client has an open referral for the same, to the same organisation, since { $day }. Cancel one of the two, unless both are needed.
sending-advice-open-to-all = All members who offer this in the county see it. You are told who takes it; the slip is good at each of them.
sending-advice-full = They have said that they are full. Choose an alternative, or expect to wait or to be declined.
sending-advice-full-along = Your organisation has said that there is no room there. Choose an alternative, or ask the place before you set out.
sending-advice-waitlist = They have a waitlist. Choose an alternative, or expect to wait.
sending-advice-ask-first = They haven't said lately whether there is room. Ask before you set out.
sending-written-at = It was written down within the last { $days } days, and not later than now: look at the clock of this device.
sending-moment = A moment is written like 2026-10-07T09:30:00Z.
sending-secretariat = The secretariat refers nobody and sees no referral: a member does it.
sending-take-first = Nobody has taken this referral yet: accept it first, or check the client in.
sending-too-many-waiting = { $maximum } referrals of yours that are open to all or can't wait have no answer yet. Before you send another one, see to those: follow up where nobody answers, as your tasks say, or call off what is no longer needed. Whoever can't wait: call or go along.
organisation-withheld = A member of the coalition
