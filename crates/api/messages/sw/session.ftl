# Not yet reviewed by a native speaker.
# What is said around signing in.

sign-in-needed = Hujaingia, au muda wako umeisha. Ingia.
session-ended = Kipindi chako kimeisha. Ingia tena.
password-wrong = Jina la mtumiaji au nenosiri si sahihi.
password-attempts-exceeded = Majaribio matano ya kuingia kwa jina hili la mtumiaji yameshindwa au yanaendelea. Jaribu tena baada ya muda mfupi, au baada ya dakika { $minutes }.
password-length = Nenosiri huwa na baiti 1 hadi { $maximum }. Andika lako tena.
new-password-length = Nenosiri jipya lazima liwe na herufi { $minimum } hadi { $maximum }.
