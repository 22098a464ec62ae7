/** What is to be done wherever one thing was saved or taken away: what is kept of it here, what is said, where one goes. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Problem } from '../../api/problem';
import { useText } from '../../text';
import { toast } from '../../ui/toast';
import type { areaText } from './areas';
import { adminText } from './text';

interface Names {
  area: keyof typeof areaText.en;
  /** With what the queries begin of one of them, and of several. */
  noun: string;
  nouns: string;
}

interface Gone<S> {
  id: string;
  deleted: string;
  /** Some are only made inactive where something names them; which of both, their address knows. */
  inactive?: { load: () => Promise<S>; said: string };
}

export function useKept<S extends { id: string }>({ area, noun, nouns }: Names) {
  const words = useText(adminText);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const put = (one: S) => {
    queries.setQueryData([noun, one.id], one);
    void queries.invalidateQueries({ queryKey: [nouns] });
  };
  const saved = (one: S, isNew: boolean, said = isNew ? words.created : words.saved) => {
    put(one);
    toast(said);
  };
  return {
    put,
    saved,
    /** What a form does with what became of it. */
    form: {
      onSaved: (one: S, isNew: boolean) => saved(one, isNew),
      onTheirs: put,
      onMade: ({ id }: S) => void navigate({ to: '/admin/$area/$id', params: { area, id } }),
    },
    gone: async ({ id, deleted, inactive }: Gone<S>) => {
      const left = await inactive?.load().catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return undefined;
        throw error;
      });
      if (left !== undefined && inactive !== undefined) {
        put(left);
        toast(inactive.said);
        return;
      }
      toast(deleted);
      void queries.invalidateQueries({ queryKey: [nouns] });
      await navigate({ to: '/admin/$area', params: { area }, ignoreBlocker: true });
      queries.removeQueries({ queryKey: [noun, id] });
    },
  };
}
