//! What German-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static GERMAN: Language = Language {
    locale: "de-DE",
    zone: "Europe/Berlin",
    offset: 1,
    share: 24,
    date: DateStyle::Dotted,
    money: ("", " €"),
    cents: Some(","),
    hello: &["Guten Tag,", "Hallo,", "Hallo liebes Fjordrad-Team,", "Moin,", "Sehr geehrte Damen und Herren,"],
    bye: &["Viele Grüße", "Mit freundlichen Grüßen", "Danke und Gruß", "Beste Grüße"],
    dear: &["Hallo %n,", "Guten Tag %N,"],
    regards: &["Viele Grüße\n%a von Fjordrad", "Freundliche Grüße\n%a", "Gute Fahrt und viele Grüße\n%a"],
    context: &[
        "Angefangen hat es am %d, geändert habe ich seitdem nichts.",
        "Handy und Rad habe ich schon neu gestartet, ohne Erfolg.",
        "Ich fahre damit jeden Tag zur Arbeit und bin darauf angewiesen.",
        "Ab %h bin ich auch telefonisch erreichbar.",
        "Es geht um ein %p, Seriennummer %s, Firmware %v.",
        "In der Hilfe habe ich dazu leider nichts gefunden.",
    ],
    update: &[
        "kurzer Zwischenstand: Die Werkstatt hat den Fall auf dem Tisch, bis zum %f rechne ich mit einer Antwort.",
        "ich habe Sie nicht vergessen. In den Aufzeichnungen vom %d gibt es eine Spur, die gerade geprüft wird.",
        "danke für die Geduld. Ihre Angaben liegen beim Fachteam, Sie müssen im Moment nichts weiter tun.",
        "wir konnten das hier an einem %p mit %v nachstellen. Das verkürzt die Suche deutlich.",
    ],
    waiting: &[
        "das Teil ist im Rückstand und kommt voraussichtlich um den %f. Ich melde mich, sobald es unterwegs ist.",
        "wir warten noch auf die Auskunft des Spediteurs, das dauert meist zwei Werktage.",
    ],
    nudge: &[
        "Gibt es schon etwas Neues?",
        "Ich wollte nur nachfragen, seit dem %d habe ich nichts mehr gehört.",
        "Bis zum %f brauche ich das Rad wieder. Können Sie sagen, wie lange es noch dauert?",
        "Noch eine Beobachtung: Es passiert nur morgens gegen %h.",
        "Ich hatte noch zwei Fotos geschickt, sind die angekommen?",
    ],
    thanks: &[
        "Super, jetzt geht alles wieder. Vielen Dank!",
        "Das war es, danke für die schnelle Hilfe.",
        "Perfekt, ist angekommen. Von mir aus kann das Ticket zu.",
    ],
    still: &[
        "Leider zu früh gefreut: Heute um %h war es wieder genauso.",
        "Das Problem ist wieder da, ich muss das noch einmal aufmachen.",
    ],
    topics: [
        Topic {
            subjects: &[
                "Anmeldung in der App nicht möglich",
                "Konto gesperrt",
                "Link zum Zurücksetzen ist angeblich abgelaufen",
            ],
            openings: &[
                "seit gestern Abend komme ich nicht mehr in die App. Angeblich ist mein Passwort falsch, das kann aber nicht sein.",
                "ich habe ein neues Handy, und die Anmeldung will einen Code vom alten, das ich nicht mehr habe.",
            ],
            details: &["Dreimal habe ich ein neues Passwort angefordert, jeder Link führt auf eine Seite mit %e."],
            asks: &["mit welcher Adresse melden Sie sich an, und steht unter der Meldung ein Code wie E-123?"],
            answers: &["Mit der Adresse, von der ich schreibe. Darunter steht %e."],
            fixes: &[
                "ich habe das Konto entsperrt und einen neuen Link geschickt, der 24 Stunden gilt. Fordert man einen neueren an, verfällt der ältere.",
                "der zweite Faktor ist jetzt ausgeschaltet. Bitte mit dem Passwort anmelden und ihn unter Konto, Sicherheit neu einrichten.",
            ],
        },
        Topic {
            subjects: &[
                "Rechnung %i stimmt nicht",
                "USt-IdNr. fehlt auf Rechnung %i",
                "Betrag auf Rechnung %i zu hoch",
            ],
            openings: &[
                "auf der Rechnung %i zur Bestellung %o stehen %t mehr als in der Auftragsbestätigung.",
                "unsere Buchhaltung hat %i zurückgegeben, weil die USt-IdNr. fehlt.",
            ],
            details: &["Bitte schicken Sie eine korrigierte Rechnung, fällig wäre sie am %f."],
            asks: &[
                "schicken Sie mir bitte die USt-IdNr. und den vollständigen Firmennamen, so wie beides auf der Rechnung stehen soll?",
            ],
            answers: &["Der Name steht in der Signatur, die Nummer in der Auftragsbestätigung zu %o."],
            fixes: &[
                "Sie haben recht, das Schloss-Set gehörte nicht darauf. %i ist storniert, die neue Rechnung liegt in Ihrem Konto, und %t sind auf dem Weg zurück.",
                "die Rechnung %i ist mit Ihrer USt-IdNr. neu ausgestellt und liegt in Ihrem Konto. Das Zahlungsziel ist um zwei Wochen verlängert.",
            ],
        },
        Topic {
            subjects: &["Wo bleibt Bestellung %o?", "Sendung %r bewegt sich nicht", "Lieferung von %o verspätet"],
            openings: &[
                "meine Bestellung %o war für den %d zugesagt, angekommen ist bis heute nichts.",
                "bei %r steht seit dem %d \"an den Spediteur übergeben\", und dabei bleibt es.",
            ],
            details: &["Ich habe mir extra einen Tag freigenommen, das möchte ich nicht noch einmal tun."],
            asks: &["passt Ihnen der %f zwischen 9 und 13 Uhr? Dann buche ich das direkt beim Spediteur."],
            answers: &["Ja, das passt. Der Fahrer soll bitte vorher anrufen."],
            fixes: &[
                "gefunden: Der Karton stand im Depot auf der falschen Palette. Er ist heute früh unter %r losgefahren und kommt am %f. Die Lieferkosten übernehmen wir.",
                "der Spediteur hat den %f bestätigt. Die Versandkosten habe ich erstattet, das hat viel zu lange gedauert.",
            ],
        },
        Topic {
            subjects: &[
                "Rad wird als offline angezeigt",
                "Hub im Depot verliert %q Räder",
                "Keine Position seit dem %d",
            ],
            openings: &[
                "mein %p ist in der App seit dem %d offline, obwohl es eingeschaltet neben mir steht.",
                "der Hub in unserem Depot hat um %h auf einen Schlag %q Räder verloren.",
            ],
            details: &["Am Tracker blinkt es zweimal rot, dann ist Pause. Bluetooth geht."],
            asks: &[
                "halten Sie bitte den Einschalter zwölf Sekunden gedrückt, warten eine Minute und sagen mir, welche Farbe der Tracker dann zeigt?",
                "schicken Sie mir bitte die Seriennummern von zwei oder drei der Räder, und die Firmware des Hubs?",
            ],
            answers: &[
                "Erledigt. Jetzt ist es orange, die App sagt weiter offline. Seriennummer %s.",
                "Der Hub hat %w, eines der Räder ist %s.",
            ],
            fixes: &[
                "die SIM im Tracker war versehentlich stillgelegt. Sie ist wieder aktiv, seit %h sehe ich das Rad online.",
                "der Hub hing am alten Netzprofil. Das neue ist aufgespielt, nach zehn Minuten waren alle Räder wieder da.",
            ],
        },
        Topic {
            subjects: &[
                "Display tot nach Update auf %v",
                "Keine Motorunterstützung seit %v",
                "Update bricht bei 60 %% ab",
            ],
            openings: &[
                "gestern Abend blieb das Update auf %v bei etwa 60 %% stehen, seitdem ist das Display schwarz.",
                "seit dem Wechsel von %w auf %v unterstützt der Motor nicht mehr. Angezeigt wird %e.",
            ],
            details: &["Der Akku war bei 80 %% und das Handy lag direkt daneben."],
            asks: &[
                "schließen Sie bitte das Ladegerät an und halten Plus und Minus 15 Sekunden. Erscheint ein kleiner Schraubenschlüssel?",
            ],
            answers: &["Ja, der Schraubenschlüssel kommt, dann eine Sekunde lang %e. Seriennummer ist %s."],
            fixes: &[
                "das ist der Rettungsmodus, gut so. Für %s ist ein Reparaturpaket freigegeben: App, Service, Firmware reparieren, das Handy zehn Minuten danebenlegen.",
                "dieses Display lässt sich zu Hause nicht retten. Ein neues ist kostenlos unterwegs (%r), der Händler baut es in einer Viertelstunde ein.",
            ],
        },
        Topic {
            subjects: &["Erstattung zu %o fehlt", "Bestellung %o bitte stornieren", "Rücksendung da, Geld nicht"],
            openings: &[
                "die Taschen aus %o habe ich am %d zurückgeschickt, die %t sind noch nicht da.",
                "bitte stornieren Sie %o, der Rahmen ist mir doch zu groß.",
            ],
            details: &["Laut Sendungsverfolgung hat Ihr Lager die Rücksendung angenommen."],
            asks: &["schicken Sie mir bitte die Nummer der Rücksendung? Sie steht auf dem Einlieferungsbeleg."],
            answers: &["Die Nummer ist %r, abgegeben am %d."],
            fixes: &[
                "die Rücksendung war auf eine andere Bestellung gebucht. Das ist korrigiert, %t sollten in fünf Werktagen auf der Karte sein.",
                "%o ist storniert und der volle Betrag von %t erstattet.",
            ],
        },
        Topic {
            subjects: &["Auskunft nach Art. 15 DSGVO", "Bitte Konto löschen", "Welche Daten speichern Sie über mich?"],
            openings: &[
                "ich bitte um Auskunft nach Art. 15 DSGVO über alle Daten, die Sie über mich speichern, auch Fahrten und Positionen.",
                "ich habe mein %p verkauft und möchte, dass mein Konto samt Inhalt gelöscht wird.",
            ],
            details: &["Bitte bestätigen Sie den Eingang und nennen Sie mir die Frist."],
            asks: &[
                "damit ich sicher bin, dass Sie es sind: Bestätigen Sie die Anfrage bitte in der App unter Konto, Datenschutz?",
            ],
            answers: &["Habe ich gerade in der App bestätigt."],
            fixes: &[
                "Ihre Auskunft liegt 14 Tage lang in der App unter Konto, Datenschutz. Sie enthält Profil, Bestellungen, Fahrten und unseren Schriftwechsel.",
                "Konto und Fahrten sind seit heute gelöscht. Rechnungen bewahren wir auf, solange das Steuerrecht es verlangt.",
            ],
        },
        Topic {
            subjects: &[
                "API antwortet nachts mit 429",
                "Ratenlimit bei /v2/positions",
                "Flottenabgleich scheitert mit HTTP 429",
            ],
            openings: &[
                "unser nächtlicher Abgleich von %q Rädern bekommt seit dem %d HTTP 429 von /v2/positions.",
                "wir bei %g fragen alle 30 Sekunden Positionen ab und laufen täglich gegen %h ins Limit.",
            ],
            details: &[
                "Mit einem Schlüssel machen wir etwa vier Aufrufe je Sekunde, das ist laut Dokumentation erlaubt.",
            ],
            asks: &["nutzen mehrere Dienste denselben Schlüssel? Das Limit zählt je Schlüssel, nicht je Adresse."],
            answers: &["Stimmt, Abgleich und Leitstand teilen sich den Schlüssel. Daran hatten wir nicht gedacht."],
            fixes: &[
                "ein zweiter Schlüssel für den Leitstand löst das, er liegt in der Fleet Console. Mit dem Sammelaufruf reicht außerdem ein Aufruf für 100 Räder.",
                "wir hatten das Limit mit der Version vom %d versehentlich gesenkt. Es steht wieder bei zehn je Sekunde, Retry-After kommt auch.",
            ],
        },
        Topic {
            subjects: &[
                "SSO für %g einrichten",
                "SAML-Anmeldung landet wieder am Anfang",
                "SSO: neue Leute ohne Rolle",
            ],
            openings: &[
                "unsere Disponenten bei %g sollen sich mit unserem eigenen Identitätsdienst an der Fleet Console anmelden.",
                "seit wir SSO eingeschaltet haben, springt die Anmeldung ohne Meldung zurück.",
            ],
            details: &["Betroffen sind %q Leute, die gerade nicht arbeiten können."],
            asks: &["in welchem Attribut steht die Mailadresse, und wie lautet die Adresse Ihrer Metadaten?"],
            answers: &["Das Attribut heißt mail, die Metadaten stehen in der Konsole unter Sicherheit."],
            fixes: &[
                "SSO ist für %g aktiv. Neue Leute bekommen die Rolle Disponent, andere lassen sich unter Sicherheit zuordnen.",
                "Ihr Dienst signiert die Antwort, aber nicht die Assertion; wir wollten beides. Für %g ist das geändert, eine Probe um %h ging durch.",
            ],
        },
        Topic {
            subjects: &[
                "Wunsch: Fahrten als GPX exportieren",
                "Idee: dunkles Display",
                "Alle Fahrten auf einmal exportieren",
            ],
            openings: &[
                "ich würde gern alle Fahrten auf einmal als GPX exportieren statt jede einzeln.",
                "nachts ist das Display selbst auf der niedrigsten Stufe zu hell. Ein dunkler Modus wäre schön.",
            ],
            details: &["Sonst bin ich mit dem %p übrigens sehr zufrieden."],
            asks: &["danke für die Idee! Wie würden Sie das nutzen, am Handy oder am Rechner?"],
            answers: &["Am Rechner, etwa einmal im Monat für meine eigene Karte."],
            fixes: &[
                "Ihr Wunsch steht mit Ihrem Beispiel auf der Liste, die das Produktteam jeden Monat liest. Ein Datum kann ich nicht versprechen.",
                "gute Nachricht: Das ist Teil von %v und kommt bis zum %f auf alle Räder.",
            ],
        },
        Topic {
            subjects: &["Akku-Rückruf: Ist %s betroffen?", "Akku wird beim Laden sehr heiß", "Brief zum Akku-Rückruf"],
            openings: &[
                "ich habe Ihren Brief zum Akku-Rückruf bekommen und wüsste gern, ob %s betroffen ist.",
                "beim Laden wird der Akku so heiß, dass man ihn kaum anfassen kann. Nach dem Brief macht mir das Sorgen.",
            ],
            details: &["Bis ich von Ihnen höre, steht er draußen auf dem Balkon."],
            asks: &[
                "bitte laden Sie ihn vorerst nicht. Welche Charge steht auf dem Etikett (B und sechs Ziffern), und ist er verformt?",
            ],
            answers: &["Charge B240611. Von außen sieht er normal aus."],
            fixes: &[
                "Ihr Akku gehört nicht zum Rückruf, bis 45 Grad sind normal. Ein kostenloser Check beim Händler ist trotzdem gebucht.",
                "Ihr Akku ist betroffen. Ein Kurier bringt am %f den neuen und nimmt den alten in einer sicheren Kiste mit. Bitte nicht per Post schicken.",
            ],
        },
        Topic {
            subjects: &["App plötzlich auf Norwegisch", "Anzeige in Meilen", "Falsche Sprache nach dem Update"],
            openings: &[
                "seit dem letzten Update spricht die App Norwegisch mit mir, obwohl das Handy auf Deutsch steht.",
                "das Display zeigt seit %v Meilen, und ich finde keine Einstellung dafür.",
            ],
            details: &["Stelle ich es um, springt es jedes Mal zurück."],
            asks: &[
                "welche Sprache und welche Region sind auf dem Handy eingestellt? Die App richtet sich manchmal nach der Region.",
            ],
            answers: &["Deutsch, Region Norwegen, weil ich dort arbeite."],
            fixes: &[
                "die App hat die Region für die Sprache gehalten. Ihr Konto steht jetzt fest auf Deutsch, auch für Mails.",
            ],
        },
        Topic {
            subjects: &[
                "Rad gestohlen, bitte Ortung einschalten",
                "Gestohlenes Rad auf der Karte",
                "%p letzte Nacht gestohlen",
            ],
            openings: &[
                "mein %p (%s) ist letzte Nacht aus dem Hof gestohlen worden. Bitte schalten Sie sofort den Diebstahlmodus ein.",
                "das Rad ist weg. Die App zeigt eine Position von %h, die Polizei will aber etwas Schriftliches.",
            ],
            details: &["Angezeigt ist es schon, das Aktenzeichen ist 8841/%q."],
            asks: &[
                "der Diebstahlmodus läuft. Schicken Sie mir bitte das Aktenzeichen, damit ich die Positionen weitergeben darf?",
            ],
            answers: &["Das Aktenzeichen steht in meiner ersten Nachricht, gewünscht sind die letzten 24 Stunden."],
            fixes: &[
                "die Positionen der letzten 24 Stunden sind heute an die Wache gegangen, der Motor ist gesperrt. Ich drücke die Daumen.",
                "die Liste der Positionen seit %h ist heute schriftlich an die Wache gegangen. Der Motor bleibt gesperrt, bis Sie etwas anderes sagen.",
            ],
        },
        Topic {
            subjects: &[
                "Bremsen quietschen nach 300 km",
                "Garantie: Hinterradbremse verliert Druck",
                "Vorderbremse sehr laut",
            ],
            openings: &[
                "nach knapp 300 km quietscht die Vorderbremse meines %p so laut, dass sich die Leute umdrehen.",
                "die Hinterradbremse verliert Druck, morgens geht der Hebel bis zum Griff.",
            ],
            details: &["Der Laden meint, das sei Verschleiß. Das sehe ich anders."],
            asks: &[
                "schicken Sie mir bitte ein Foto der Beläge und die Bestellnummer? Und bitte bis dahin nicht damit fahren.",
            ],
            answers: &["Fotos sind unterwegs, die Bestellnummer ist %o."],
            fixes: &[
                "das ist ein klarer Garantiefall. Beläge und Scheibe gehen an Ihren Händler (%r), die Arbeit bezahlen wir.",
                "der Sattel ist undicht und wird auf Garantie getauscht. Der Händler hat am %f Zeit für Sie.",
            ],
        },
    ],
};
