"""What the pages about personal data and about accessibility say; the settings fill in the rest."""

_SV = {
    "privacy_title": "Så hanterar vi personuppgifter",
    "privacy_lead": (
        "{organisation} ansvarar för de uppgifter som behövs för att skicka {newsletter}. Här står "
        "vilka de är, varför vi har dem och vad du kan göra."
    ),
    "who_title": "Vem som ansvarar",
    "org_number": "Organisationsnummer",
    "officer": "Dataskyddsombud",
    "what_title": "Vad vi sparar",
    "what_address": "Din e-postadress, för att kunna skicka brevet.",
    "what_name": "Ditt namn, din organisation och ditt språk, om du eller vi har angett dem.",
    "what_consent": "När och hur du sa ja, och med vilka ord. Det måste vi kunna visa.",
    "what_history": "Vad som har ändrats, när och av vem, och vilka nummer du har fått.",
    "what_leaving": (
        "Att du har slutat: när det var, hur du gjorde, vilka listor det gällde, och varför, om du "
        "svarade på det."
    ),
    "what_asked": (
        "Det du har bett om här: en anmälan, en ny adress eller en radering som väntar på ditt ja, "
        "och de enstaka brev som hör till: vart de gick, när och hur det gick."
    ),
    "what_no": (
        "Att en adress har sagt nej. När allt annat är raderat finns bara en kod kvar, som ingen "
        "kan läsa adressen ur."
    ),
    "why_title_": "Varför vi får göra det",
    "why_text": (
        "Den som skriver upp sig här har sagt ja (samtycke). Andra får brevet som kontakt hos en "
        "medlem, som en uppgift av allmänt intresse eller efter en intresseavvägning. Vad som "
        "gäller dig, och sedan när, står på din egen sida. Du kan också fråga oss."
    ),
    "why_text_mail": (
        "Den som har bett om brevet har sagt ja (samtycke). Andra får det som kontakt hos en "
        "medlem, som en uppgift av allmänt intresse eller efter en intresseavvägning. Fråga oss "
        "vad som gäller dig, och sedan när."
    ),
    "long_title": "Hur länge",
    "long_subscribed": "Dina uppgifter har vi så länge du prenumererar.",
    "long_left": (
        "När du har slutat har vi dem kvar tills vi rensar. Det sker inte av sig självt: då och då "
        "raderar vi dem som inte har kunnat få något på {months} månader. Be oss radera dig, så "
        "gör vi det genast."
    ),
    "long_leaving": "Att du har slutat, och varför, har vi tills du är raderad.",
    "long_asked": (
        "Det du har bett om, och de enstaka breven, raderas efter 14 dagar. Den som aldrig "
        "bekräftade finns då inte kvar alls."
    ),
    "not_title": "Vad vi inte gör",
    "not_track": "Vi ser inte om du öppnar ett brev eller följer en länk.",
    "not_cookie": "De här sidorna använder inga kakor och hämtar inget från någon annan.",
    "not_network": (
        "Vi sparar inte din dators adress. Vid anmälan räknas den i ett dygn som en kod, för att "
        "stoppa missbruk."
    ),
    "not_host": (
        "Vi samlar inte in vem som läser här. Den som driver webbhotellet kan föra logg över besök."
    ),
    "not_sell": "Vi lämnar inte ut uppgifterna. En e-postleverantör skickar breven åt oss.",
    "rights_title": "Vad du kan göra",
    "rights_page": (
        "På din egen sida kan du ändra, avsluta, få allt vi har sparat, eller låta oss radera det:"
    ),
    "rights_link": "Din prenumeration",
    "rights_text": (
        "Du har rätt att få veta vad vi har, få det rättat eller raderat, få det i en fil, invända "
        "mot det och ta tillbaka ett ja. Du kan också skriva till oss."
    ),
    "rights_text_mail": (
        "Du slutar med länken längst ner i varje brev: den öppnar ett färdigt mejl till oss. Du "
        "har rätt att få veta vad vi har, få det rättat eller raderat, få det i en fil, invända "
        "mot det och ta tillbaka ett ja. Skriv till oss, så ordnar vi det."
    ),
    "complain_text": "Är du inte nöjd kan du klaga hos Integritetsskyddsmyndigheten (IMY):",
    # accessibility
    "access_title": "Tillgänglighet",
    "access_lead": (
        "{organisation} står bakom den här webbplatsen ({site}). Vi vill att alla ska kunna "
        "använda den. Här står hur den följer kraven, vad som brister och hur du säger till."
    ),
    "law_text": (
        "Kraven står i lagen om tillgänglighet till digital offentlig service (DOS-lagen) och "
        "motsvarar WCAG 2.1 på nivå AA."
    ),
    "no_law_text": "Vi följer WCAG 2.1 på nivå AA.",
    "state_title": "Hur webbplatsen följer kraven",
    "state_full": "Webbplatsen är helt förenlig med kraven. Vi känner inte till några brister.",
    "state_partly": "Webbplatsen är delvis förenlig med kraven. Bristerna står nedan.",
    "state_unknown": (
        "Vi har ännu inte bedömt webbplatsen. Sidorna är byggda för WCAG 2.2 på nivå AA och "
        "provas automatiskt mot det."
    ),
    "gaps_title": "Det som inte är tillgängligt",
    "assessed_text": "Bedömningen gjordes den {date}.",
    "assessed_how_text": "Så bedömdes det: {how}.",
    "help_title": "Om du inte kan använda något",
    "help_text": (
        "Skriv till oss, så får du innehållet på ett annat sätt. Berätta vilken sida det gäller. "
        "Vi vill också veta om du hittar brister som inte står här."
    ),
    "digg_title": "Tillsyn",
    "digg_text": (
        "Myndigheten för digital förvaltning (Digg) har tillsyn över lagen. Är du inte nöjd med "
        "vårt svar kan du anmäla det till Digg:"
    ),
}
_EN = {
    "privacy_title": "How we handle personal data",
    "privacy_lead": (
        "{organisation} answers for the data that is needed to send {newsletter}. Here is what it "
        "is, why we have it and what you can do."
    ),
    "who_title": "Who is responsible",
    "org_number": "Organisation number",
    "officer": "Data protection officer",
    "what_title": "What we keep",
    "what_address": "Your e-mail address, to be able to send the newsletter.",
    "what_name": "Your name, organisation and language, if you or we have stated them.",
    "what_consent": "When and how you said yes, and in which words. We must be able to show it.",
    "what_history": "What was changed, when and by whom, and which editions you have got.",
    "what_leaving": (
        "That you left: when it was, how you did it, which lists it was about, and why, if you "
        "answered that."
    ),
    "what_asked": (
        "What you asked for here: a sign-up, a new address or an erasure that waits for your yes, "
        "and the single letters about it: where they went, when and what came of it."
    ),
    "what_no": (
        "That an address has said no. When all else is erased only a code is left, from which "
        "nobody can read the address."
    ),
    "why_title_": "Why we may",
    "why_text": (
        "Whoever signs up here has said yes (consent). Others get the newsletter as a contact of a "
        "member, as a task in the public interest, or after interests were weighed. What holds for "
        "you, and since when, is shown on your own page. You can also ask us."
    ),
    "why_text_mail": (
        "Whoever asked for the newsletter has said yes (consent). Others get it as a contact of a "
        "member, as a task in the public interest, or after interests were weighed. Ask us what "
        "holds for you, and since when."
    ),
    "long_title": "How long",
    "long_subscribed": "We have your data for as long as you subscribe.",
    "long_left": (
        "When you have left we have it until we tidy up. That does not happen by itself: now and "
        "then we erase those who could not get anything for {months} months. Ask us to erase you, "
        "and we do it at once."
    ),
    "long_leaving": "That you left, and why, we have until you are erased.",
    "long_asked": (
        "What you asked for, and the single letters, are erased after 14 days. Of whoever never "
        "confirmed nothing is left then."
    ),
    "not_title": "What we do not do",
    "not_track": "We do not see whether you open a message or follow a link.",
    "not_cookie": "These pages use no cookies and fetch nothing from anybody else.",
    "not_network": (
        "We do not keep your computer's address. At sign-up it is counted for a day as a code, to "
        "stop abuse."
    ),
    "not_host": (
        "We do not gather who reads here. Whoever runs the web host may keep a log of visits."
    ),
    "not_sell": "We hand the data to nobody. A mail provider sends the messages for us.",
    "rights_title": "What you can do",
    "rights_page": "On your own page you can change, end, get all that we keep, or have it erased:",
    "rights_link": "Your subscription",
    "rights_text": (
        "You have the right to know what we hold, to have it corrected or erased, to get it in a "
        "file, to object, and to take back a yes. You can also write to us."
    ),
    "rights_text_mail": (
        "You leave by the link at the end of each message: it opens a mail to us that is written "
        "already. You have the right to know what we hold, to have it corrected or erased, to get "
        "it in a file, to object, and to take back a yes. Write to us, and we see to it."
    ),
    "complain_text": "If you are not satisfied you can complain to the Swedish authority (IMY):",
    "access_title": "Accessibility",
    "access_lead": (
        "{organisation} is behind this site ({site}). We want everybody to be able to use it. Here "
        "is how it meets the requirements, what is lacking and how to tell us."
    ),
    "law_text": (
        "The requirements are those of the Swedish act on accessibility to digital public service, "
        "and correspond to WCAG 2.1 at level AA."
    ),
    "no_law_text": "We follow WCAG 2.1 at level AA.",
    "state_title": "How the site meets the requirements",
    "state_full": "The site fully conforms. We know of nothing that is lacking.",
    "state_partly": "The site partly conforms. What is lacking is listed below.",
    "state_unknown": (
        "We have not assessed the site yet. The pages are built for WCAG 2.2 at level AA and are "
        "tested against it automatically."
    ),
    "gaps_title": "What is not accessible",
    "assessed_text": "It was assessed on {date}.",
    "assessed_how_text": "How it was assessed: {how}.",
    "help_title": "If there is something you cannot use",
    "help_text": (
        "Write to us, and you get the content in another way. Tell us which page it is about. We "
        "also want to know of faults that are not listed here."
    ),
    "digg_title": "Supervision",
    "digg_text": (
        "The Swedish Agency for Digital Government (Digg) supervises the act. If you are not "
        "satisfied with our answer you can report it to Digg:"
    ),
}

PAPER_WORDS = {"sv": _SV, "en": _EN}
