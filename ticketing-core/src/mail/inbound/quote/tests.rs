use super::*;

#[track_caller]
fn check(text: &str, fresh: &str, signature: &str) {
    let folded = fold(text);
    assert_eq!([folded.above, folded.fresh, folded.signature, folded.quoted].concat(), text, "nothing is lost");
    assert_eq!((folded.fresh.trim(), folded.signature.trim()), (fresh, signature), "{text}");
}

/// What stands above marked lines, by program and language.
const ATTRIBUTIONS: [&str; 36] = [
    "On Mon, Mar 3, 2025 at 9:12 AM Help <help@desk.example> wrote:",
    "On Mon, Mar 3, 2025 at 9:12 AM The Help of the Desk\n<help@desk.example> wrote:",
    "On 3/3/25 09:12, Help wrote:",
    "On 3. Mar 2025, at 09:12, Help <help@desk.example> wrote:",
    "Am Mo., 3. März 2025 um 09:12 Uhr schrieb Help <help@desk.example>:",
    "Am 03.03.25 um 09:12 schrieb Help:",
    "Am 03.03.2025 um 09:12 schrieb The Help of\nthe Desk <help@desk.example>:",
    "Le lun. 3 mars 2025 à 09:12, Help <help@desk.example> a écrit :",
    "Le 03/03/2025 à 09:12, Help a écrit :",
    "El lun, 3 mar 2025 a las 9:12, Help (<help@desk.example>) escribió:",
    "El 3/3/25 a las 9:12, Help escribió:",
    "Il giorno lun 3 mar 2025 alle ore 09:12 Help <help@desk.example> ha scritto:",
    "Il 03/03/25 09:12, Help ha scritto:",
    "Em seg., 3 de mar. de 2025 às 09:12, Help <help@desk.example> escreveu:",
    "No dia 3 de mar. de 2025, às 09:12, Help <help@desk.example> escreveu:",
    "Op ma 3 mrt 2025 om 09:12 schreef Help <help@desk.example>:",
    "Op 3 mrt 2025, om 09:12 heeft Help <help@desk.example> het volgende geschreven:",
    "pon., 3 mar 2025 o 09:12 Help <help@desk.example> napisał(a):",
    "pon., 3 mar 2025 o 09:12 The Help of the Desk\n<help@desk.example> napisał(a):",
    "W dniu 3.03.2025 o 09:12, Help pisze:",
    "Wiadomość napisana przez Help <help@desk.example> w dniu 3 mar 2025, o godz. 09:12:",
    "Den mån 3 mars 2025 kl 09:12 skrev Help <help@desk.example>:",
    "Den 2025-03-03 kl. 09:12, skrev Help:",
    "3 mars 2025 kl. 09:12 skrev Help <help@desk.example>:",
    "2025年3月3日(月) 9:12 Help <help@desk.example>:",
    "2025/03/03 9:12、Help <help@desk.example>のメール:",
    "2025/03/03 9:12, Help wrote:",
    "Help <help@desk.example> 于2025年3月3日周一 09:12写道：",
    "Help <help@desk.example> 於 2025年3月3日 週一 上午9:12寫道：",
    "在 2025/3/3 9:12, Help 写道:",
    "在 2025年3月3日，09:12，Help <help@desk.example> 写道：",
    "пн, 3 мар. 2025 г. в 09:12, Help <help@desk.example>:",
    "ma 3. maalisk. 2025 klo 9.12 Help (help@desk.example) kirjoitti:",
    "po 3. 3. 2025 v 9:12 odesílatel Help <help@desk.example> napsal:",
    "On Monday, Help wrote:",
    "From: Help <help@desk.example>, 3 March:",
];

#[test]
fn what_announces_a_quotation_is_known() {
    for attribution in ATTRIBUTIONS {
        for history in [format!("{attribution}\n\n> Hello\n> there\n"), format!("{attribution}\n> Hello\n>\n>> Hi\n\n")]
        {
            check(&format!("It hums.\n\nLoudly.\n\n{history}"), "It hums.\n\nLoudly.", "");
            check(&format!("It hums.\r\n\r\n{}", history.replace('\n', "\r\n")), "It hums.", "");
            let below = format!("{history}\nIt hums.\n\n-- \nKim\n");
            check(&below, "It hums.", "-- \nKim");
            assert!(fold(&below).has_quotation() && fold(&below).quoted.is_empty(), "{below}");
            let whole = format!("{history}\nYes.\n\n> Loudly?\n\nYes.\n");
            check(&whole, whole.trim(), "");
        }
    }
}

#[test]
fn mails_that_are_quoted_whole_are_known() {
    for history in [
        "-----Original Message-----\nFrom: Help\nSent: Monday\nTo: Kim\nSubject: It hums\n\nHello\n",
        "-----Ursprüngliche Nachricht-----\nVon: Help\n\nHallo\n",
        "----- Message d'origine -----\nDe : Help\n\nBonjour\n",
        "-----Oryginalna wiadomość-----\nOd: Help\n",
        "----- 原始邮件 -----\n发件人: Help\n",
        "________________________________\nFrom: Help <help@desk.example>\nSent: Monday\nTo: Kim\nSubject: It hums\n\nHello",
        "Von: Help <help@desk.example>\nGesendet: Montag\nAn: Kim\nBetreff: It hums\n\nHallo",
        "De : Help <help@desk.example>\nEnvoyé : lundi\nÀ : Kim\nObjet : It hums\n\nBonjour",
        "De: Help\nEnviado: lunes\nPara: Kim\nAsunto: It hums\n\nHola",
        "Da: Help\nInviato: lunedì\nA: Kim\nOggetto: It hums\n\nCiao",
        "De: Help\nEnviado: segunda\nPara: Kim\nAssunto: It hums\n\nOlá",
        "Van: Help\nVerzonden: maandag\nAan: Kim\nOnderwerp: It hums\n\nHallo",
        "Od: Help\nWysłano: poniedziałek\nDo: Kim\nTemat: It hums\n\nCześć",
        "Från: Help\nSkickat: måndag\nTill: Kim\nÄmne: It hums\n\nHej",
        "差出人: Help\n送信日時: 2025年3月3日\n宛先: Kim\n件名: It hums\n\nこんにちは",
        "发件人： Help\n发送时间： 2025年3月3日\n收件人： Kim\n主题： It hums\n\n你好",
        "寄件者: Help\n收件者: Kim\n主旨: It hums\n\n你好",
        "*From:* Help\n*Sent:* Monday\n*To:* Kim\n*Subject:* It hums\n\nHello",
        "________________________________\nFeladó: Help <help@desk.example>\nElküldve: hétfő\nCímzett: Kim\nTárgy: It hums\n\nSzia",
        "> Hello\n> there",
        "On Monday, March 3, 2025 at 09:12:00 AM GMT+1, Help <help@desk.example> wrote:\n\nHello\n\nthere",
    ] {
        check(&format!("It still hums.\n\nLoudly.\n\n{history}"), "It still hums.\n\nLoudly.", "");
        check(&format!("It still hums.\r\n\r\n{}", history.replace('\n', "\r\n")), "It still hums.", "");
        check(&format!("Yes.\n-- \nKim\n\n{history}"), "Yes.", "-- \nKim");
    }
}

#[test]
fn signatures_are_folded() {
    check("Yes.\n-- \nKim\nAcme\n\n> Hello\n", "Yes.", "-- \nKim\nAcme");
    check("Yes.\n\n--\nKim\n", "Yes.", "--\nKim");
    check("Yes.\n\n> Hello\n\n-- \nKim\n", "Yes.", "");
    check("Yes.\n\nSent from my iPhone\n\nOn Monday, Help wrote:\n> Hello\n", "Yes.", "Sent from my iPhone");
    for added in [
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from Outlook for iOS",
        "Sent from Mail for Windows",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent from Yahoo Mail for iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Holen Sie sich Outlook für Android",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon mobile Orange",
        "Envoyé à partir d'Outlook pour Android",
        "Télécharger Outlook pour iOS",
        "Enviado desde mi iPhone",
        "Obtener Outlook para iOS",
        "Inviato da iPhone",
        "Scarica Outlook per iOS",
        "Enviado do meu iPhone",
        "Obter o Outlook para iOS",
        "Verstuurd vanaf mijn iPhone",
        "Download Outlook voor Android",
        "Wysłane z iPhone'a",
        "Pobierz program Outlook dla systemu iOS",
        "Skickat från min iPhone",
        "Hämta Outlook för iOS",
        "iPhoneから送信",
        "Outlook for iOS を入手",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "获取 Outlook for iOS",
    ] {
        check(&format!("It hums.\n\n{added}\n"), "It hums.", added);
        check(&format!("It hums.\n\n{added}\n\n> Hello\n"), "It hums.", added);
    }
    let both = "It hums.\n\nSent from my iPhone\n\nGet Outlook for iOS\n";
    check(both, "It hums.", "Sent from my iPhone\n\nGet Outlook for iOS");
}

#[test]
fn no_word_of_an_answer_is_hidden() {
    let long = (1..60).map(|n| format!("Step {n}.\n")).collect::<Vec<_>>().concat();
    for text in [
        "On Monday, Help wrote:\n> Does it hum?\n\nYes.\n\n> Loudly?\n\nYes.",
        "Hi,\n\nOn Monday, Help wrote:\n> Does it hum?\n\nYes.",
        "My neighbour wrote:\n\nit hums at night.\n\nI agree.",
        "From: the cellar\nit hums.",
        "From: the cellar\nTo: the roof\nit hums.",
        "He said:\n\nSent from my heart, it hums and this line goes on as no line of a program ever did or would, for all I know.\nBye",
        "> Hello",
        "> Hello\n\n-- \nKim",
        "Sent from my iPhone",
        "-- \nKim",
        "Options are:\n\n--\none\n\ntwo\n\nthree\n\nfour\n\nfive\n\nsix\n\nseven\n\neight\n\nnine\n\nten\n\neleven",
        &format!("These:\n-- \n{long}The end."),
        "",
    ] {
        check(text, text.trim(), "");
    }
}

#[test]
fn what_is_passed_on_stays_whole() {
    for mark in [
        "---------- Forwarded message ---------\nFrom: Lee <lee@acme.example>\nDate: Mon\nSubject: It hums\nTo: Kim",
        "-------- Weitergeleitete Nachricht --------\nBetreff: It hums\nDatum: Montag\nVon: Lee\nAn: Kim",
        "---------- Message transféré ---------\nDe : Lee\nDate : lundi\nÀ : Kim",
        "---------- Mensaje reenviado ---------\nDe: Lee",
        "---------- Messaggio inoltrato ---------\nDa: Lee",
        "---------- Mensagem encaminhada ---------\nDe: Lee",
        "---------- Doorgestuurd bericht ---------\nVan: Lee",
        "---------- Przekazana wiadomość ---------\nOd: Lee",
        "---------- Vidarebefordrat meddelande ---------\nFrån: Lee",
        "---------- 転送メッセージ ---------\nFrom: Lee",
        "---------- 转发的邮件 ---------\n发件人：Lee",
        "Begin forwarded message:\n\n> From: Lee\n> Subject: It hums",
        "Anfang der weitergeleiteten Nachricht:\n\n> Von: Lee",
    ] {
        let text = format!("See below.\n\n{mark}\n\nIt hums.\n\n> Really?\n");
        assert_eq!(fold(&text), Folded { fresh: &text, ..Folded::default() }, "{mark}");
    }
    let text = "See below.\n\nFrom: Lee\nSent: Monday\nTo: Kim\nSubject: It hums\n\nIt hums.";
    for subject in
        ["FW: It hums", "Fwd: It hums", "WG: Es brummt", "TR : Il bourdonne", "RV: Zumba", "ENC: Zumbe", "転送: x"]
    {
        let mail = InboundMail { subject: subject.to_owned(), text: text.to_owned(), ..InboundMail::default() };
        assert_eq!(mail.folded().fresh, text, "{subject}");
    }
    let answer = InboundMail { subject: "Re: It hums".to_owned(), text: text.to_owned(), ..InboundMail::default() };
    assert_eq!(answer.folded().fresh.trim(), "See below.");
}

#[test]
fn long_texts_take_little() {
    let text = "On Monday, Kim wrote:\n\n".repeat(50_000);
    assert_eq!(fold(&text).fresh, text);
    let text = "> x\n".repeat(5_000) + "Yes.\n";
    assert_eq!(fold(&text).fresh, "Yes.\n");
    for line in ["--\n", "From: x\n", "________________________________\n", "a@b 1:\n", "\n", "> \n", "-- \n", "x"] {
        let text = line.repeat(100_000);
        let folded = fold(&text);
        assert_eq!([folded.above, folded.fresh, folded.signature, folded.quoted].concat(), text);
    }
}
