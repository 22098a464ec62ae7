import styles from './switch.module.css';

interface Props {
  /** What it switches, for screen readers. */
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** What is on or off, at once. */
export function Switch({ label, isOn, isDisabled = false, onChange }: Props) {
  return (
    <button
      type="button"
      role="switch"
      aria-label={label}
      aria-checked={isOn}
      disabled={isDisabled}
      className={styles.switch}
      onClick={() => onChange(!isOn)}
    >
      <span className={styles.thumb} />
    </button>
  );
}
