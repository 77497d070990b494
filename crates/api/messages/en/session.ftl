# What is said around signing in.

sign-in-needed = You are not signed in, or no longer. Sign in.
session-ended = Your session has ended. Sign in again.
password-wrong = The username or the password is wrong.
password-attempts-exceeded = Five sign-ins with this username have failed or are under way. Try again in a moment, or in { $minutes } minutes.
password-length = A password has 1 to { $maximum } bytes. Write yours again.
new-password-length = A new password must have { $minimum } to { $maximum } characters.
