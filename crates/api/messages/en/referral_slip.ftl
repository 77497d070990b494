# The client's slip, at the receiver's desk.

slip-misread = This slip code was misread or mistyped: read its eleven symbols again, such as K7Q2-9FXM-3TG.
slip-unknown = No referral can be checked in with this slip. Serve the client, and ask the organisation that sent them.
slip-checked-in-already = Your organisation has checked this client in already, on { $day } at { $hour }. There is nothing to do again.
slip-attempts-exceeded = Five unknown slip codes within an hour: wait an hour, or check the client in without the slip. Serve the client in any case.

# Slips that were printed in advance, and referrals that are sent together later.

slip-too-few = Ask for 1 to { $maximum } slips.
slip-too-many = At most { $maximum } slips are made at once: print these first, then ask again.
slip-too-many-held = You hold { $maximum } slips that are still good: use these before you print more. Those that were lost expire by themselves.
slip-too-many-waiting = { $maximum } people whom you checked in wait for referrals that nobody has sent yet. Serve this client all the same, and ask whoever gave them the slip to send the referral.
slip-not-blank = No referral can take this slip: it was used, has expired, or is none of your organisation's. Read it again, or leave it out and give the client the new one.
slip-no-items = There is nothing to send: give 1 referral or more.
slip-too-many-items = At most { $maximum } referrals are sent together, and nothing of this was done: send it in parts.
slip-item-without-key = Each referral that is sent together with others has a clientMutationId of its own: make a UUID for it and keep it until it is answered.
slip-item-repeats = This is referral number { $item } of the same list again: it was left out. If it is another client, say what differs.
slip-item-failed = This referral was not sent: something went wrong on our side. Send it again as it is; nothing is sent twice. If it stays, tell us the request id.
slip-item-slip-used = This slip is used by referral number { $item } of the same list: give this client another one, or leave it out.
