client-right-caseworker-alone = This reaches what colleagues referred too: ask a caseworker of your organisation to do it.
pseudonym-rotation-empty = Name at least one client whose pseudonym is to be replaced.
pseudonym-rotation-too-many = At most { $maximum } pseudonyms can be replaced at once: send the others in another request.
pseudonym-rotation-unchanged = The new pseudonym is the one that the client has: leave this client out, or make another pseudonym.
pseudonym-rotation-from-repeated = This client is named above already: name each client once.
pseudonym-rotation-to-repeated = Another client above gets this pseudonym already: make another one for each client.
pseudonym-rotation-to-in-use = A client of yours has this pseudonym now: make another one, so that two clients don't become one.
client-right-other-client = This is the record of one client: leave the client out of the filter, or ask for the other record.
