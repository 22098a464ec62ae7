/** How working time is counted on this desk: its rounding, and what an hour costs. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ifVersion, ok } from '../../../api/client';
import { useOrganizations } from '../../../api/directory';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { CheckField, SelectField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Loaded } from '../../../ui/loaded';
import { Fields, Section, Stack } from '../../../ui/section';
import { Table, rowLink } from '../../../ui/table';
import { toast } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { loadRule, RULE_KEY, useRule } from '../../time/data';
import { moneyText } from '../../time/money';
import { AreaHead } from '../area-head';
import { adminText } from '../text';
import { checkPrice, CURRENCY, PriceFields, readPrice, writePrice, type PriceDraft } from './price';
import { priceText, ruleText } from './text';

type Rule = Schemas['TimeTracking'];

const STEPS = [0, 1, 5, 6, 10, 15, 30, 60];
const ROUNDS = ['up', 'nearest', 'down'] as const;

export default function TimeRule() {
  const words = useText(ruleText);
  const rule = useRule();
  return (
    <>
      <AreaHead area="time" about={words.about} />
      <Loaded of={rule}>
        {(stored) => (
          <Stack>
            <RuleForm stored={stored} />
            <Rates rule={stored} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

interface Draft extends PriceDraft {
  round_to_minutes: number;
  round: Rule['round'];
  default_billable: boolean;
}

function RuleForm({ stored }: { stored: Rule }) {
  const words = useText(ruleText);
  const prices = useText(priceText);
  const admin = useText(adminText);
  const { number } = useFormat();
  const queries = useQueryClient();
  const form = useForm({
    stored,
    read: ({ round_to_minutes, round, default_billable, default_rate }: Rule): Draft => ({
      round_to_minutes,
      round,
      default_billable,
      ...readPrice(default_rate, CURRENCY),
    }),
    write: ({ price, currency, ...rest }) => ({ ...rest, default_rate: writePrice({ price, currency }) }),
    check: (draft) => checkPrice(draft, prices),
    change: (body, { version }) =>
      ok(api.PATCH('/api/time-tracking', { params: { header: ifVersion(version) }, body })),
    load: () => loadRule(),
    onSaved: (rule) => {
      queries.setQueryData(RULE_KEY, rule);
      toast(admin.saved);
    },
    onTheirs: (rule) => queries.setQueryData(RULE_KEY, rule),
  });
  const { draft, set } = form;
  return (
    <FormFrame
      form={form}
      names={{
        round_to_minutes: words.step,
        round: words.round,
        default_billable: words.defaultBillable,
        price: prices.price,
        currency: prices.currency,
      }}
    >
      <Section title={words.rounding} about={words.roundingAbout}>
        <Fields>
          <SelectField
            label={words.step}
            value={draft.round_to_minutes}
            error={form.error('round_to_minutes')}
            onChange={(event) => set({ round_to_minutes: Number(event.target.value) })}
          >
            {STEPS.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes === 0 ? words.exactly : minutes === 1 ? words.minute : words.steps(number(minutes))}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={words.round}
            value={draft.round}
            error={form.error('round')}
            onChange={(event) => set({ round: ROUNDS.find((one) => one === event.target.value) ?? 'up' })}
          >
            {ROUNDS.map((round) => (
              <option key={round} value={round}>
                {words.rounds[round]}
              </option>
            ))}
          </SelectField>
        </Fields>
      </Section>
      <Section title={words.billing}>
        <CheckField
          label={words.defaultBillable}
          checked={draft.default_billable}
          onChange={(event) => set({ default_billable: event.target.checked })}
        />
        <PriceFields
          draft={draft}
          hint={words.priceHint}
          errors={{ price: form.error('price'), currency: form.error('currency') }}
          onChange={set}
        />
      </Section>
    </FormFrame>
  );
}

function Rates({ rule }: { rule: Rule }) {
  const words = useText(ruleText);
  const prices = useText(priceText);
  const organizations = useOrganizations();
  return (
    <Section title={words.rates}>
      {rule.rates.length === 0 ? (
        <p>{words.noRates}</p>
      ) : (
        <Table
          label={words.rates}
          rows={rule.rates}
          keyOf={(rate) => rate.organization_id}
          nameTitle={words.organization}
          name={({ organization_id: id }) => (
            <Link to="/admin/$area/$id" params={{ area: 'organizations', id }} className={rowLink} dir="auto">
              {organizations.get(id)?.name ?? id}
            </Link>
          )}
          columns={[{ id: 'price', title: prices.price, isNumber: true, cell: moneyText }]}
        />
      )}
    </Section>
  );
}
