/** Which of the desk's own fields a ticket is asked for. */
import type { CustomField } from '../api/custom-fields';

/** What a ticket is about, as far as it decides that. */
export interface Topic {
  category: string | null;
  teamId: string | null;
}

const folded = (text: string) => text.trim().normalize('NFKC').toLowerCase();

export function isAsked({ when, is_active }: CustomField, { category, teamId }: Topic): boolean {
  const { categories, team_ids: teams } = when;
  const fits = categories.length === 0 || (category !== null && categories.map(folded).includes(folded(category)));
  return is_active && fits && (teams.length === 0 || (teamId !== null && teams.includes(teamId)));
}
