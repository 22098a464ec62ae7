import { Link } from '@tanstack/react-router';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { Ago } from '../../../ui/time';
import { AreaHead } from '../area-head';
import { Chip } from '../chip';
import panels from '../panels.module.css';
import { Loaded, Rows, type Column } from '../rows';
import { MAIL_TYPES, useTemplates, type MailType } from './data';
import { languageName } from './languages';
import styles from './email-templates.module.css';
import { templateText } from './text';

/** Every kind of mail, with the languages that it was reworded for. */
export function List() {
  const words = useText(templateText);
  const place = useLocale();
  const templates = useTemplates();
  const of = (type: MailType) => (templates.data ?? []).filter((one) => one.type === type && !one.is_built_in);
  const columns: Column<MailType>[] = [
    {
      id: 'mail',
      label: words.mail,
      isMain: true,
      of: (type) => (
        <Link to="/admin/$area/$id" params={{ area: 'email-templates', id: type }}>
          {words.types[type]}
        </Link>
      ),
    },
    {
      id: 'state',
      label: words.state,
      of: (type) => {
        const own = of(type);
        if (own.length === 0) return <span className={panels.quiet}>{words.builtIn}</span>;
        return (
          <ul className={styles.chips}>
            {own.map((one) => (
              <li key={one.locale ?? ''}>
                <Link
                  to="/admin/$area/$id"
                  params={{ area: 'email-templates', id: type }}
                  search={one.locale === null ? {} : { locale: one.locale }}
                >
                  <Chip tone="ok">
                    {words.reworded} {one.locale === null ? words.forAll : `(${languageName(one.locale, place)})`}
                  </Chip>
                </Link>
              </li>
            ))}
          </ul>
        );
      },
    },
    {
      id: 'changed',
      label: words.changed,
      isNarrow: true,
      of: (type) => {
        const newest = of(type)
          .map((one) => one.updated_at ?? '')
          .sort()
          .at(-1);
        return newest === undefined || newest === '' ? null : <Ago at={newest} />;
      },
    },
  ];
  return (
    <>
      <AreaHead title={words.title} about={words.about} />
      <Loaded of={templates} lines={9}>
        <Rows label={words.title} columns={columns} rows={MAIL_TYPES} keyOf={(type) => type} />
      </Loaded>
    </>
  );
}
