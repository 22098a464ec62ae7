import { Monitor, Moon, Rows3, Rows4, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { useMe } from '../../api/session';
import { setTheme, useTheme } from '../../theme/theme';
import { defineText, useText } from '../../text';
import { CheckField } from '../../ui/field';
import { toastError } from '../../ui/toast';
import { setDesktop, useDesktop } from '../notifications/desktop';
import { setPrefs, usePrefs } from '../queue/prefs';
import styles from './me.module.css';

const text = defineText(
  {
    title: 'Appearance',
    lead: 'Kept in this browser: another one may look different.',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    system: 'As the system',
    density: 'Rows of lists',
    comfortable: 'Comfortable',
    compact: 'Compact',
    language: 'Language, region and time zone are part of your profile.',
    toProfile: 'To the profile',
    desktop: 'Notifications of the system',
    desktopLabel: 'Show what is new while I look elsewhere',
    desktopHint: 'Your browser asks you once whether this page may.',
    denied: 'Your browser does not let this page. You can change that in its settings.',
  },
  {
    title: 'Darstellung',
    lead: 'Gilt für diesen Browser: In einem anderen kann es anders aussehen.',
    theme: 'Farben',
    light: 'Hell',
    dark: 'Dunkel',
    system: 'Wie das System',
    density: 'Zeilen in Listen',
    comfortable: 'Locker',
    compact: 'Dicht',
    language: 'Sprache, Region und Zeitzone gehören zu Ihrem Profil.',
    toProfile: 'Zum Profil',
    desktop: 'Benachrichtigungen des Systems',
    desktopLabel: 'Neues anzeigen, während ich anderswo bin',
    desktopHint: 'Ihr Browser fragt Sie einmal, ob diese Seite das darf.',
    denied: 'Ihr Browser erlaubt es dieser Seite nicht. Das können Sie in seinen Einstellungen ändern.',
  },
);

export default function Preferences() {
  const words = useText(text);
  const me = useMe();
  const theme = useTheme();
  const { density } = usePrefs();
  const desktop = useDesktop();
  return (
    <div className={styles.area}>
      <div className={styles.titles}>
        <h2 className={styles.title}>{words.title}</h2>
        <p className={styles.lead}>{words.lead}</p>
      </div>
      <div className={styles.card}>
        <Choices
          name="theme"
          legend={words.theme}
          value={theme}
          options={[
            { id: 'system', label: words.system, icon: <Monitor size={16} /> },
            { id: 'light', label: words.light, icon: <Sun size={16} /> },
            { id: 'dark', label: words.dark, icon: <Moon size={16} /> },
          ]}
          onChange={setTheme}
        />
        {me.role !== 'customer' && (
          <Choices
            name="density"
            legend={words.density}
            value={density}
            options={[
              { id: 'comfortable', label: words.comfortable, icon: <Rows3 size={16} /> },
              { id: 'compact', label: words.compact, icon: <Rows4 size={16} /> },
            ]}
            onChange={(next) => setPrefs({ density: next })}
          />
        )}
        <p className={styles.quiet}>
          {words.language}{' '}
          <Link to="/me/$area" params={{ area: 'profile' }}>
            {words.toProfile}
          </Link>
        </p>
      </div>
      {desktop !== 'impossible' && (
        <div className={styles.card}>
          <h3>{words.desktop}</h3>
          <CheckField
            label={words.desktopLabel}
            hint={desktop === 'denied' ? words.denied : words.desktopHint}
            checked={desktop === 'on'}
            disabled={desktop === 'denied'}
            onChange={(event) => void setDesktop(event.target.checked).catch(toastError)}
          />
        </div>
      )}
    </div>
  );
}

interface ChoicesProps<T extends string> {
  name: string;
  legend: string;
  value: T;
  options: readonly { id: T; label: string; icon: ReactNode }[];
  onChange: (id: T) => void;
}

function Choices<T extends string>({ name, legend, value, options, onChange }: ChoicesProps<T>) {
  return (
    <fieldset className={styles.choices}>
      <legend>{legend}</legend>
      {options.map(({ id, label, icon }) => (
        <label key={id} className={styles.choice}>
          <input type="radio" name={name} checked={value === id} onChange={() => onChange(id)} />
          {icon}
          {label}
        </label>
      ))}
    </fieldset>
  );
}
