/** Who is in a team. Each change is kept at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { api, ifVersion, ok, once } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Schemas, Team } from '../../../api/types';
import { useMe } from '../../../api/session';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { Button } from '../../../ui/button';
import { SelectField, TextField } from '../../../ui/field';
import { faultText } from '../../../ui/fault';
import { messagesIn } from '../../../ui/field-text';
import { Loaded } from '../../../ui/loaded';
import { toast, toastError } from '../../../ui/toast';
import { Section } from '../../../ui/section';
import { readAll } from '../../../api/paging';
import { linesOf } from '../lines';
import { PersonPick } from '../person-pick';
import { loadKey } from './data';
import styles from './members.module.css';
import { teamText } from './text';

type Member = Schemas['Member'];
type TeamRole = Schemas['TeamRole'];
const ROLES = ['member', 'lead', 'manager'] as const satisfies TeamRole[];

const keyOf = (team: Team) => ['team-members', team.id];

export function Members({ team }: { team: Team }) {
  const words = useText(teamText);
  const queries = useQueryClient();
  const key = keyOf(team);
  const members = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) =>
          ok(
            api.GET('/api/teams/{id}/members', {
              params: { path: { id: team.id }, query: { cursor, limit: 100 } },
              signal,
            }),
          ),
        signal,
      ),
  });
  const me = useMe();
  const again = () => queries.invalidateQueries({ queryKey: key });
  const recount = () => void queries.invalidateQueries({ queryKey: loadKey(team.id) });
  const put = (member: Member) => {
    queries.setQueryData<Member[]>(key, (old) => {
      const others = old ?? [];
      const isThere = others.some((one) => one.user_id === member.user_id);
      return isThere ? others.map((one) => (one.user_id === member.user_id ? member : one)) : [...others, member];
    });
    recount();
  };
  const fail = (error: unknown) => {
    toastError(error);
    if (error instanceof Problem && error.status !== 0) void again();
  };
  const add = useMutation({
    mutationFn: (body: Schemas['NewMember']) =>
      ok(api.POST('/api/teams/{id}/members', { params: { path: { id: team.id }, header: once() }, body })),
    onSuccess: (member) => {
      put(member);
      toast(words.added(member.name));
    },
    onError: fail,
  });
  const change = useMutation({
    mutationFn: ({ member, ...body }: { member: Member } & Omit<Schemas['MemberPatch'], 'version'>) =>
      ok(
        api.PATCH('/api/teams/{id}/members/{user_id}', {
          params: { path: { id: team.id, user_id: member.user_id }, header: ifVersion(member.version) },
          body,
        }),
      ),
    onSuccess: put,
    // What is wrong with skills is said at their field.
    onError: (error, { skills }) => {
      if (skills === undefined || !(error instanceof Problem && error.status === 422)) fail(error);
    },
  });
  const remove = useMutation({
    mutationFn: (member: Member) =>
      ok(
        api.DELETE('/api/teams/{id}/members/{user_id}', {
          params: { path: { id: team.id, user_id: member.user_id }, header: ifVersion(member.version) },
        }),
      ),
    onSuccess: (_, member) => {
      queries.setQueryData<Member[]>(key, (old) => old?.filter((one) => one.user_id !== member.user_id));
      recount();
      const { user_id, role, capacity, skills } = member;
      toast(words.removed(member.name), {
        action: { label: words.undo, run: () => add.mutate({ user_id, role, capacity, skills }) },
      });
    },
    onError: fail,
  });
  const { data } = members;
  return (
    <div>
      <Section
        title={data === undefined ? words.members : words.membersCount(number(data.length))}
        about={words.rolesHint}
      >
        <PersonPick
          className={styles.add ?? ''}
          label={words.addMember}
          placeholder={words.findMember}
          roles={['agent', 'manager', 'admin']}
          without={data?.map((member) => member.user_id) ?? []}
          value={null}
          onChange={(user_id) => user_id !== null && add.mutate({ user_id })}
        />
        <Loaded of={members} lines={3}>
          {(those) =>
            those.length === 0 ? (
              <p>{words.noMembers}</p>
            ) : (
              <ul>
                {those.map((member) => (
                  <li key={member.user_id} className={styles.member}>
                    <Avatar name={member.name} size={28} />
                    <span className={styles.person}>
                      {me.role === 'admin' ? (
                        <Link to="/admin/$area/$id" params={{ area: 'users', id: member.user_id }} dir="auto">
                          {member.name}
                        </Link>
                      ) : (
                        <span dir="auto">{member.name}</span>
                      )}
                      <span className={styles.email} dir="auto">
                        {member.email}
                      </span>
                    </span>
                    <SelectField
                      className={styles.role}
                      label={words.roleOf(member.name)}
                      isLabelHidden
                      value={member.role}
                      onChange={(event) => {
                        const role = ROLES.find((one) => one === event.target.value);
                        if (role !== undefined) change.mutate({ member, role });
                      }}
                    >
                      {ROLES.map((role) => (
                        <option key={role} value={role}>
                          {words.roles[role]}
                        </option>
                      ))}
                    </SelectField>
                    <Capacity member={member} onChange={(capacity) => change.mutateAsync({ member, capacity })} />
                    <Skills member={member} onChange={(skills) => change.mutateAsync({ member, skills })} />
                    <Button
                      label={words.remove(member.name)}
                      icon={<X size={16} />}
                      disabled={remove.isPending && remove.variables.user_id === member.user_id}
                      onClick={() => remove.mutate(member)}
                    />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </div>
  );
}

function Capacity({ member, onChange }: { member: Member; onChange: (capacity: number | null) => Promise<unknown> }) {
  const words = useText(teamText);
  return (
    <KeptField
      className={styles.capacity}
      label={words.capacityOf(member.name)}
      type="number"
      min={0}
      placeholder={words.own}
      title={words.capacity}
      kept={member.capacity === null ? '' : String(member.capacity)}
      onKeep={(said) => onChange(said === '' ? null : Number(said))}
    />
  );
}

function Skills({ member, onChange }: { member: Member; onChange: (skills: string[]) => Promise<unknown> }) {
  const words = useText(teamText);
  return (
    <KeptField
      className={styles.skills}
      label={words.skillsOf(member.name)}
      placeholder={words.noSkills}
      title={words.skillsHint}
      kept={member.skills.join(', ')}
      onKeep={(said) => onChange(linesOf(said))}
      wrong={(error, said) => {
        const faults = error instanceof Problem && error.status === 422 ? (error.body.errors ?? []) : [];
        return messagesIn(
          faults.map((one) => ({ ...one, message: faultText(one) })),
          'skills',
          linesOf(said),
        );
      }}
    />
  );
}

interface KeptProps extends Omit<ComponentProps<typeof TextField>, 'value' | 'onChange' | 'error'> {
  /** What the desk has. */
  kept: string;
  onKeep: (said: string) => Promise<unknown>;
  /** What is wrong with what was said. */
  wrong?: (error: unknown, said: string) => string | undefined;
}

/** Kept when one leaves the field, or by Enter. */
function KeptField({ kept, onKeep, wrong, ...field }: KeptProps) {
  const [typed, setTyped] = useState<string>();
  const [sent, setSent] = useState<string>();
  const [error, setError] = useState<string>();
  const keep = () => {
    if (typed === undefined || typed === sent) return;
    const settle = () => {
      setSent(undefined);
      setTyped((now) => (now === typed ? undefined : now));
    };
    const said = typed.trim();
    if (said === kept) {
      settle();
      setError(undefined);
      return;
    }
    setSent(typed);
    onKeep(said).then(settle, (reason: unknown) => {
      // A number that is refused is told of elsewhere, and not shown as if it held.
      if (wrong === undefined && reason instanceof Problem && reason.status === 422) {
        settle();
        return;
      }
      const why = wrong?.(reason, said);
      setError(why);
      // What is wrong is not sent again until it is another one; what failed otherwise is once one asks for it.
      if (why === undefined) setSent(undefined);
    });
  };
  return (
    <TextField
      {...field}
      isLabelHidden
      error={error}
      value={typed ?? kept}
      onChange={(event) => {
        setTyped(event.target.value);
        setError(undefined);
      }}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}
