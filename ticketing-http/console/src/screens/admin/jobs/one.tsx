import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, ok, once } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Attempts } from '../attempts';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { useJob } from './data';
import { JobChip } from './list';
import { jobText } from './text';

export function One({ id }: { id: string }) {
  const words = useText(jobText);
  const job = useJob(id);
  return (
    <>
      {job.data === undefined && <AreaHead title={words.title} back={{ area: 'jobs', label: words.back }} />}
      <Loaded of={job}>{job.data !== undefined && <Shown job={job.data} />}</Loaded>
    </>
  );
}

function Shown({ job }: { job: Schemas['WholeJob'] }) {
  const words = useText(jobText);
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      ok(api.POST('/api/jobs/{id}/retry', { params: { path: { id: job.id }, header: once() }, body: {} })),
    onSuccess: async () => {
      toast(words.retried);
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: toastError,
  });
  const cause = job.cause;
  const facts: [string, ReactNode][] = [
    [words.state, <JobChip key="state" state={job.state} />],
    [words.made, dateTime(job.created_at)],
    ...(job.ended_at === null ? [[words.due, dateTime(job.due_at)] satisfies [string, string]] : []),
    ...(job.ended_at === null ? [] : [[words.ended, dateTime(job.ended_at)] satisfies [string, string]]),
    ...(job.leased_until === null ? [] : [[words.leased, dateTime(job.leased_until)] satisfies [string, string]]),
    [words.lane, <code key="lane">{job.lane}</code>],
    ...(job.lost === 0 ? [] : [[words.lost, job.lost] satisfies [string, number]]),
    ...(job.ticket_id === null
      ? []
      : [
          [
            words.ticket,
            <Link key="ticket" to="/tickets/$ticket" params={{ ticket: job.ticket_id }}>
              {job.ticket_id}
            </Link>,
          ] satisfies [string, ReactNode],
        ]),
    ...(cause.rule_id === null
      ? []
      : [
          [
            words.cause,
            <span key="rule">
              <Link to="/workflows/$id" params={{ id: cause.rule_id }}>
                {words.rule}
              </Link>{' '}
              {cause.rule_version !== null && words.version(cause.rule_version)}
            </span>,
          ] satisfies [string, ReactNode],
        ]),
    ...(cause.event_id === null ? [] : [[words.cause, words.event(cause.event_id)] satisfies [string, string]]),
    [words.id, <code key="id">{job.id}</code>],
    ...(job.last_error === null ? [] : [[words.why, job.last_error] satisfies [string, string]]),
  ];
  return (
    <>
      <AreaHead title={words.kinds[job.kind]} back={{ area: 'jobs', label: words.back }}>
        {(job.state === 'done' || job.state === 'dead') && (
          <Button icon={<RotateCw size={14} />} busy={retry.isPending} onClick={() => retry.mutate()}>
            {words.retry}
          </Button>
        )}
      </AreaHead>
      <section className={panels.panel}>
        <dl className={panels.facts}>
          {facts.map(([name, value], at) => (
            <Fact key={at} name={name}>
              {value}
            </Fact>
          ))}
        </dl>
      </section>
      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.trace}</h3>
        <Attempts attempts={job.attempts_made} />
      </section>
      <section className={panels.panel}>
        <h3 className={panels.heading}>{words.payload}</h3>
        <p className={panels.small}>{words.payloadAbout}</p>
        <pre className={panels.code} dir="ltr" tabIndex={0}>
          {JSON.stringify(job.payload, null, 2)}
        </pre>
      </section>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
