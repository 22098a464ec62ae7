import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, ok, once } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Section, Stack } from '../../../ui/section';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Attempts } from '../attempts';
import { Fact, Facts } from '../facts';
import { One } from '../one';
import panels from '../panels.module.css';
import { JobChip } from './list';
import { jobText } from './text';

export function JobPage({ id }: { id: string }) {
  return (
    <One
      area="jobs"
      queryKey={['jobs', 'one', id]}
      load={(signal) => ok(api.GET('/api/jobs/{id}', { params: { path: { id } }, signal }))}
      isFresh
    >
      {(job) => <Shown job={job} />}
    </One>
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
      <AreaHead area="jobs" title={words.kinds[job.kind]}>
        {(job.state === 'done' || job.state === 'dead') && (
          <Button icon={<RotateCw size={14} />} busy={retry.isPending} onClick={() => retry.mutate()}>
            {words.retry}
          </Button>
        )}
      </AreaHead>
      <Stack>
        <Section>
          <Facts>
            {facts.map(([name, value], at) => (
              <Fact key={at} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </Section>
        {(job.attempts_made.length > 0 || job.attempts === 0) && (
          <Section title={words.trace}>
            <Attempts attempts={job.attempts_made} />
          </Section>
        )}
        <Section title={words.payload}>
          <p className={panels.small}>{words.payloadAbout}</p>
          <pre className={panels.code} dir="ltr" tabIndex={0}>
            {JSON.stringify(job.payload, null, 2)}
          </pre>
        </Section>
      </Stack>
    </>
  );
}
