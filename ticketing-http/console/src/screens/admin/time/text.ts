import { defineText } from '../../../text';

export const priceText = defineText(
  {
    title: 'Working time',
    price: 'Price of an hour',
    currency: 'Currency',
    currencyHint: 'Three letters, such as EUR.',
    badPrice: 'Write it as 85 or 85.50, with no more decimals than the currency has.',
    badCurrency: 'Three letters, such as EUR.',
    own: 'What an hour costs this organization. Time that was logged keeps its price.',
    ownHint: (price: string) => `Where it is empty, the desk’s own price counts: ${price}.`,
    ownNone: 'Where it is empty, there is no price.',
  },
  {
    title: 'Arbeitszeit',
    price: 'Preis einer Stunde',
    currency: 'Währung',
    currencyHint: 'Drei Buchstaben, etwa EUR.',
    badPrice: 'Bitte 85 oder 85,50 schreiben, mit nicht mehr Stellen, als die Währung hat.',
    badCurrency: 'Drei Buchstaben, etwa EUR.',
    own: 'Was eine Stunde diese Organisation kostet. Erfasste Zeit behält ihren Preis.',
    ownHint: (price: string) => `Bleibt es leer, gilt der Preis des Helpdesks: ${price}.`,
    ownNone: 'Bleibt es leer, gibt es keinen Preis.',
  },
);

export const ruleText = defineText(
  {
    about: 'How working time is counted, and what an hour costs. What was logged before stays as it is.',
    rounding: 'Rounding',
    roundingAbout:
      'Holds for what is measured: from a start to an end, or by the timer. Hours that somebody says stay as they are said.',
    step: 'Step',
    steps: (minutes: string) => `${minutes} minutes`,
    minute: '1 minute',
    exactly: 'No step',
    round: 'To which side',
    rounds: { up: 'Up', nearest: 'To the nearest', down: 'Down' },
    billing: 'Billing',
    defaultBillable: 'Time is billable unless somebody says otherwise',
    priceHint: 'For whoever has no price of their own. Empty is no price.',
    rates: 'Organizations with a price of their own',
    noRates: 'None. An organization’s page is where it gets one.',
    organization: 'Organization',
  },
  {
    about: 'Wie Arbeitszeit gezählt wird und was eine Stunde kostet. Was schon erfasst ist, bleibt, wie es ist.',
    rounding: 'Rundung',
    roundingAbout:
      'Gilt für Gemessenes: von einem Beginn bis zu einem Ende oder mit der Zeitmessung. Angegebene Stunden bleiben, wie sie angegeben sind.',
    step: 'Schritt',
    steps: (minutes: string) => `${minutes} Minuten`,
    minute: '1 Minute',
    exactly: 'Kein Schritt',
    round: 'Wohin',
    rounds: { up: 'Aufrunden', nearest: 'Zum nächsten', down: 'Abrunden' },
    billing: 'Abrechnung',
    defaultBillable: 'Zeit ist abrechenbar, wenn nichts anderes gesagt wird',
    priceHint: 'Für alle ohne eigenen Preis. Leer ist kein Preis.',
    rates: 'Organisationen mit eigenem Preis',
    noRates: 'Keine. Auf der Seite einer Organisation bekommt sie einen.',
    organization: 'Organisation',
  },
);
