# Sending a referral.

referral-receiver-frozen = This organisation is locked and takes nobody at present: choose another one.
referral-receiver-left = This organisation has left the coalition: choose another one.
referral-receiver-invited = This organisation is invited and not a member yet: choose another one.
referral-populations-not-stated = “{ CAPTION("NOT_STATED", of: "Population") }” goes alone: leave it out, or name nothing else.
referral-populations-minor = Under 18, exchanging sex is exploitation and not sex work (WHO): leave the sex-worker populations out.
referral-age-contradicts = The age band and the answer to “under 18” contradict each other: put one of the two right, or answer “{ CAPTION("NOT_STATED", of: "MinorStatus") }”.
referral-consent-missing = Without the client's agreement there is no referral. Ask them; there is no override.
referral-service-type-not-offered = This organisation doesn't offer this: search services for one that does.
referral-service-not-offered = This organisation doesn't offer this service, or no longer: choose one that it offers, or none.
referral-service-adults-only = This service takes nobody under 18: choose one that does.
referral-receiver-adults-only = None of this organisation's services of this type takes anybody under 18: choose one of the alternatives, or another organisation.
referral-service-paused = This service takes nobody new for now: choose one of the alternatives, or another service.
referral-receiver-paused = This organisation takes nobody new for this for now: choose one of the alternatives, or another organisation.
pseudonym-malformed = A pseudonym is { $length } lower-case base32 characters (a to z, 2 to 7) that your own device derives from its client number.
sealed-note-too-long = A sealed note has at most 24 KiB: shorten it to 16 KiB of text before sealing.
sealed-note-malformed = A sealed note is an armoured age file made on your device: { $problem ->
        [version] its first line must name age-encryption.org/v1
        [header-cut-off] its header is cut off
        [recipient-malformed] a recipient in its header is malformed
        [recipient-unknown] only X25519 recipients are taken
        [recipient-missing] it has no X25519 recipient, so nobody could open it
        [mac-missing] its header doesn't end in a MAC
        [mac-malformed] the MAC of its header is malformed
        [payload-cut-off] it is cut off after the header
        [readable] its content is readable, so it isn't sealed
        [armour-missing] it must begin and end with the lines of an armoured age file
        [armour-columns] its armour isn't in lines of 64 characters
        [armour-symbols] its armour isn't base64
        [empty] it is empty
       *[other] it is malformed
    }.

# Moving it on.

referral-schedule-range = Choose today or one of the next { $days } days.
referral-by-other-party = Only { $by ->
        [SENDER] the sender
        [RECEIVER] the receiver
       *[BOTH] the two parties
    } can do this (“{ $action }”), by somebody whose roles allow it.
referral-move-impossible = The referral is “{ $status }” now. “{ $action }” is possible from: { $from }.
referral-expired = The referral is “{ $status }”: its time had run out. The receiver can reopen it within { $days } days; otherwise refer again.
referral-reopen-too-late = The referral has been “{ $status }” for more than { $days } days: refer the client again.
referral-reopen-withdrawn = The referral is “{ $status }” and the client has withdrawn consent: it can't be reopened.
referral-consent-withdrawn-before = The referral is “{ $status }” and consent was withdrawn before: nothing is left to erase.
referral-error-too-late = The month of this referral is published: it can't be marked as entered in error any more.
referral-reason-of-sender = This reason is for the sender alone to record: choose another one.
referral-move-service-closed = This service is closed: choose an open one of yours.
referral-move-service-paused = This service takes nobody new for now: choose another one of yours, or take it up again first.
referral-move-minor = The client is under 18: choose a service that takes people under 18.

# Who handles it, and what two desks call it.

referral-assign-none = Name the referrals that you assign: 1 or more.
referral-assign-too-many = At most { $maximum } referrals are assigned together, and none of these was: assign them in parts.
referral-assign-cannot-send = This colleague's roles don't allow it: choose somebody who is “{ CAPTION("CASEWORKER", of: "Role") }” or “{ CAPTION("PEER_EDUCATOR", of: "Role") }” for what your organisation sent.
referral-assign-cannot-receive = This colleague's roles don't allow it: choose somebody who is “{ CAPTION("CASEWORKER", of: "Role") }” for what your organisation received.
referral-assign-disabled = This account is disabled: choose another colleague.
referral-reference-malformed = A reference is four to six letters and digits, such as K7MQ: read it again.
