import { Link } from '@tanstack/react-router';
import { whole } from '../../../api/paging';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { Chip } from '../../../ui/chip';
import { Ago } from '../../../ui/time';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { Listing } from '../listing';
import panels from '../panels.module.css';
import { MAIL_TYPES, useTemplates, type MailType } from './data';
import { languageName } from './languages';
import styles from './email-templates.module.css';
import { templateText } from './text';

/** Every kind of mail, with the languages that it was reworded for. */
export function List() {
  const words = useText(templateText);
  const areas = useText(areaText);
  const place = useLocale();
  const templates = useTemplates();
  const of = (type: MailType) => (templates.data ?? []).filter((one) => one.type === type && !one.is_built_in);
  return (
    <>
      <AreaHead area="email-templates" about={words.about} />
      <Listing
        area="email-templates"
        label={areas['email-templates']}
        list={{ ...whole(templates), data: templates.data && MAIL_TYPES }}
        idOf={(type) => type}
        nameTitle={words.mail}
        name={(type) => words.types[type]}
        columns={[
          {
            id: 'state',
            title: words.state,
            cell: (type) => {
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
            title: words.changed,
            isNarrow: true,
            cell: (type) => {
              const newest = of(type)
                .map((one) => one.updated_at ?? '')
                .sort()
                .at(-1);
              return newest === undefined || newest === '' ? null : <Ago at={newest} />;
            },
          },
        ]}
        empty={null}
      />
    </>
  );
}
