import { cut, maxNamed } from '../text/cut.ts';
import { deriveField } from './field.ts';
import { defaultOf, teams } from './teams.ts';

/** HaloPSA takes and reports it by its name alone, so of teams of one name it can't be said which one it is. */
export const defaultTeam = deriveField(teams, defaultOf, {
  id: 'defaultTeam',
  section: 'Departments & Teams',
  label: 'Default team',
  send: (name) => ({ team: name }),
  repairs: [(name) => ({ team: name }), (name) => ({ team: name })],
  text: (name) => name,
  row: 'none',
  reported: ({ team }) => team,
  same: (name, { team }) => team === name,
  byHand: (shown) => `on the tab *Departments & Teams* make ${shown} the default team`,
  status: 'if_reported',
  noticed: {
    key: 'defaultTeams',
    look: (name, { teams }) => {
      const namesakes = teams.value.filter((team) => team.name === name).length;
      return namesakes > 1 ? namesakes : undefined;
    },
    warning: (name, count) =>
      `HaloPSA has ${count} teams named ${cut(name, maxNamed)}, and takes the default team by its name alone. Check it in HaloPSA afterwards.`,
    besideResult: (count) =>
      `HaloPSA reports the name alone, and has ${count} teams of it: check which one it is`,
  },
});
