//! What English-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static ENGLISH: Language = Language {
    locale: "en-GB",
    zone: "Europe/London",
    offset: 0,
    share: 30,
    date: DateStyle::Named,
    money: ("£", ""),
    cents: Some("."),
    hello: &["Hi there,", "Hello,", "Hello Fjordrad team,", "Good morning,", "Dear support,"],
    bye: &["Thanks,", "Many thanks,", "Best wishes,", "Cheers,", "Kind regards,"],
    dear: &["Hi %n,", "Hello %n,", "Dear %n,"],
    regards: &["Best wishes,\n%a, Fjordrad", "Kind regards,\n%a", "Thanks and ride safely,\n%a", "All the best,\n%a"],
    context: &[
        "It started on %d and I have not changed anything on the bike since.",
        "I already restarted the phone and the bike, with no difference.",
        "I ride to work every day, so this matters to me more than it may sound.",
        "You can reach me by phone after %h if that is easier.",
        "The bike is a %p, serial %s, running firmware %v.",
        "I could not find anything about it in the help pages.",
        "Happy to send photos or a short video if that helps.",
    ],
    update: &[
        "A quick update: the workshop has your case on the bench and I expect an answer by %f.",
        "I have not forgotten you. The engineers have found a lead in the log from %d and are testing it now.",
        "Thank you for your patience. I have passed on what you sent and asked for it to be looked at today.",
        "We could see the same thing here on a %p with %v, so the search is much shorter now.",
        "I have added your details to the open case. You do not need to do anything for the moment.",
    ],
    waiting: &[
        "The part is on back order and should reach us around %f. I will keep this open and write as soon as it ships.",
        "We are waiting for an answer from the carrier, which usually takes two working days.",
        "Our supplier is checking this with their own laboratory. I will come back to you by %f at the latest.",
    ],
    nudge: &[
        "Is there any news on this?",
        "Just checking in, as I have not heard anything since %d.",
        "Sorry to chase, but I need the bike again by %f. Could you give me an idea of the timing?",
        "Any update? I would rather not have to ring the shop again.",
        "One more thing that I noticed: it only happens in the morning, around %h.",
        "Attached in my other mail are two more photos. Let me know if they did not arrive.",
    ],
    thanks: &[
        "That did it, thank you very much!",
        "Perfect, everything works again. Great service.",
        "Works now. Thanks for the quick help, %a.",
        "Brilliant, all sorted. You can close this.",
        "Thank you, received and confirmed on my side.",
    ],
    still: &[
        "I spoke too soon: it happened again this morning at %h.",
        "Unfortunately it is back, exactly as before.",
        "Sorry to reopen this, but the problem returned after two good days.",
    ],
    topics: [
        Topic {
            subjects: &[
                "Cannot sign in to the app",
                "Locked out of my account",
                "Sign-in code never arrives",
                "Password reset link says expired",
            ],
            openings: &[
                "since yesterday evening the app no longer lets me in. It says that my password is wrong, but I am sure that it is not.",
                "I changed my phone last week and now the sign-in asks for a code from the old one, which I no longer have.",
                "the six-digit code for signing in never reaches me. I have looked in the spam folder too.",
            ],
            details: &[
                "I asked for a new password three times. Each link opens a page that says it has expired.",
                "After the fifth attempt I get error %e and have to wait half an hour.",
            ],
            asks: &[
                "could you tell me which address you sign in with, and whether the app shows a code such as E-123 below the message?",
                "are you using the sign-in with Apple or Google, or an address and a password? They are separate accounts.",
            ],
            answers: &[
                "It is the address that I am writing from. Below the message it says %e.",
                "I use address and password, never Apple or Google. The app was updated on %d.",
            ],
            fixes: &[
                "I have unlocked your account and sent a fresh link that stays good for 24 hours. Older links stop working when a newer one is asked for, which explains the message that you saw.",
                "I have switched off the second factor on your account. Please sign in with your password and set it up again on the new phone under Account, Security.",
            ],
        },
        Topic {
            subjects: &[
                "Wrong amount on invoice %i",
                "Charged twice for order %o",
                "VAT missing on invoice %i",
                "Invoice %i lists an item that I did not order",
            ],
            openings: &[
                "invoice %i for order %o charges %t more than the order confirmation said.",
                "my card was charged twice for order %o, both times %t.",
                "our accounts department has sent back invoice %i because our VAT number is not on it.",
            ],
            details: &["The difference looks like the lock set, which I removed from the basket before paying."],
            asks: &[
                "could you send me the VAT number exactly as it should read, and the full company name?",
                "could you tell me the last four digits of the card and the dates of both charges?",
            ],
            answers: &[
                "The name is as in my signature, and the rest is on the order confirmation for %o.",
                "Both charges are dated %d, the card ends in 4417.",
            ],
            fixes: &[
                "you are right, the lock set should not have been on it. I have cancelled invoice %i and issued a new one; %t is on its way back to you and should arrive within five working days.",
                "the second charge was only a reservation and has been released today. Depending on your bank it disappears within three working days. The invoice itself is correct.",
                "invoice %i has been reissued with your VAT number; the new one is in your account under Invoices. The date it is due has moved by two weeks.",
            ],
        },
        Topic {
            subjects: &[
                "Where is order %o?",
                "Parcel %r has not moved for days",
                "Delivery date moved again",
                "Delivery of %o is late",
            ],
            openings: &[
                "my order %o was promised for %d and nothing has arrived yet.",
                "tracking for %r has said \"handed to the carrier\" since %d and nothing since.",
                "the delivery date for my %p has now been moved for the third time.",
            ],
            details: &[
                "I took a day off to be at home for it, and I would hate to do that again.",
                "Shop and carrier each tell me to ask the other one.",
            ],
            asks: &[
                "could you confirm the delivery address, and whether a neighbour or the concierge may accept the box?",
                "would a delivery on %f between 9:00 and 13:00 suit you? Then I can book it with the carrier directly.",
            ],
            answers: &[
                "The address is right. A neighbour may take it, the name is on the bell.",
                "Yes, that works for me. Please ask the driver to ring before.",
            ],
            fixes: &[
                "I found it: the box had been put on the wrong pallet in the depot. It left this morning under the new number %r and will be with you on %f. Delivery is on us.",
                "the carrier has confirmed %f. I have refunded the delivery charge because this took far longer than it should.",
            ],
        },
        Topic {
            subjects: &[
                "Bike shows as offline",
                "No GPS position since %d",
                "Hub in the depot lost %q bikes",
                "Tracker does not report any more",
            ],
            openings: &[
                "my %p has been shown as offline in the app since %d, although it stands next to me and is switched on.",
                "the position on the map is where I was last week. The bike has moved a lot since.",
                "the hub in our depot dropped %q bikes at once at %h and they have not come back.",
            ],
            details: &[
                "The light on the tracker blinks red twice, then pauses.",
                "Bluetooth works, only the connection over the mobile network is gone.",
            ],
            asks: &[
                "could you hold the power button for twelve seconds until the display goes dark, wait a minute, and tell me what colour the tracker's light has afterwards?",
                "could you tell me whether the light on the tracker is on, and where the bike stood at %h on %d?",
                "could you send me the serial numbers of two or three of the bikes that are missing, and the hub's firmware version?",
            ],
            answers: &[
                "Done. The light is orange now, but the app still says offline. Serial is %s.",
                "The light is off. On %d it was in our cellar, so perhaps there was no reception.",
                "The hub has %w. Two of the bikes are %s and the one next to it on the rack.",
            ],
            fixes: &[
                "the SIM in your tracker had been suspended by mistake. It is active again, and I can see the bike online since %h. You may need to close and open the app once.",
                "the tracker had fallen asleep without reception and did not wake up again. I have restarted it from here; the position is right again and will stay so with %v.",
                "the hub was stuck on the old network profile. I have pushed the new one; all bikes reported back within ten minutes.",
            ],
        },
        Topic {
            subjects: &[
                "Display dead after update to %v",
                "No motor support after the update",
                "Stuck in update mode",
                "Firmware %v stopped at 60%%",
            ],
            openings: &[
                "last night the app offered firmware %v. The update stopped at about 60%% and since then the display stays black.",
                "since the update from %w to %v the motor gives no support at all. The display shows %e.",
                "the bike has been in update mode for a day and does not leave it, whatever I press.",
            ],
            details: &[
                "The battery was at 80%% and the phone lay right beside it, so it was not the connection.",
                "With %w everything was fine, so I would be happy to go back to it.",
            ],
            asks: &[
                "please connect the charger, hold plus and minus for fifteen seconds, and tell me whether the display shows a small spanner.",
                "could you send me the serial number below the bottom bracket and tell me which phone you used for the update?",
            ],
            answers: &[
                "Yes, a small spanner appears and then %e for a second.",
                "The serial number is %s. It was an Android phone, the app is the newest one.",
            ],
            fixes: &[
                "that is the rescue mode, good. I have released a repair package for %s: open the app, choose Service, Repair firmware, and leave the phone beside the bike for ten minutes. You will end up on %v.",
                "this display cannot be rescued at home. A new one is on its way to you free of charge, parcel %r, and your dealer can fit it in a quarter of an hour.",
            ],
        },
        Topic {
            subjects: &[
                "Refund for order %o",
                "Cancel order %o please",
                "Return accepted, where is my money?",
                "Refund of %t still missing",
            ],
            openings: &[
                "I sent back the panniers from order %o on %d and have not had the refund of %t.",
                "please cancel order %o. I found out that the frame is too big for me.",
                "you wrote that the refund was on its way, but nothing has reached my account.",
            ],
            details: &[
                "The carrier's page says that the return was signed for in your warehouse.",
                "I paid by card, in case you need that.",
            ],
            asks: &[
                "could you send me the number of the return parcel? It is on the receipt from the post office.",
                "was the order paid by card or by bank transfer? For a transfer I would need to know the name on the account.",
            ],
            answers: &["The parcel number is %r, handed in on %d.", "It was paid by card, the same one as always."],
            fixes: &[
                "the return had been booked to another order. I have corrected that and released %t today; it should show on your card within five working days.",
                "order %o is cancelled and the full amount of %t has been refunded. If you like, our fit guide can help you choose the right frame.",
            ],
        },
        Topic {
            subjects: &[
                "Request for my data under GDPR",
                "Please delete my account",
                "Objection to marketing mails",
                "What do you store about my rides?",
            ],
            openings: &[
                "under Article 15 GDPR I ask for a copy of all personal data that you hold about me, including ride positions.",
                "I sold my %p and would like my account and everything in it to be deleted.",
                "please stop using my address for advertising. I never agreed to it.",
            ],
            details: &[
                "Please confirm receipt, and let me know until when I can expect the answer.",
                "My account runs under the address that this message comes from.",
            ],
            asks: &[
                "to be sure that it is really you, could you confirm the request from within the app under Account, Privacy? It takes one tap.",
                "would you like to keep the ride history as a download before we delete it? It cannot be brought back.",
            ],
            answers: &[
                "Confirmed in the app just now.",
                "Yes please, send me the download first and then delete everything.",
            ],
            fixes: &[
                "your export is ready in the app under Account, Privacy, and stays there for 14 days. It contains profile, orders, rides and the messages with us.",
                "your account and all ride data were deleted today. Invoices are kept for as long as tax law asks for it; nothing else remains.",
                "your address is off all our mailing lists as of today. Messages about your orders and about safety still reach you, as they must.",
            ],
        },
        Topic {
            subjects: &[
                "API answers 429 all night",
                "Rate limit on /v2/positions too low",
                "Retry-After header missing?",
                "Fleet sync fails with HTTP 429",
            ],
            openings: &[
                "our nightly sync of %q bikes gets HTTP 429 from /v2/positions since %d. Nothing changed on our side.",
                "we at %g poll positions every 30 seconds and run into the rate limit around %h each day.",
                "half of our calls are answered with 429, and there is no Retry-After that we could follow.",
            ],
            details: &[
                "We make about four calls a second with one key, which your documentation allows.",
                "The dashboard of our dispatchers is empty when that happens, so this is urgent for us.",
            ],
            asks: &[
                "do several services share that key? The limit counts per key, not per address.",
                "could you send me the first eight characters of the API key and one X-Request-Id of a refused call?",
            ],
            answers: &[
                "Two services share the key, the sync and the dashboard. We did not think of that.",
                "The key starts with fj_live_, and the refused request came at %h UTC on %d.",
            ],
            fixes: &[
                "a second key for the dashboard solves it: I have made one for you in the Fleet Console. With the batch endpoint the sync needs one call for 100 bikes instead of one each.",
                "we had lowered the limit for all keys by mistake with the release of %d. It is back at ten calls a second, and Retry-After is sent again.",
            ],
        },
        Topic {
            subjects: &[
                "SSO set-up for %g",
                "SAML sign-in loops back to the start",
                "Certificate for SSO expires on %f",
                "SSO: new colleagues have no role",
            ],
            openings: &[
                "we would like our dispatchers at %g to sign in to the Fleet Console with our own identity provider.",
                "since we switched SSO on, the sign-in jumps back to the start page without any message.",
                "the SAML certificate of our identity provider is replaced on %f. What do we have to do on your side?",
            ],
            details: &[
                "We use SAML 2.0; OpenID Connect would be possible too if you prefer that.",
                "About %q people are affected, they cannot work with the console at the moment.",
            ],
            asks: &[
                "could you send me the metadata URL of your identity provider, and tell me which attribute carries the mail address?",
                "could one of you try it in a private window and send me the time? Then I can find it in our log.",
            ],
            answers: &[
                "The attribute is called mail. I have put the metadata URL in the console under Security.",
                "Tried again at %h, the same loop as before.",
            ],
            fixes: &[
                "SSO is on for %g. New people get the role Dispatcher; you can map groups to other roles under Security, Role mapping.",
                "your provider signs the answer but not the assertion, and we insisted on both. I have changed that for %g, and a test sign-in worked at %h.",
                "the new certificate can be stored beside the old one now, under Security, Certificates. Both are accepted until you remove the old one, so nobody is locked out on %f.",
            ],
        },
        Topic {
            subjects: &[
                "Feature wish: export rides as GPX",
                "Idea: dark mode for the display",
                "Could the app lock by itself?",
                "Idea: all rides in one file",
            ],
            openings: &[
                "it would be great to export all rides as GPX at once instead of one by one.",
                "the display is too bright at night, even on the lowest step. A dark mode would help a lot.",
                "could the %p lock itself when I walk away with the phone? I forget it all the time.",
            ],
            details: &[
                "Two friends of mine who ride a %p said the same.",
                "Other than that I am very happy with the bike, by the way.",
            ],
            asks: &[
                "thank you for the idea! How would you use it, on the phone or on a computer? That helps us to weigh it.",
                "may we invite you to try an early version when there is one?",
            ],
            answers: &["On the computer, about once a month, for my own map.", "Sure, I would be glad to try it."],
            fixes: &[
                "I have added your wish to the list that the product team reads each month, with your example. I cannot promise a date, but you will get a note if it is built.",
                "good news: this is part of %v, which is on its way to all bikes until %f.",
            ],
        },
        Topic {
            subjects: &[
                "Battery recall: is %s affected?",
                "Battery gets very hot while charging",
                "Replacement battery has not come",
                "Recall letter, what now?",
            ],
            openings: &[
                "I received your recall letter about the batteries and would like to know whether %s is affected.",
                "the battery gets so hot while charging that I can hardly touch it. After the letter I am worried.",
                "I registered for the recall on %d and have heard nothing about the replacement battery.",
            ],
            details: &[
                "Until I hear from you it stands outside on the balcony.",
                "I need the bike for work and cannot wait for weeks.",
            ],
            asks: &[
                "please stop charging it for now. Could you tell me the batch number on the label, which begins with B and has six digits?",
                "is the battery damaged or swollen in any way? If so, please keep it outside, away from anything that burns.",
            ],
            answers: &[
                "The batch is B240611. It looks normal from outside.",
                "It is slightly swollen on one side, so I am not touching it any more.",
            ],
            fixes: &[
                "your battery is not part of the recall. The warmth is normal up to 45 degrees; I have still arranged a free check at a dealer near you.",
                "your battery is affected. A courier brings the new one on %f and takes the old one along in a safe box. Please do not send it by post.",
                "your registration had no telephone number, so the courier could not make an appointment. It is booked for %f now; please keep the old battery outside until then.",
            ],
        },
        Topic {
            subjects: &[
                "App is suddenly in Norwegian",
                "Emails come in the wrong language",
                "Units in miles instead of kilometres",
                "Wrong language after update",
            ],
            openings: &[
                "since the last update the app talks to me in Norwegian. My phone is set to English.",
                "all your mails reach me in German, although I chose English when I signed up.",
                "the display shows miles since %v and I find no way to switch it back.",
            ],
            details: &[
                "The setting in the app has no effect, it jumps back each time.",
                "Otherwise everything works as it should.",
            ],
            asks: &[
                "which language is set on the phone itself, and which region? The app follows the region in some cases.",
                "could you sign out once and in again, and tell me whether the choice stays?",
            ],
            answers: &[
                "Phone is English, region Norway, because I work there.",
                "Tried that, it stays for a minute and then jumps back.",
            ],
            fixes: &[
                "the app took the region for the language. I have set your account to English on our side, which wins over the phone. It will be corrected for everybody in the next version.",
                "the language of your account was still the one of your dealer. It is English now, for mails too.",
                "the display followed the region of the phone. I have set your account to kilometres on our side; switch the bike off and on once, and it will show them.",
            ],
        },
        Topic {
            subjects: &[
                "Bike stolen last night",
                "Stolen bike shows up on the map",
                "One bike has not come back",
                "My %p was stolen, need position",
            ],
            openings: &[
                "my %p (%s) was stolen last night from the yard. Please switch on theft mode at once.",
                "the bike is gone. The app shows a position from %h, but the police want something in writing.",
                "one of our bikes, the %p %s, did not come back, and the tracker reports from a place where nobody of us is.",
            ],
            details: &[
                "I have reported it to the police, the file number is 8841/%q.",
                "The lock lay cut on the ground.",
            ],
            asks: &[
                "theft mode is on. Could you send me the file number of the police, so that I may hand the positions to them?",
                "please do not go there yourself. Is the address in your account still right for the police to reach you?",
            ],
            answers: &[
                "The file number is in my first message. The officer asks for the last 24 hours.",
                "Yes, address and phone number are right.",
            ],
            fixes: &[
                "the positions of the last 24 hours went to the police station today, and the motor is blocked. I hope that you get it back soon.",
                "the written list of positions since %h went to the police station today, signed by our security team. The motor is blocked until you tell us otherwise.",
            ],
        },
        Topic {
            subjects: &[
                "Brakes squeal after 300 km",
                "Warranty: rear brake loses pressure",
                "Grinding noise from the front wheel",
                "Front brake is very loud",
            ],
            openings: &[
                "after barely 300 km the front brake of my %p squeals so loudly that people turn round.",
                "the rear brake loses pressure. In the morning the lever goes down to the grip.",
                "there has been a grinding noise from the front wheel since the service on %d.",
            ],
            details: &[
                "The shop says that it is wear and not covered. I see that differently.",
                "I no longer dare to ride it downhill.",
            ],
            asks: &[
                "could you send me a photo of the brake pads from behind, and the invoice or the order number?",
                "please do not ride it until this is clear. Is there oil on the caliper or on the lever?",
            ],
            answers: &["Photos are on the way, the order number is %o.", "Yes, a little oil below the caliper."],
            fixes: &[
                "that is a warranty case, without question. Pads and rotor are on their way to your dealer, parcel %r, and the labour is on us.",
                "the caliper leaks and is replaced under warranty. The dealer has time for you on %f; I have sent the order to them.",
            ],
        },
    ],
};
