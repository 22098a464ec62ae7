//! What Polish-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static POLISH: Language = Language {
    locale: "pl-PL",
    zone: "Europe/Warsaw",
    offset: 1,
    share: 7,
    date: DateStyle::Dotted,
    money: ("", " zł"),
    cents: Some(","),
    hello: &["Dzień dobry,", "Witam,", "Cześć,"],
    bye: &["Pozdrawiam,", "Z poważaniem,", "Dziękuję i pozdrawiam,"],
    dear: &["Dzień dobry,", "Dzień dobry %n,"],
    regards: &["Pozdrawiam serdecznie,\n%a, Fjordrad", "Z pozdrowieniami,\n%a", "Szerokiej drogi,\n%a"],
    context: &[
        "Zaczęło się %d, od tego czasu nic nie było zmieniane.",
        "Telefon i rower były już uruchamiane ponownie, bez skutku.",
        "Codziennie jeżdżę nim do pracy.",
        "Chodzi o %p, numer seryjny %s, oprogramowanie %v.",
    ],
    update: &[
        "krótka informacja: warsztat zajmuje się sprawą, odpowiedź powinna być do %f.",
        "dziękuję za cierpliwość. Dane są już u działu technicznego.",
        "udało się to odtworzyć u nas na %p z wersją %v, więc pójdzie szybciej.",
    ],
    waiting: &[
        "części chwilowo brakuje, powinna dotrzeć około %f. Napiszę, gdy tylko wyjedzie.",
        "czekamy jeszcze na odpowiedź przewoźnika.",
    ],
    nudge: &[
        "Czy są jakieś nowości?",
        "Przypominam się, od %d nie mam żadnej wiadomości.",
        "Rower jest mi potrzebny na %f. Ile to jeszcze potrwa?",
        "Jeszcze jedno: dzieje się to tylko rano, około %h.",
    ],
    thanks: &[
        "Działa, bardzo dziękuję!",
        "Świetnie, wszystko w porządku. Dzięki, %a.",
        "Dotarło, można zamknąć zgłoszenie.",
    ],
    still: &["Za wcześnie się ucieszyłem: dziś o %h znowu to samo.", "Niestety problem wrócił."],
    topics: [
        Topic {
            subjects: &["Nie mogę się zalogować do aplikacji", "Zablokowane konto"],
            openings: &[
                "od wczoraj wieczorem aplikacja twierdzi, że hasło jest złe, a na pewno jest dobre.",
                "mam nowy telefon, a logowanie chce kodu ze starego.",
            ],
            details: &["Trzy razy prosiłem o link, za każdym razem widzę %e."],
            asks: &["z jakiego adresu odbywa się logowanie i czy pod komunikatem widać kod, na przykład E-123?"],
            answers: &["Z adresu, z którego piszę. Pod spodem jest %e."],
            fixes: &[
                "konto jest odblokowane, wysłałam nowy link ważny 24 godziny. Działa tylko ostatni link.",
                "drugi składnik jest wyłączony. Proszę zalogować się hasłem i ustawić go na nowo w zakładce Bezpieczeństwo.",
            ],
        },
        Topic {
            subjects: &["Błędna kwota na fakturze %i", "Brak NIP na fakturze %i"],
            openings: &[
                "na fakturze %i do zamówienia %o jest o %t więcej niż w potwierdzeniu.",
                "księgowość odrzuciła fakturę %i, bo nie ma na niej naszego numeru NIP.",
            ],
            details: &["Proszę o korektę do %f."],
            asks: &["proszę o numer NIP i pełną nazwę firmy."],
            answers: &["Nazwa jest w podpisie, reszta w potwierdzeniu %o."],
            fixes: &[
                "to nasz błąd, zapięcia nie powinno tam być. Faktura %i jest skorygowana, a %t wraca na konto.",
                "faktura %i jest wystawiona ponownie z numerem NIP i czeka na koncie.",
            ],
        },
        Topic {
            subjects: &["Gdzie jest zamówienie %o?", "Opóźniona dostawa %o"],
            openings: &["zamówienie %o miało dotrzeć %d i nadal go nie ma.", "przesyłka %r nie ruszyła się od %d."],
            details: &["Specjalnie wziąłem wolny dzień."],
            asks: &["czy pasuje dostawa %f między 9 a 13?"],
            answers: &["Tak, pasuje. Proszę, żeby kierowca zadzwonił."],
            fixes: &[
                "karton stał w magazynie na złej palecie. Wyjechał dziś z numerem %r i dotrze %f. Koszt dostawy bierzemy na siebie.",
            ],
        },
        Topic {
            subjects: &["Rower widoczny jako offline", "Hub zgubił %q rowerów"],
            openings: &[
                "mój %p jest w aplikacji offline od %d, choć stoi włączony obok mnie.",
                "hub w naszej bazie stracił naraz %q rowerów o %h.",
            ],
            details: &["Dioda lokalizatora miga dwa razy na czerwono."],
            asks: &["proszę przytrzymać przycisk dwanaście sekund, odczekać minutę i napisać, jaki kolor ma dioda."],
            answers: &["Teraz pomarańczowy, ale dalej offline. Numer seryjny %s."],
            fixes: &[
                "karta SIM była przez pomyłkę zawieszona. Jest znów aktywna, od %h widzę rower online.",
                "hub miał stary profil sieci. Nowy jest wgrany, po dziesięciu minutach wróciły wszystkie rowery.",
            ],
        },
        Topic {
            subjects: &["Czarny ekran po aktualizacji %v", "Brak wspomagania po %v"],
            openings: &[
                "wczoraj aktualizacja %v zatrzymała się na 60%% i ekran jest czarny.",
                "po przejściu z %w na %v silnik nie wspomaga, widać %e.",
            ],
            details: &["Bateria miała 80%%, telefon leżał obok."],
            asks: &["proszę podłączyć ładowarkę i przytrzymać plus i minus 15 sekund. Czy pojawia się mały klucz?"],
            answers: &["Tak, jest klucz, a potem %e. Numer seryjny %s."],
            fixes: &[
                "to tryb ratunkowy. Dla %s udostępniłem pakiet naprawczy: aplikacja, Serwis, Napraw oprogramowanie.",
            ],
        },
        Topic {
            subjects: &["Zwrot pieniędzy za %o", "Anulowanie zamówienia %o"],
            openings: &[
                "sakwy z %o odesłałem %d, a %t jeszcze nie wróciło.",
                "proszę anulować %o, rama jest dla mnie za duża.",
            ],
            details: &["Według śledzenia magazyn odebrał zwrot."],
            asks: &["proszę o numer paczki zwrotnej."],
            answers: &["To %r, nadana %d."],
            fixes: &[
                "zwrot był przypisany do innego zamówienia. Poprawione, %t będzie na karcie w ciągu pięciu dni roboczych.",
                "zamówienie %o jest anulowane, %t wraca na kartę.",
            ],
        },
        Topic {
            subjects: &["Wniosek o dostęp do danych (RODO)", "Proszę usunąć konto"],
            openings: &[
                "na podstawie art. 15 RODO proszę o kopię wszystkich moich danych, także tras.",
                "sprzedałem %p i proszę o usunięcie konta.",
            ],
            details: &["Proszę o potwierdzenie i termin."],
            asks: &["dla pewności proszę potwierdzić wniosek w aplikacji, w zakładce Prywatność."],
            answers: &["Potwierdzone w aplikacji."],
            fixes: &[
                "kopia danych czeka w aplikacji w zakładce Prywatność przez 14 dni.",
                "konto i trasy zostały dziś usunięte. Zostają tylko faktury, tak długo, jak wymaga prawo.",
            ],
        },
        Topic {
            subjects: &["API odpowiada 429 w nocy", "Za niski limit /v2/positions"],
            openings: &[
                "synchronizacja %q rowerów dostaje HTTP 429 z /v2/positions od %d.",
                "w %g codziennie około %h trafiamy na limit.",
            ],
            details: &["Robimy około czterech wywołań na sekundę jednym kluczem."],
            asks: &["czy kilka usług używa tego samego klucza? Limit liczy się na klucz."],
            answers: &["Tak, synchronizacja i panel. Nie pomyśleliśmy o tym."],
            fixes: &["drugi klucz czeka w Fleet Console. Wywołanie zbiorcze wystarcza na 100 rowerów naraz."],
        },
        Topic {
            subjects: &["SSO dla %g", "Logowanie SAML wraca na początek"],
            openings: &[
                "chcemy, żeby zespół %g logował się do Fleet Console przez nasz system tożsamości.",
                "po włączeniu SSO logowanie wraca na początek bez komunikatu.",
            ],
            details: &["Dotyczy to %q osób."],
            asks: &["w którym atrybucie jest adres e-mail i jaki jest adres metadanych?"],
            answers: &["Atrybut nazywa się mail, metadane są w konsoli."],
            fixes: &[
                "SSO działa dla %g. Nowe osoby dostają rolę dyspozytora.",
                "system podpisywał odpowiedź, ale nie asercję. Zmienione dla %g, próba o %h się udała.",
            ],
        },
        Topic {
            subjects: &["Pomysł: eksport tras do GPX", "Sugestia: tryb ciemny"],
            openings: &[
                "chętnie wyeksportowałbym wszystkie trasy do GPX za jednym razem.",
                "w nocy ekran świeci za mocno, przydałby się tryb ciemny.",
            ],
            details: &["Poza tym %p jest świetny."],
            asks: &["dziękuję za pomysł! Na telefonie czy na komputerze?"],
            answers: &["Na komputerze, raz w miesiącu."],
            fixes: &["pomysł jest na liście, którą zespół produktu czyta co miesiąc. Daty nie mogę obiecać."],
        },
        Topic {
            subjects: &["Akcja serwisowa baterii: czy dotyczy %s?", "Bateria mocno się grzeje"],
            openings: &[
                "dostałem list o baterii i chcę wiedzieć, czy dotyczy %s.",
                "bateria przy ładowaniu robi się gorąca i to mnie martwi.",
            ],
            details: &["Na razie stoi na balkonie."],
            asks: &["proszę jej nie ładować. Jaka partia jest na etykiecie i czy bateria jest spuchnięta?"],
            answers: &["Partia B240611, z jednej strony lekko spuchnięta."],
            fixes: &["ta bateria podlega wymianie. Kurier przywiezie nową %f i zabierze starą w bezpiecznej skrzyni."],
        },
        Topic {
            subjects: &["Aplikacja po norwesku", "Ekran pokazuje mile"],
            openings: &[
                "po ostatniej aktualizacji aplikacja mówi po norwesku, a telefon jest po polsku.",
                "od wersji %v ekran pokazuje mile.",
            ],
            details: &["Zmieniam ustawienie, a ono wraca."],
            asks: &["jaki język i region ma telefon?"],
            answers: &["Polski, region Norwegia, bo tam pracuję."],
            fixes: &["aplikacja myliła region z językiem. Konto ma teraz na stałe język polski, wiadomości też."],
        },
        Topic {
            subjects: &["Skradziony rower, proszę włączyć śledzenie", "Ukradli mi %p"],
            openings: &[
                "w nocy ukradziono mi z podwórka %p (%s). Proszę natychmiast włączyć tryb kradzieży.",
                "roweru nie ma, aplikacja pokazuje pozycję z %h, a policja chce czegoś na piśmie.",
            ],
            details: &["Zgłoszone na policji, numer 8841/%q."],
            asks: &["tryb kradzieży działa. Proszę o numer sprawy."],
            answers: &["Numer jest w pierwszej wiadomości, chodzi o ostatnie 24 godziny."],
            fixes: &["pozycje trafiły dziś na komisariat, silnik jest zablokowany. Trzymam kciuki."],
        },
        Topic {
            subjects: &["Hamulce piszczą po 300 km", "Gwarancja: tylny hamulec traci ciśnienie"],
            openings: &[
                "po 300 km przedni hamulec w moim %p piszczy bardzo głośno.",
                "tylny hamulec traci ciśnienie, rano dźwignia dochodzi do kierownicy.",
            ],
            details: &["Sklep mówi, że to zużycie. Nie zgadzam się."],
            asks: &["proszę o zdjęcie klocków i numer zamówienia."],
            answers: &["Zdjęcia wysłane, zamówienie %o."],
            fixes: &["to gwarancja, bez dyskusji. Części jadą do sklepu (%r), robociznę pokrywamy my."],
        },
    ],
};
