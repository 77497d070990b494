client-report-empty = Say at least one of both: how it went (outcome), or how friendly the service was (friendliness).
client-report-friendliness = Friendliness is a whole number from { $minimum } (hostile) to { $maximum } (very friendly).
client-report-no-service = You referred the client to no particular service, so none can be rated: leave friendliness out and record the outcome alone.
client-report-sender-alone = Only the organisation that referred the client records what the client says, by somebody whose roles allow it.
client-report-consent-withdrawn = The client has withdrawn consent to this referral: nothing may be added to it.
client-report-in-error = This referral was entered in error and counts nowhere: leave friendliness out.
