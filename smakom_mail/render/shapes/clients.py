"""The mail programs whose shape we can draw, and what we say about each picture."""

from smakom_mail.render.shapes.model import Client

_CLIENTS = (
    Client(
        "gmail",
        "Gmail",
        "Gmail",
        ("gmail.desktop-webmail", "gmail.ios", "gmail.android"),
        "Som i Gmail på webben; apparna med ett Google-konto gör nästan likadant. Mörkt läge på "
        "webben rör inte brevet, men apparna räknar om färgerna (delvis i Android, helt i iPhone). "
        "Bilden följer Can I email och Gmails kända gränser; Gmails egen ram runt brevet är inte "
        "med.",
        "As in Gmail on the web; its apps with a Google account do nearly the same. Dark mode on "
        "the web leaves the mail alone, but the apps work out new colours (partly on Android, "
        "fully on iPhone). The picture follows Can I email and Gmail's known limits; Gmail's own "
        "frame around the mail is not in it.",
        "rules",
    ),
    Client(
        "gmail-other",
        "Gmail-appen med ett annat konto",
        "Gmail app, other account",
        ("gmail.android", "gmail.ios"),
        "Gmail-appen med ett konto från någon annan än Google tar bort alla stilmallar (<style>); "
        "bara det som står på elementen själva blir kvar. Mörkt läge räknar om färgerna. Bilden "
        "är exakt när stilmallarna är det enda som försvann, annars gjord efter Can I emails "
        "regler.",
        "The Gmail app with an account of somebody other than Google drops every style sheet "
        "(<style>); only what stands on the elements themselves is left. Dark mode works out new "
        "colours. The picture is exact when the style sheets are all that went, otherwise made "
        "by Can I email's rules.",
        "exact",
    ),
    Client(
        "outlook-windows",
        "Outlook för Windows",
        "Outlook for Windows",
        ("outlook.windows",),
        "Klassiska Outlook ritar brevet med Word: villkorliga kommentarer gäller, mycket av "
        "formgivningen faller bort och bredden är fast. Mörkt läge vänder alla färger. Reglerna "
        "är Can I emails, men Words egna radbrytningar och avstånd efterliknas inte.",
        "Classic Outlook draws the mail with Word: conditional comments apply, much of the "
        "styling falls away and the width is fixed. Dark mode inverts all colours. The rules are "
        "Can I email's, but Word's own line breaks and spacing are not imitated.",
        "rules",
    ),
    Client(
        "outlook-com",
        "Outlook.com och nya Outlook",
        "Outlook.com and new Outlook",
        ("outlook.outlook-com",),
        "Som i Outlook på webben: klasser får namn som börjar med x_, och <body> blir en ruta på "
        "sidan. I mörkt läge räknar programmet om en del färger och märker elementen med "
        "data-ogsc (text) och data-ogsb (bakgrund), så att brevets egna regler för dem gäller. "
        "Bilden följer Can I email.",
        "As in Outlook on the web: class names begin with x_, and <body> becomes a box on the "
        "page. In dark mode it works out some colours anew and marks the elements with data-ogsc "
        "(text) and data-ogsb (background), so that the mail's own rules for them apply. The "
        "picture follows Can I email.",
        "rules",
    ),
    Client(
        "yahoo",
        "Yahoo Mail",
        "Yahoo Mail",
        ("yahoo.desktop-webmail", "yahoo.ios", "yahoo.android"),
        "Som i Yahoo Mail på webben: klasser och id får namn som börjar med yiv, och bara "
        "mediefrågor om bredd och höjd finns kvar. Brevet behåller sina ljusa färger i mörkt "
        "läge. Bilden följer Can I email; apparna kan skilja sig.",
        "As in Yahoo Mail on the web: names of classes and ids begin with yiv, and only media "
        "queries about width and height are left. The mail keeps its light colours in dark mode. "
        "The picture follows Can I email; the apps may differ.",
        "rules",
    ),
    Client(
        "apple-mail",
        "Apple Mail",
        "Apple Mail",
        ("apple-mail.macos", "apple-mail.ios"),
        "Som i Mail på Mac; iPhone och iPad gör nästan likadant. Nästan allt i brevet finns kvar, "
        "och brevets eget mörka läge används. Bilden följer Can I email.",
        "As in Mail on a Mac; iPhone and iPad do nearly the same. Nearly everything in the mail "
        "is left, and the mail's own dark mode is used. The picture follows Can I email.",
        "rules",
    ),
    Client(
        "samsung",
        "Samsung E-post",
        "Samsung Email",
        ("samsung-email.android",),
        "Som i Samsungs egen app, med ett konto som inte är från Microsoft. Nästan allt i brevet "
        "finns kvar, och brevets eget mörka läge används. Bilden följer Can I email.",
        "As in Samsung's own app, with an account that is not Microsoft's. Nearly everything in "
        "the mail is left, and the mail's own dark mode is used. The picture follows Can I email.",
        "rules",
    ),
)

CLIENTS: dict[str, Client] = {client.key: client for client in _CLIENTS}
"""Every mail program by its key, in the order in which they are offered."""
