# What can be said of anything.

not-found = Nothing with this id exists. Check the id, or look it up again.
forbidden = Your roles do not allow this. Ask a colleague whose roles do, or your organisation's administrator.
unavailable = The server is busy or restarting. Try again in a moment.
internal = Something went wrong on our side. Try again; if it stays, tell us the request id.
took-too-long = This took too long. Try again in a while.
server-closing = The server is closing. Try again in a while.
sockets-full = Too many people are connected. Try again in a while.

client-mutation-id-malformed = A clientMutationId is a UUID: make a new one for each thing that you want done.
client-mutation-id-reused = This clientMutationId was sent before with another input, and that was done: look at what came of it. Only what is another thing goes with a new one.

text-empty = Write something here; it is empty.
text-too-long = Shorten this to { $maximum } characters or fewer.
text-unreadable = Write each letter with fewer marks over and under it: nobody can read this.
identifying-phone-number = This looks like a phone number. Nothing that identifies a person is kept here: leave it out. Write hours as 08:00-17:00, a date as 2026-03-12 and an amount as KES 12,000.
identifying-email-address = This looks like an e-mail address. Nothing that identifies a person is kept here: leave it out, and write “at” as a word. Write a price as KES 50 each.
identifying-id-number = This looks like the number of an ID. Nothing that identifies a person is kept here: leave it out. Write hours as 08:00-17:00, a date as 2026-03-12, years as 2019-2024 and a count as 1,200 people.
identifying-personal-code = This looks like a person's code, made of a name and a birth date. Nothing that identifies a person is kept here: leave it out. Write a handle like peer100, a form like MOH 731 and a year apart from the word before it, like Plan 1990.
county-code-malformed = A county code is three digits, from 001 (Mombasa) to 047 (Nairobi).
day-malformed = A day is written like 2026-10-07.
month-malformed = A month is written like 2026-10, from 2000-01 on.
role-of-secretariat = “{ CAPTION("COALITION_ADMIN", of: "Role") }” is for users of the secretariat alone. Choose another role, or add the account to the secretariat.
short-name-malformed = Use 2 to 32 of a to z, 0 to 9 and dashes, beginning with a letter; not the name of a person.
search-text-too-long = Search for at most { $words } words of together { $characters } characters.
search-text-unreadable = Leave out characters that can't be seen, and search again.
months-range = Ask for 1 to { $maximum } months, the earlier one first.
language-unknown = A language is written as its ISO 639 code, such as en, sw or luo.
