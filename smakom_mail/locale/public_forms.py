"""The words of the public pages on which readers fill something in, or say yes to something."""

_SV = {
    # signing up
    "sign_up_title": "Få {newsletter}",
    "sign_up_lead": "Skriv din e-postadress, så skickar vi ett brev där du bekräftar att du vill.",
    "email": "E-postadress",
    "name": "Namn",
    "optional": "om du vill",
    "choose_lists": "Vad vill du få?",
    "trap": "Lämna det här fältet tomt",
    "sign_up_button": "Prenumerera",
    "sign_up_note": "Du kan avsluta när du vill, med ett klick i varje brev.",
    "sign_up_privacy": "Så hanterar vi personuppgifter",
    "fault_title": "Något behöver rättas",
    "fault_email": "Det ser inte ut som en e-postadress. Den skrivs som namn@kommun.se.",
    "fault_email_empty": "Skriv din e-postadress.",
    "fault_email_several": "Skriv bara en e-postadress.",
    "fault_email_letters": (
        "Före @ kan det inte stå å, ä, ö eller andra särskilda bokstäver. Ofta står det a eller o "
        "i stället."
    ),
    "fault_name_long": "Namnet är för långt. Det får ha högst {limit} tecken.",
    "fault_name_link": "Skriv bara ditt namn, utan webbadress eller e-postadress.",
    "fault_lists": "Kryssa för minst ett av det du kan få.",
    "again_title": "Tryck en gång till",
    "again_lead": "Sidan hade varit öppen för länge, eller så gick det ovanligt fort.",
    "again_foreign": "Formuläret skickades från en annan webbplats. Se efter att allt stämmer.",
    "sent_title": "Titta i din inkorg",
    "sent_lead": "Vi har skickat ett brev till",
    "sent_text": (
        "Öppna länken i det och bekräfta, så är du med. Kommer det inget inom en kvart, titta i "
        "skräpposten. Vi skickar högst ett sådant brev per dygn till en adress."
    ),
    "sent_unasked": "Bekräftar du inte händer inget, och vi raderar adressen efter 14 dagar.",
    "too_many_title": "Många skriver upp sig just nu",
    "too_many_lead": (
        "Därför tar vi inte emot fler en stund. Försök igen om en timme, eller skriv till oss."
    ),
    "too_many_asked_title": "Vi kan inte skicka länken just nu",
    "too_many_asked_lead": (
        "Många har bett om sin länk på kort tid. Försök igen om en timme, eller skriv till "
        "{contact}, så får du veta vad som är sparat om dig."
    ),
    # saying yes
    "confirm_title": "Ja, jag vill ha {name}",
    "confirm_lead": "Brevet skickas till",
    "confirm_wording": (
        "Jag vill få {lists} med e-post från {organisation}. Jag kan avsluta när som helst."
    ),
    "confirm_name_note": "Namnet kan stå i breven. Ändra det, eller töm fältet.",
    "confirm_no_name_note": "Skriv det här om du vill bli tilltalad med namn i breven.",
    "confirm_button": "Ja, börja prenumerera",
    "confirm_note": "Var det inte du som skrev upp adressen? Stäng då sidan. Inget händer.",
    "confirmed_title": "Välkommen!",
    "confirmed_lead": "{name} skickas från och med nu till",
    "confirmed_text": "Ett tips: lägg till {sender} bland dina kontakter, så kommer breven fram.",
    "move_title": "Byta till den här adressen?",
    "move_lead": "Breven skickas då till",
    "move_button": "Ja, byt adress",
    "move_note": "Var det inte du som bad om det? Stäng då sidan. Inget händer.",
    "moved_title": "Adressen är bytt",
    "moved_lead": "Breven skickas från och med nu till",
    "erase_title": "Radera allt om dig?",
    "erase_lead": "Det gäller",
    "erase_text": (
        "Vi raderar namn, adress, val och historik. Kvar blir bara en kod som ingen kan läsa "
        "adressen ur, så att ingen skriver till dig av misstag. Det går inte att ångra."
    ),
    "erase_button": "Ja, radera allt om mig",
    "erase_note": "Var det inte du som bad om det? Stäng då sidan. Inget händer.",
    "erased_title": "Allt om dig är raderat",
    "erased_lead": "Du får inga fler brev från oss. Tack för den här tiden.",
    "expired_title": "Länken gäller inte längre",
    "expired_lead": (
        "Den är äldre än 14 dagar, inte hel, eller redan använd till något som har ändrats sedan "
        "dess. Börja om, så skickar vi en ny."
    ),
    "no_page_title": "Länken öppnar ingen sida",
    "no_page_lead": (
        "Den är inte hel, eller så finns prenumerationen inte kvar hos oss. Skriv din adress, så "
        "skickar vi en ny länk."
    ),
    # the reader's own page
    "ask_title": "Din prenumeration",
    "ask_lead": (
        "Skriv din e-postadress, så skickar vi en länk till en egen sida. Där kan du ändra eller "
        "avsluta, få veta vad vi har sparat om dig, och be oss radera det."
    ),
    "ask_button": "Skicka länken",
    "asked_text": (
        "I det står länken. Kommer det inget inom en kvart, titta i skräpposten. Vi skickar högst "
        "ett sådant brev per dygn till en adress."
    ),
    "page_title": "Din prenumeration",
    "page_lead": "Den här sidan gäller",
    "lists_title": "Det här vill jag få",
    "lists_wording": "Jag vill få det jag har kryssat för med e-post från {organisation}.",
    "lists_button": "Spara",
    "language_title": "Språk",
    "language_note": "Språket i brev om din prenumeration och på dessa sidor.",
    "language_sv": "Svenska",
    "language_en": "English",
    "language_button": "Byt språk",
    "name_title": "Ditt namn",
    "name_note": "Namnet kan stå i breven. Töm fältet om vi inte ska ha det.",
    "name_button": "Spara namnet",
    "address_title": "Ny adress",
    "address_note": "Vi skickar ett brev till den nya adressen, där du bekräftar bytet.",
    "address_label": "Ny e-postadress",
    "address_button": "Byt adress",
    "data_title": "Det vi vet om dig",
    "grounds_title": "Varför vi får skriva till dig",
    "ground_consent": "Du har sagt ja (samtycke).",
    "ground_membership": "Du är kontakt hos en medlem (medlemskap).",
    "ground_public-task": "Det är en uppgift av allmänt intresse att nå dig.",
    "ground_legitimate-interest": "Intressen har vägts mot varandra (berättigat intresse).",
    "ground_none": "Det är inte antecknat. Fråga oss.",
    "ground_since": "Sedan den {date}.",
    "holdings_note": "Vi skickar allt vi har sparat om dig till din adress.",
    "holdings_button": "Skicka det till mig",
    "erasure_note": "Vi skickar ett brev med en länk som raderar allt om dig.",
    "erasure_button": "Radera allt om mig",
    "saved_lists": "Sparat. Du får det som är förkryssat nedan.",
    "saved_nothing": "Sparat. Du får inga brev från oss.",
    "saved_language": "Sparat. Vi skriver till dig på svenska.",
    "saved_name": "Namnet är sparat.",
    "saved_no_name": "Namnet är borttaget.",
    "fault_address_same": "Det är redan din adress.",
    "fault_address_many": (
        "Många byten har begärts på kort tid. Försök igen i morgon, eller skriv till {contact}."
    ),
    "saved_address": (
        "Vi skriver till den nya adressen, högst en gång per dygn. Byt genom att öppna länken i "
        "brevet; tills dess är allt som förut. Kommer det inget, skriv till {contact}."
    ),
    "saved_holdings": (
        "Vi skickar allt vi har sparat om dig till din adress, högst en gång per dygn. Kommer det "
        "inget, skriv till {contact}."
    ),
    "saved_erasure": (
        "Vi skriver till din adress, högst en gång per dygn. Inget raderas förrän du bekräftar "
        "där. Kommer det inget brev, skriv till {contact}."
    ),
}
_EN = {
    "sign_up_title": "Get {newsletter}",
    "sign_up_lead": "Write your e-mail address, and we send a message in which you confirm it.",
    "email": "E-mail address",
    "name": "Name",
    "optional": "if you like",
    "choose_lists": "What do you want to get?",
    "trap": "Leave this field empty",
    "sign_up_button": "Subscribe",
    "sign_up_note": "You can unsubscribe whenever you want, with one click in every message.",
    "sign_up_privacy": "How we handle personal data",
    "fault_title": "Something needs to be corrected",
    "fault_email": "That does not look like an e-mail address. One is written as name@kommun.se.",
    "fault_email_empty": "Write your e-mail address.",
    "fault_email_several": "Write one e-mail address only.",
    "fault_email_letters": (
        "Before the @ there can be no å, ä, ö or other special letters. Often there is an a or an "
        "o in their place."
    ),
    "fault_name_long": "The name is too long. It may have {limit} characters at most.",
    "fault_name_link": "Write your name alone, without a web address or an e-mail address.",
    "fault_lists": "Tick at least one of what you can get.",
    "again_title": "Press once more",
    "again_lead": "The page had been open for too long, or it went unusually fast.",
    "again_foreign": "The form was sent from another site. See that everything is right.",
    "sent_title": "Look in your inbox",
    "sent_lead": "We have sent a message to",
    "sent_text": (
        "Open the link in it and confirm, and you are in. If nothing comes within fifteen minutes, "
        "look among the spam. We send one such message a day to an address at most."
    ),
    "sent_unasked": "If you do not confirm, nothing happens, and we erase the address in 14 days.",
    "too_many_title": "Many are signing up right now",
    "too_many_lead": ("So we do not take more for a while. Try again in an hour, or write to us."),
    "too_many_asked_title": "We cannot send the link right now",
    "too_many_asked_lead": (
        "Many have asked for their link in a short time. Try again in an hour, or write to "
        "{contact}, and you will be told what is held of you."
    ),
    "confirm_title": "Yes, I want {name}",
    "confirm_lead": "It is sent to",
    "confirm_wording": (
        "I want to get {lists} by e-mail from {organisation}. I can unsubscribe at any time."
    ),
    "confirm_name_note": "The name may stand in the messages. Change it, or empty the field.",
    "confirm_no_name_note": "Write it here if you want to be called by name in the messages.",
    "confirm_button": "Yes, subscribe me",
    "confirm_note": "Was it not you who typed the address? Then close the page. Nothing happens.",
    "confirmed_title": "Welcome!",
    "confirmed_lead": "From now on {name} is sent to",
    "confirmed_text": "A hint: add {sender} to your contacts, so that the messages arrive.",
    "move_title": "Change to this address?",
    "move_lead": "Messages are then sent to",
    "move_button": "Yes, change the address",
    "move_note": "Was it not you who asked for it? Then close the page. Nothing happens.",
    "moved_title": "The address is changed",
    "moved_lead": "From now on messages are sent to",
    "erase_title": "Erase everything about you?",
    "erase_lead": "It is about",
    "erase_text": (
        "We erase name, address, choices and history. All that is left is a code from which nobody "
        "can read the address, so that nobody writes to you by mistake. It cannot be undone."
    ),
    "erase_button": "Yes, erase everything about me",
    "erase_note": "Was it not you who asked for it? Then close the page. Nothing happens.",
    "erased_title": "Everything about you is erased",
    "erased_lead": "You get no more messages from us. Thank you for having been with us.",
    "expired_title": "The link is no longer valid",
    "expired_lead": (
        "It is older than 14 days, not whole, or was used for something that has changed since. "
        "Begin again, and we send a new one."
    ),
    "no_page_title": "The link opens no page",
    "no_page_lead": (
        "It is not whole, or the subscription is not with us any more. Write your address, and we "
        "send a new link."
    ),
    "ask_title": "Your subscription",
    "ask_lead": (
        "Write your e-mail address, and we send a link to a page of your own. There you can change "
        "or end it, learn what we hold about you, and ask us to erase it."
    ),
    "ask_button": "Send the link",
    "asked_text": (
        "The link is in it. If nothing comes within fifteen minutes, look among the spam. We send "
        "one such message a day to an address at most."
    ),
    "page_title": "Your subscription",
    "page_lead": "This page is about",
    "lists_title": "What I want to get",
    "lists_wording": "I want to get what I have ticked by e-mail from {organisation}.",
    "lists_button": "Save",
    "language_title": "Language",
    "language_note": "The language of messages about your subscription and of these pages.",
    "language_sv": "Svenska",
    "language_en": "English",
    "language_button": "Change the language",
    "name_title": "Your name",
    "name_note": "The name may stand in the messages. Empty the field if we are not to have it.",
    "name_button": "Save the name",
    "address_title": "New address",
    "address_note": "We send a message to the new address, in which you confirm the change.",
    "address_label": "New e-mail address",
    "address_button": "Change the address",
    "data_title": "What we know about you",
    "grounds_title": "Why we may write to you",
    "ground_consent": "You have said yes (consent).",
    "ground_membership": "You are a contact of a member (membership).",
    "ground_public-task": "Reaching you is a task in the public interest.",
    "ground_legitimate-interest": "Interests were weighed (legitimate interest).",
    "ground_none": "It is not written down. Ask us.",
    "ground_since": "Since {date}.",
    "holdings_note": "We send all that we hold about you to your address.",
    "holdings_button": "Send it to me",
    "erasure_note": "We send a message with a link that erases everything about you.",
    "erasure_button": "Erase everything about me",
    "saved_lists": "Saved. You get what is ticked below.",
    "saved_nothing": "Saved. You get no messages from us.",
    "saved_language": "Saved. We write to you in English.",
    "saved_name": "The name is saved.",
    "saved_no_name": "The name is taken away.",
    "fault_address_same": "That is your address already.",
    "fault_address_many": (
        "Many changes were asked for in a short time. Try again tomorrow, or write to {contact}."
    ),
    "saved_address": (
        "We write to the new address, once a day at most. Change by opening the link in that "
        "message; until then everything is as before. If nothing comes, write to {contact}."
    ),
    "saved_holdings": (
        "We send all that we hold about you to your address, once a day at most. If nothing comes, "
        "write to {contact}."
    ),
    "saved_erasure": (
        "We write to your address, once a day at most. Nothing is erased until you confirm there. "
        "If no message comes, write to {contact}."
    ),
}

FORM_WORDS = {"sv": _SV, "en": _EN}
