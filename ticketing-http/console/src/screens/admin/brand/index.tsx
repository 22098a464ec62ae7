import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { toast } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { useDraft } from '../draft';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { SaveBar } from '../save-bar';
import styles from './brand.module.css';
import { Letterhead } from './letterhead';
import { UNITS, spanOf, textOf, type Span } from './span';
import { brandText } from './text';

type Brand = Schemas['Brand'];
type Desk = Schemas['Desk'];

export default function BrandAndDesk() {
  const words = useText(brandText);
  const brand = useQuery({ queryKey: ['brand'], queryFn: ({ signal }) => ok(api.GET('/api/brand', { signal })) });
  const desk = useQuery({ queryKey: ['desk'], queryFn: ({ signal }) => ok(api.GET('/api/desk', { signal })) });
  return (
    <>
      <AreaHead title={words.title} about={words.about} />
      <Loaded of={desk} lines={4}>
        {desk.data !== undefined && <DeskForm desk={desk.data} refresh={() => void desk.refetch()} />}
      </Loaded>
      <Loaded of={brand} lines={8}>
        {brand.data !== undefined && (
          <BrandForm brand={brand.data} deskName={desk.data?.name ?? ''} refresh={() => void brand.refetch()} />
        )}
      </Loaded>
    </>
  );
}

const FIELDS = ['name', 'logo_url', 'footer', 'from_name', 'from_address', 'reply_to'] as const;

function formOf(brand: Brand) {
  return {
    name: brand.name ?? '',
    colour: brand.colour,
    logo_url: brand.logo_url ?? '',
    footer: brand.footer ?? '',
    from_name: brand.from_name ?? '',
    from_address: brand.from_address ?? '',
    reply_to: brand.reply_to ?? '',
  };
}

export type BrandForm = ReturnType<typeof formOf>;

function BrandForm({ brand, deskName, refresh }: { brand: Brand; deskName: string; refresh: () => void }) {
  const words = useText(brandText);
  const queries = useQueryClient();
  const draft = useDraft({
    saved: formOf(brand),
    version: brand.version,
    refresh,
    save: async ({ changes, version }) => {
      const body: Schemas['BrandPatch'] = { ...changes };
      for (const field of FIELDS) if (changes[field]?.trim() === '') body[field] = null;
      queries.setQueryData(
        ['brand'],
        await ok(api.PATCH('/api/brand', { params: { header: ifVersion(version) }, body })),
      );
      toast(words.saved);
    },
  });
  const { value, set, error } = draft;
  return (
    <section className={styles.split} aria-label={words.brand}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          draft.submit();
        }}
      >
        <div className={panels.panel}>
          <h3 className={panels.heading}>{words.brand}</h3>
          <div className={panels.fields}>
            <TextField
              label={words.name}
              hint={words.nameHint(deskName)}
              value={value.name}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <div className={styles.colour}>
              <TextField
                label={words.colour}
                hint={words.colourHint}
                dir="ltr"
                spellCheck={false}
                value={value.colour}
                error={error('colour')}
                onChange={(event) => set({ colour: event.target.value })}
              />
              <input
                type="color"
                className={styles.swatch}
                aria-label={words.pickColour}
                value={/^#[0-9a-f]{6}$/i.test(value.colour) ? value.colour : '#000000'}
                onChange={(event) => set({ colour: event.target.value })}
              />
            </div>
            <TextField
              label={words.logo}
              hint={words.logoHint}
              className={panels.whole}
              type="url"
              dir="ltr"
              value={value.logo_url}
              error={error('logo_url')}
              onChange={(event) => set({ logo_url: event.target.value })}
            />
            <TextField
              label={words.fromName}
              hint={words.fromNameHint}
              value={value.from_name}
              error={error('from_name')}
              onChange={(event) => set({ from_name: event.target.value })}
            />
            <TextField
              label={words.fromAddress}
              hint={words.fromAddressHint}
              type="email"
              dir="ltr"
              value={value.from_address}
              error={error('from_address')}
              onChange={(event) => set({ from_address: event.target.value })}
            />
            <TextField
              label={words.replyTo}
              hint={words.replyToHint}
              className={panels.whole}
              type="email"
              dir="ltr"
              value={value.reply_to}
              error={error('reply_to')}
              onChange={(event) => set({ reply_to: event.target.value })}
            />
            <TextArea
              label={words.footer}
              hint={words.footerHint}
              className={panels.whole}
              rows={3}
              value={value.footer}
              error={error('footer')}
              onChange={(event) => set({ footer: event.target.value })}
            />
          </div>
        </div>
        <SaveBar draft={draft} />
      </form>
      <Letterhead brand={value} deskName={deskName} />
    </section>
  );
}

interface DeskForm {
  name: string;
  max_escalation_level: string;
  auto_close_after: Span | null;
}

function DeskForm({ desk, refresh }: { desk: Desk; refresh: () => void }) {
  const words = useText(brandText);
  const queries = useQueryClient();
  const saved: DeskForm = {
    name: desk.name,
    max_escalation_level: String(desk.max_escalation_level),
    auto_close_after:
      desk.auto_close_after === null ? null : (spanOf(desk.auto_close_after) ?? { count: '14', unit: 'd' }),
  };
  const draft = useDraft({
    saved,
    version: desk.version,
    refresh,
    save: async ({ changes, version }) => {
      const { name, max_escalation_level: levels, auto_close_after: after } = changes;
      const body: Schemas['DeskPatch'] = {
        ...(name === undefined ? {} : { name }),
        ...(levels === undefined ? {} : { max_escalation_level: /^\d{1,9}$/.test(levels.trim()) ? Number(levels) : 0 }),
        ...(after === undefined ? {} : { auto_close_after: after === null ? null : textOf(after) }),
      };
      queries.setQueryData(
        ['desk'],
        await ok(api.PATCH('/api/desk', { params: { header: ifVersion(version) }, body })),
      );
      toast(words.saved);
    },
  });
  const { value, set, error } = draft;
  const after = value.auto_close_after;
  return (
    <form
      className={panels.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        draft.submit();
      }}
    >
      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.desk}</h3>
        <div className={panels.fields}>
          <TextField
            label={words.deskName}
            required
            value={value.name}
            error={error('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
          <TextField
            label={words.levels}
            hint={words.levelsHint}
            type="number"
            min={1}
            max={100}
            value={value.max_escalation_level}
            error={error('max_escalation_level')}
            onChange={(event) => set({ max_escalation_level: event.target.value })}
          />
          <CheckField
            label={words.autoClose}
            hint={words.autoCloseHint}
            checked={after !== null}
            onChange={(event) =>
              set({
                auto_close_after: event.target.checked ? (saved.auto_close_after ?? { count: '14', unit: 'd' }) : null,
              })
            }
          />
          {after !== null && (
            <div className={styles.span}>
              <TextField
                label={words.after}
                type="number"
                min={1}
                value={after.count}
                error={error('auto_close_after')}
                onChange={(event) => set({ auto_close_after: { ...after, count: event.target.value } })}
              />
              <SelectField
                label={words.unit}
                value={after.unit}
                onChange={(event) =>
                  set({ auto_close_after: { ...after, unit: oneOf(event.target.value, UNITS) ?? after.unit } })
                }
              >
                {UNITS.map((unit) => (
                  <option key={unit} value={unit}>
                    {words.units[unit]}
                  </option>
                ))}
              </SelectField>
            </div>
          )}
        </div>
      </section>
      <SaveBar draft={draft} />
    </form>
  );
}
