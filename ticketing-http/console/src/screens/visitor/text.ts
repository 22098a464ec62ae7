import { defineText } from '../../text';

export const visitorText = defineText(
  {
    name: 'Your name',
    email: 'Email',
    newPassword: 'New password',
    password: 'Password',
    signIn: 'To the sign-in',
    register: {
      title: 'Create an account',
      lead: 'With it you ask for help and see what has become of it.',
      send: 'Create account',
      taken: 'Somebody has an account with this address. Sign in with it, or set a new password.',
      closed: 'Nobody can sign up here by themselves',
      closedLead: 'Ask whoever looks after this desk for an invitation.',
      have: 'I have an account',
    },
    forgot: {
      title: 'Forgot your password?',
      lead: 'Tell us your address, and we send you a link that sets a new one.',
      send: 'Send the link',
      sent: 'Look into your mail',
      sentLead: (email: string) =>
        `If somebody here has the address ${email}, a link is on its way. It is good for an hour, and once.`,
      nothing: 'Nothing came? Look at what was sorted out as spam, or check the address.',
      again: 'Try again',
    },
    reset: {
      title: 'Set a new password',
      lead: 'With it, you are signed out everywhere else.',
      send: 'Set the password',
      another: 'Send me a new link',
    },
    invite: {
      title: 'Welcome',
      lead: (desk: string) => `You were invited to ${desk}. Choose a password, and you can begin.`,
      send: 'Set the password',
    },
    set: { title: 'Your password is set', lead: 'Sign in with it.' },
    setup: {
      title: 'Set up this desk',
      lead: 'You become its first administrator. Everybody else you invite later.',
      send: 'Create the desk',
      usedLead:
        'It was used, or is older than a day, or the desk has an administrator. Restart the server: while there is no administrator, it prints a new link.',
    },
    missing: {
      title: 'The link is not whole',
      lead: 'For your safety the page forgets a link once it is shown. Open it again from where you got it.',
    },
    used: {
      title: 'This link is not good any more',
      lead: 'It was used already, or it is too old, or a newer one took its place.',
    },
  },
  {
    name: 'Ihr Name',
    email: 'E-Mail',
    newPassword: 'Neues Passwort',
    password: 'Passwort',
    signIn: 'Zur Anmeldung',
    register: {
      title: 'Konto anlegen',
      lead: 'Damit bitten Sie um Hilfe und sehen, was daraus geworden ist.',
      send: 'Konto anlegen',
      taken: 'Mit dieser Adresse gibt es schon ein Konto. Melden Sie sich damit an oder setzen Sie ein neues Passwort.',
      closed: 'Hier kann sich niemand selbst anmelden',
      closedLead: 'Bitten Sie die Verantwortlichen dieses Helpdesks um eine Einladung.',
      have: 'Ich habe ein Konto',
    },
    forgot: {
      title: 'Passwort vergessen?',
      lead: 'Nennen Sie uns Ihre Adresse. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort setzen.',
      send: 'Link senden',
      sent: 'Sehen Sie in Ihr Postfach',
      sentLead: (email: string) =>
        `Falls hier jemand die Adresse ${email} hat, ist ein Link unterwegs. Er gilt eine Stunde lang und nur einmal.`,
      nothing: 'Nichts angekommen? Sehen Sie im Spam-Ordner nach oder prüfen Sie die Adresse.',
      again: 'Noch einmal versuchen',
    },
    reset: {
      title: 'Neues Passwort setzen',
      lead: 'Danach sind Sie überall sonst abgemeldet.',
      send: 'Passwort setzen',
      another: 'Neuen Link senden',
    },
    invite: {
      title: 'Willkommen',
      lead: (desk: string) => `Sie wurden zu ${desk} eingeladen. Wählen Sie ein Passwort, und es kann losgehen.`,
      send: 'Passwort setzen',
    },
    set: { title: 'Ihr Passwort ist gesetzt', lead: 'Melden Sie sich damit an.' },
    setup: {
      title: 'Diesen Helpdesk einrichten',
      lead: 'Sie werden der erste Administrator. Alle anderen laden Sie später ein.',
      send: 'Helpdesk anlegen',
      usedLead:
        'Er wurde verwendet, ist älter als einen Tag, oder der Helpdesk hat schon einen Administrator. Starten Sie den Server neu: Solange es keinen Administrator gibt, gibt er einen neuen Link aus.',
    },
    missing: {
      title: 'Der Link ist nicht vollständig',
      lead: 'Zu Ihrer Sicherheit merkt sich die Seite einen Link nicht. Öffnen Sie ihn noch einmal dort, wo Sie ihn bekommen haben.',
    },
    used: {
      title: 'Dieser Link gilt nicht mehr',
      lead: 'Er wurde schon verwendet, ist zu alt, oder ein neuerer hat ihn ersetzt.',
    },
  },
);
