# Offering a training.

training-modes-missing = Say how it can be held: choose at least one way.
training-counties-missing = Say where it can be held. Only what is held over a line can be for everywhere.
training-languages-missing = Say in which languages it is held: at least one.
training-too-many = Name at most { $maximum } of these.
training-hours-range = A training lasts { $minimum } to { $maximum } hours.
training-people-range = Write a number of people from 1 to { $maximum }.
training-open-until-past = This day has passed: choose today or a later one, or leave it out.
training-own-offer-closed = This offer is closed: make a new one instead.

# Asking for a training.

training-of-oneself = This is your own organisation: ask another one. Trainings within one organisation need no request.
training-audience-missing = Say who is to be trained: choose at least one.
training-months-range = Choose this month or one of the next { $months }.
training-topic-missing = Say what the training is to be about, or choose an offer.
training-trainer-frozen = This organisation is locked and holds no trainings at present: ask another one.
training-offer-closed = This offer can't be asked for any more: choose another one.
training-offer-paused = This offer takes no new requests for now: choose another one, or ask for the topic instead.
training-offer-elsewhere = This training isn't held in that county: choose an offer that is, or ask for the topic instead.
training-offer-too-small = At most { $maximum } people fit in: ask for fewer, or ask twice.
training-offer-of-another = This offer is another organisation's: leave the organisation out, or the offer.
training-offer-on-another-topic = This offer is on “{ $topic }”: leave the topic out, or choose another offer.

# Moving it on.

training-by-other-party = Only { $by ->
        [SENDER] whoever asked for the training
        [RECEIVER] the trainer's organisation
       *[BOTH] the two parties
    } can do this (“{ $action }”), by somebody whose roles allow it.
training-take-first = The training is open to all who offer it: accept it first.
training-move-impossible = The training is “{ $status }” now. “{ $action }” is possible from: { $from }.
training-no-longer-open = This training isn't open any more: another organisation has taken it, or it was called off.
training-reason-missing = Say why: whoever is told should know what to do next.
training-reason-unasked = A reason is only for declining and calling off: leave it out here.
training-session-range = Choose today or one of the next { $days } days.
training-session-other = This is another session: join one of yours on the same topic that is still to be held, with its day, way and county.
training-session-joined-before = This organisation's people are part of that session already.

# What came of it.

training-still-to-come = The training is on { $day }: record who came when it has been held, or schedule it anew.
training-participants-range = Write 0 to { $maximum } people for each cadre.
training-participants-host = Count the people of this session's hosts alone.
training-participants-twice = A cadre of one host is there twice: add the two up.
training-participants-missing = Nobody is counted for one of the hosts. If none of its people came, call its request off instead.
training-evaluation-empty = Write how satisfied people were, or what they knew before and after.
training-evaluation-stands = What people thought and learned can be put right for seven days. It stands since { $day }, and the hosts read it.
training-satisfaction-range = Satisfaction is a mean from 1 to 5.
training-scores-unpaired = Write both scores and how many people took both tests, or none of the three.
training-score-range = A score is a mean from 0 to 100.
training-pairs-range = At most as many as came: { $participants }.
training-too-few = Figures of fewer than { $fewest } people could tell of one of them: leave this out.
training-follow-up-months = People are asked again after 3 and after 6 months.
training-follow-up-early = People are asked again from { $day } on.
training-still-using-range = Write how many of those who were asked still use it: from none to all of them.
