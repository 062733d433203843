import { z } from 'zod';
import { teamNames } from '../halo/memberships.ts';
import { matching, takeChosen } from './entered.ts';
import { defineField, type Choice } from './field.ts';
import { listed, missing, sameSet } from './shown.ts';

const teamSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  departmentId: z.int().optional(),
  departmentName: z.string().optional(),
});
type PlannedTeam = z.infer<typeof teamSchema>;

/** The first one is the default team. */
export const teams = defineField({
  id: 'teams',
  section: 'Departments & Teams',
  label: 'Teams',
  hint: 'The teams whose tickets Neo Agent will work on. The first one is its default team.',
  input: {
    kind: 'multi_select',
    block: 'teams',
    action: 'search_teams',
    placeholder: 'Choose at least one team',
    list: 'teams',
    offers: ({ teams }, query) =>
      matching(teams.value, query, (team) => [team.name, team.department_name ?? '']).map((team) =>
        choice(planned(team)),
      ),
    take: (entered, lists) => takeChosen(entered, lists.teams.value, (chosen) => chosen.map(planned)),
    chosen: (teams) => teams.map(choice),
  },
  plan: z.array(teamSchema).min(1),
  probe: ({ teams: [team] }) => team && [planned(team)],
  send: (teams) => ({ teams: sent(teams) }),
  repairs: [
    // Some builds take the teams only together with the default one.
    (teams) => ({ teams: sent(teams), team: defaultOf(teams) }),
    (teams) => ({ add_teams: sent(teams) }),
  ],
  text: (teams) => listed(teams.map(({ name }) => name)),
  row: (teams) => teams.map(rowOf).join(', '),
  reported: (agent) => {
    const names = teamNames(agent);
    return names && listed(names);
  },
  // A team that comes with a role comes again with it.
  entered: ({ teams, team: first }) => {
    const own = teams?.filter(({ throughRole }) => throughRole === undefined);
    const isFirst = ({ team_name: name }: { team_name?: string | undefined }) => name === first;
    return (
      own &&
      [...own.filter(isFirst), ...own.filter((team) => !isFirst(team))].map((team) => String(team.team_id))
    );
  },
  // What comes with something else was approved with it, and a planned team may come so.
  same: (teams, agent, granted) => {
    const ids = teams.map(({ id }) => id);
    const own = agent.teams?.filter(
      ({ team_id: id, throughRole }) =>
        throughRole === undefined || !granted.has(throughRole.id.toLowerCase()) || ids.includes(id),
    );
    return sameSet(
      ids,
      own?.map(({ team_id: id }) => id),
    );
  },
  byHand: (shown) => `on the tab *Departments & Teams* keep these teams and no others: ${shown}`,
  asGuide: (agent) => agent.teams !== undefined && agent.teams.length > 0,
  gone: { list: 'teams', find: (teams, lists) => missing('team', teams, lists.teams) },
});

/** The name of the default one, by which alone HaloPSA takes it. */
export function defaultOf([first]: readonly PlannedTeam[]): string {
  return first?.name ?? '';
}

function planned(team: {
  id: number;
  name: string;
  department_id?: number | undefined;
  department_name?: string | undefined;
}): PlannedTeam {
  return {
    id: team.id,
    name: team.name,
    departmentId: team.department_id,
    departmentName: team.department_name,
  };
}

function choice({ id, name, departmentName }: PlannedTeam): Choice {
  return { value: String(id), text: name, description: departmentName };
}

function sent(teams: readonly PlannedTeam[]) {
  return teams.map(({ id, name, departmentId }) => ({
    team_id: id,
    team_name: name,
    department_id: departmentId,
  }));
}

function rowOf({ name, departmentName }: PlannedTeam, index: number): string {
  const place = [departmentName, index === 0 ? 'default team' : ''].filter(Boolean).join(', ');
  return place === '' ? name : `${name} (${place})`;
}
