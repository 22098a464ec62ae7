import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { WELCOME_KEY } from '../../../app/desk';
import { useText } from '../../../text';
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Loaded } from '../../../ui/loaded';
import { Fields, Section, wide } from '../../../ui/section';
import { toast } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { AreaHead } from '../area-head';
import { oneOf } from '../one-of';
import { adminText } from '../text';
import styles from './brand.module.css';
import { Letterhead } from './letterhead';
import { UNITS, spanOf, textOf, type Span } from './span';
import { brandText } from './text';

type Brand = Schemas['Brand'];
type Desk = Schemas['Desk'];

const loadBrand = (signal?: AbortSignal) => ok(api.GET('/api/brand', signal ? { signal } : {}));
const loadDesk = (signal?: AbortSignal) => ok(api.GET('/api/desk', signal ? { signal } : {}));

export default function BrandAndDesk() {
  const words = useText(brandText);
  const brand = useQuery({ queryKey: ['brand'], queryFn: ({ signal }) => loadBrand(signal) });
  const desk = useQuery({ queryKey: ['desk'], queryFn: ({ signal }) => loadDesk(signal) });
  return (
    <>
      <AreaHead area="brand" about={words.about} />
      <Loaded of={desk} lines={4}>
        {(stored) => <DeskForm stored={stored} />}
      </Loaded>
      <Loaded of={brand} lines={8}>
        {(stored) => <BrandForm stored={stored} deskName={desk.data?.name ?? ''} />}
      </Loaded>
    </>
  );
}

function readBrand(brand: Brand) {
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

export type BrandForm = ReturnType<typeof readBrand>;

/** What says nothing is taken from elsewhere. */
const said = (text: string) => (text.trim() === '' ? null : text);

function BrandForm({ stored, deskName }: { stored: Brand; deskName: string }) {
  const words = useText(brandText);
  const admin = useText(adminText);
  const queries = useQueryClient();
  const put = (brand: Brand) => {
    queries.setQueryData(['brand'], brand);
    void queries.invalidateQueries({ queryKey: WELCOME_KEY });
  };
  const form = useForm({
    stored,
    read: readBrand,
    write: (draft): Schemas['BrandPatch'] => ({
      name: said(draft.name),
      colour: draft.colour,
      logo_url: said(draft.logo_url),
      footer: said(draft.footer),
      from_name: said(draft.from_name),
      from_address: said(draft.from_address),
      reply_to: said(draft.reply_to),
    }),
    change: (body, { version }) => ok(api.PATCH('/api/brand', { params: { header: ifVersion(version) }, body })),
    load: () => loadBrand(),
    onSaved: (brand) => {
      put(brand);
      toast(admin.saved);
    },
    onTheirs: put,
  });
  const { draft, set, error } = form;
  return (
    <div className={styles.split}>
      <FormFrame
        form={form}
        names={{
          name: words.name,
          colour: words.colour,
          logo_url: words.logo,
          footer: words.footer,
          from_name: words.fromName,
          from_address: words.fromAddress,
          reply_to: words.replyTo,
        }}
      >
        <Section title={words.brand}>
          <Fields>
            <TextField
              label={words.name}
              hint={words.nameHint(deskName)}
              value={draft.name}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
            />
            <div className={styles.colour}>
              <TextField
                label={words.colour}
                hint={words.colourHint}
                dir="ltr"
                spellCheck={false}
                value={draft.colour}
                error={error('colour')}
                onChange={(event) => set({ colour: event.target.value })}
              />
              <input
                type="color"
                className={styles.swatch}
                aria-label={words.pickColour}
                value={/^#[0-9a-f]{6}$/i.test(draft.colour) ? draft.colour : '#000000'}
                onChange={(event) => set({ colour: event.target.value })}
              />
            </div>
            <TextField
              label={words.logo}
              hint={words.logoHint}
              className={wide}
              type="url"
              dir="ltr"
              value={draft.logo_url}
              error={error('logo_url')}
              onChange={(event) => set({ logo_url: event.target.value })}
            />
            <TextField
              label={words.fromName}
              hint={words.fromNameHint}
              value={draft.from_name}
              error={error('from_name')}
              onChange={(event) => set({ from_name: event.target.value })}
            />
            <TextField
              label={words.fromAddress}
              hint={words.fromAddressHint}
              type="email"
              dir="ltr"
              value={draft.from_address}
              error={error('from_address')}
              onChange={(event) => set({ from_address: event.target.value })}
            />
            <TextField
              label={words.replyTo}
              hint={words.replyToHint}
              className={wide}
              type="email"
              dir="ltr"
              value={draft.reply_to}
              error={error('reply_to')}
              onChange={(event) => set({ reply_to: event.target.value })}
            />
            <TextArea
              label={words.footer}
              hint={words.footerHint}
              className={wide}
              rows={3}
              value={draft.footer}
              error={error('footer')}
              onChange={(event) => set({ footer: event.target.value })}
            />
          </Fields>
        </Section>
      </FormFrame>
      <Letterhead brand={draft} deskName={deskName} />
    </div>
  );
}

interface DeskDraft {
  name: string;
  max_escalation_level: string;
  auto_close_after: Span | null;
  reroute_after: Span | null;
}

const USUAL = {
  auto_close_after: { count: '14', unit: 'd' },
  reroute_after: { count: '30', unit: 'm' },
} as const satisfies Record<string, Span>;

function readDesk(desk: Desk): DeskDraft {
  const span = (field: keyof typeof USUAL) => {
    const text = desk[field];
    return text === null ? null : (spanOf(text) ?? USUAL[field]);
  };
  return {
    name: desk.name,
    max_escalation_level: String(desk.max_escalation_level),
    auto_close_after: span('auto_close_after'),
    reroute_after: span('reroute_after'),
  };
}

function DeskForm({ stored }: { stored: Desk }) {
  const words = useText(brandText);
  const admin = useText(adminText);
  const queries = useQueryClient();
  const put = (desk: Desk) => {
    queries.setQueryData(['desk'], desk);
    void queries.invalidateQueries({ queryKey: WELCOME_KEY });
  };
  const form = useForm({
    stored,
    read: readDesk,
    write: ({ name, max_escalation_level: levels, auto_close_after, reroute_after }): Schemas['DeskPatch'] => ({
      name,
      // What is no number goes to the server as one that it refuses, with its own words at the field.
      max_escalation_level: /^\d{1,9}$/.test(levels.trim()) ? Number(levels) : 0,
      auto_close_after: auto_close_after && textOf(auto_close_after),
      reroute_after: reroute_after && textOf(reroute_after),
    }),
    change: (body, { version }) => ok(api.PATCH('/api/desk', { params: { header: ifVersion(version) }, body })),
    load: () => loadDesk(),
    onSaved: (desk) => {
      put(desk);
      toast(admin.saved);
    },
    onTheirs: put,
  });
  const { draft, set, error } = form;
  const spanField = (field: keyof typeof USUAL) => ({
    value: draft[field],
    usual: readDesk(stored)[field] ?? USUAL[field],
    error: error(field),
    onChange: (span: Span | null) => set({ [field]: span }),
  });
  return (
    <FormFrame
      form={form}
      names={{
        name: words.deskName,
        max_escalation_level: words.levels,
        auto_close_after: words.autoClose,
        reroute_after: words.reroute,
      }}
    >
      <Section title={words.desk}>
        <Fields>
          <TextField
            label={words.deskName}
            required
            value={draft.name}
            error={error('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
          <TextField
            label={words.levels}
            hint={words.levelsHint}
            type="number"
            min={1}
            max={100}
            value={draft.max_escalation_level}
            error={error('max_escalation_level')}
            onChange={(event) => set({ max_escalation_level: event.target.value })}
          />
          <SpanField label={words.autoClose} hint={words.autoCloseHint} {...spanField('auto_close_after')} />
          <SpanField label={words.reroute} hint={words.rerouteHint} {...spanField('reroute_after')} />
        </Fields>
      </Section>
    </FormFrame>
  );
}

interface SpanFieldProps {
  label: string;
  hint: string;
  /** Null is never. */
  value: Span | null;
  /** With what it begins once it is wanted. */
  usual: Span;
  error: string | undefined;
  onChange: (value: Span | null) => void;
}

/** Something that is done by itself after a while, or never. */
function SpanField({ label, hint, value, usual, error, onChange }: SpanFieldProps) {
  const words = useText(brandText);
  return (
    <div role="group" aria-label={label} className={styles.bySelf}>
      <CheckField
        label={label}
        hint={hint}
        checked={value !== null}
        onChange={(event) => onChange(event.target.checked ? usual : null)}
      />
      {value !== null && (
        <div className={styles.span}>
          <TextField
            label={words.after}
            type="number"
            min={1}
            value={value.count}
            error={error}
            onChange={(event) => onChange({ ...value, count: event.target.value })}
          />
          <SelectField
            label={words.unit}
            value={value.unit}
            onChange={(event) => onChange({ ...value, unit: oneOf(event.target.value, UNITS) ?? value.unit })}
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
  );
}
