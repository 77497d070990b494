# Taking back the last move.

referral-undo-nothing = The referral is “{ $status }” now. You can take back only your own last step, within { $minutes } minutes, and only while nobody has acted on the referral since.
referral-undo-of-colleague = A colleague took the last step: only they can take it back, within { $minutes } minutes.
referral-undo-for-good = The last step can't be taken back: it erased something or replaced a slip for good. The referral is “{ $status }” now.

# Putting a referral right.

referral-amend-nothing = This changes nothing: change the urgency, the county, the service, the note or what the receiver sees.
referral-amend-consent-missing = Ask the client first, and say that they agree: without their agreement nothing changes that the receiver would see more by, or that would lead them to another service.
referral-amend-consent-unsaid = You say how the client agreed, and not that they did: send consentGiven with it.
referral-amend-shares-less = The receiver has seen this already: name everything that was shared before, and add to it. To take it back, withdraw the client's consent.
referral-amend-open = This decides to whom the referral is offered, and it was offered already: cancel it and send a new one.
referral-amend-open-clock = This client can't wait: until somebody takes the referral, it stays an emergency.
referral-amend-clock = The client must be seen within a time limit, and this service has none: cancel the referral and send a new one.
referral-amend-declined = The referral is “{ $status }”. Within { $days } days it can be amended and asked for again only where the receiver needs more information.
referral-amend-too-late = The referral has been “{ $status }” for more than { $days } days: refer the client again.

# A better place.

referral-instead-own = This is a service of your own: move the referral there instead of declining it.
referral-instead-of-sender = This is a service of the organisation that referred the client: name another one, or none.
referral-instead-other-type = This service is of another type than the client needs: name one of the same type, or none.
referral-instead-closed = This service is closed, or its organisation takes nobody at present: name another one, or none.
referral-instead-paused = This service takes nobody new for now: name another one, or none.
referral-instead-full = This service has said that it is full: name another one, or none.
referral-instead-for-others = This service is for other populations than the client counts themself to: name another one, or none.
referral-instead-adults-only = The client is under 18 and this service takes nobody under 18: name one that does, or none.
referral-instead-not-named = The referral is “{ $status }” and the receiver named no better place: refer the client to a service that you choose.
referral-check-in-not-asked = The referral is “{ $status }” and nobody asks about a check-in of it any more: that was answered, the client has arrived, or the check-in has expired. Load the referral again.
referral-instead-withdrawn = The referral is “{ $status }” and the client has withdrawn consent: ask them, and make a new referral if they agree.
referral-instead-referred = The referral is “{ $status }” and the client has been referred on already. That referral is still under way.
