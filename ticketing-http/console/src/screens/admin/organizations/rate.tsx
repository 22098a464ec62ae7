/** What an hour costs a company. It is kept with the desk's rule for time, not with the company. */
import { useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { FormFrame } from '../../../ui/form';
import { Loaded } from '../../../ui/loaded';
import { Section } from '../../../ui/section';
import { toast } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { loadRule, RULE_KEY, useRule } from '../../time/data';
import { moneyText } from '../../time/money';
import { adminText } from '../text';
import { checkPrice, CURRENCY, PriceFields, readPrice, writePrice, type PriceDraft } from '../time/price';
import { priceText } from '../time/text';

type Rule = Schemas['TimeTracking'];

export function Rate({ organizationId }: { organizationId: string }) {
  const rule = useRule();
  return (
    <Loaded of={rule} lines={2}>
      {(stored) => <RateForm stored={stored} organizationId={organizationId} />}
    </Loaded>
  );
}

function RateForm({ stored, organizationId }: { stored: Rule; organizationId: string }) {
  const words = useText(priceText);
  const admin = useText(adminText);
  const queries = useQueryClient();
  const isOther = (rate: Schemas['OrganizationRate']) => rate.organization_id !== organizationId;
  const form = useForm({
    stored,
    read: ({ rates, default_rate }: Rule): PriceDraft =>
      readPrice(
        rates.find((rate) => !isOther(rate)),
        default_rate?.currency ?? CURRENCY,
      ),
    write: (draft) => ({ rate: writePrice(draft) }),
    check: (draft) => checkPrice(draft, words),
    // All prices are sent together: those of the others are as they were when this one was looked at.
    change: (_, { version, rates }, { rate }) =>
      ok(
        api.PATCH('/api/time-tracking', {
          params: { header: ifVersion(version) },
          body: {
            rates: [...rates.filter(isOther), ...(rate === null ? [] : [{ ...rate, organization_id: organizationId }])],
          },
        }),
      ),
    load: () => loadRule(),
    onSaved: (rule) => {
      queries.setQueryData(RULE_KEY, rule);
      toast(admin.saved);
    },
    onTheirs: (rule) => queries.setQueryData(RULE_KEY, rule),
  });
  const { default_rate } = stored;
  return (
    <FormFrame form={form} names={{ price: words.price, currency: words.currency }}>
      <Section title={words.title} about={words.own}>
        <PriceFields
          draft={form.draft}
          hint={default_rate === null ? words.ownNone : words.ownHint(moneyText(default_rate))}
          errors={{ price: form.error('price'), currency: form.error('currency') }}
          onChange={form.set}
        />
      </Section>
    </FormFrame>
  );
}
