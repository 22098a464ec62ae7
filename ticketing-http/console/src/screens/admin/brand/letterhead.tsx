import { useText } from '../../../text';
import panels from '../panels.module.css';
import type { BrandForm } from '.';
import styles from './brand.module.css';
import { textOn } from './contrast';
import { brandText } from './text';

/** How the head and foot of a mail will look, while they are written. */
export function Letterhead({ brand, deskName }: { brand: BrandForm; deskName: string }) {
  const words = useText(brandText);
  const name = brand.name.trim() || deskName;
  const ground = { backgroundColor: brand.colour, color: textOn(brand.colour) };
  return (
    <section className={styles.letter} aria-label={words.preview}>
      <h3 className={styles.letterTitle}>{words.preview}</h3>
      <div className={styles.sheet}>
        <p className={styles.envelope} dir="auto">
          {words.from}: {brand.from_name.trim() || name} &lt;{brand.from_address.trim() || words.operator}&gt;
          {brand.reply_to.trim() !== '' && (
            <>
              <br />
              {words.reply}: {brand.reply_to.trim()}
            </>
          )}
        </p>
        <div className={styles.head} style={ground} dir="auto">
          {brand.logo_url.trim() === '' ? name : <LogoPlace url={brand.logo_url.trim()} name={name} />}
        </div>
        <div className={styles.body}>
          <p className={styles.heading}>{words.mailHeading}</p>
          <p>{words.mailBody}</p>
          <span className={styles.button} style={ground}>
            {words.mailButton}
          </span>
        </div>
        <p className={styles.foot} dir="auto">
          {brand.footer}
        </p>
      </div>
      <p className={panels.small}>{words.previewAbout}</p>
    </section>
  );
}

function LogoPlace({ url, name }: { url: string; name: string }) {
  const words = useText(brandText);
  return <span className={styles.logo}>{URL.canParse(url) ? words.logoPlace(new URL(url).host) : name}</span>;
}
