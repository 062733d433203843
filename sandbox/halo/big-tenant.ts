import { randomFrom } from '../chaos/random.ts';
import { seed, type Seed, type SeedAgent, type StoredTeam, type StoredWorkday } from './seed.ts';

const words = (text: string): string[] => text.split(' ');
const places = words(
  'Aldergate Birchmere Caldwick Dunmoor Elmstead Farrowby Glenhaven Harrowfield Inverdale Juniper Kestrel Larkhill Merrow Northolt Oakhurst Pinecrest Quayside Ravenscar Saltmarsh Thornbury Underhill Vinehall Westbrook Yarrow Zennor',
);
const trades = words(
  'Dental Legal Freight Motors Foods Estates Pharma Timber Hotels Schools Clinics Farms Media Energy Water Housing Optics Print Travel Finance',
);
const desks = words(
  'Helpdesk Onsite Projects Onboarding Escalations Nights Weekends Networks Servers Cloud Security Backups Printing Telephony Purchasing Billing Renewals Training Moves Audits',
);
const firstNames = words(
  'Ada Amir Anya Bela Boris Carla Chen Dana Diego Elif Emil Esra Farah Felix Gita Goran Hana Hugo Ines Ivan Jana Jonas Kaja Karim Lena Luca Maja Mateo Mina Nadia Nils Noor Olga Omar Paula Pavel Quinn Rania Remy Rosa Sami Sofia Tariq Tess Uma Viktor Wanda Xenia Yara Zoran',
);
const lastNames = words(
  'Abara Bakos Cerny Dahl Ekman Fodor Grau Haas Ilic Jansen Kaya Lund Marek Novak Okoye Petrov Quist Rossi Sato Tomic Ueda Varga Weiss Yilmaz Zeman Arno Brand Costa Duarte Engel Ferro Gallo Holm Ivers Jovic Koch Lopez Moretti Nagy Ortiz Popov Riva Silva Toth Urban Vidal Wolff Ximenes Young Zidan Alba Berg Cruz Diaz Elling Frank Green Hansen Ibsen Jung Kruger Lange Meyer Noll Olsen Palm Reuter Stein Thaler Ulrich Vogt Winter Adler Bauer Conti Dorn Ebert Falk Gross Hahn Iren Just Keller Lenz Maurer Naumann Otto Paulsen Richter Sommer Tiede Uhl Vetter Werner Zorn Ahrens Beck Cramer Decker Ebner Forster',
);
const zones = [
  '',
  'GMT Standard Time',
  'W. Europe Standard Time',
  'Romance Standard Time',
  'FLE Standard Time',
  'Eastern Standard Time',
  'Central Standard Time',
  'Mountain Standard Time',
  'Pacific Standard Time',
  'AUS Eastern Standard Time',
  'New Zealand Standard Time',
  'India Standard Time',
];
/** Names of the hours, and when they begin and end. */
const shifts = places.map((place, index) => ({
  place,
  start: `1901-01-01T${String(6 + (index % 5)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}:00`,
  end: `1901-01-01T${14 + (index % 6)}:${index % 2 === 0 ? '00' : '30'}:00`,
}));

/**
 * What a HaloPSA of the largest kind holds: 10,000 teams in 500 departments, 5,000 agents, 300 working hours.
 * All names of a kind differ. The same number makes the same tenant.
 */
export function bigTenant(number: number): Seed {
  const random = randomFrom(number);
  const teams = teamsOf(places.flatMap((place) => trades.map((trade) => `${place} ${trade}`)));
  const workdays = zones.flatMap((timezone) => shifts.map((shift) => ({ ...shift, timezone }))).map(workday);
  const agents = firstNames
    .flatMap((first) => lastNames.map((last) => ({ first, last })))
    .map(({ first, last }, index): SeedAgent => {
      const own = Array.from({ length: random.between(1, 5) }, () => random.pick(teams));
      const role = random.pick(seed.roles);
      return {
        id: index + 4,
        name: `${first} ${last}`,
        email: `${first}.${last}@brightwater.example`.toLowerCase(),
        isdisabled: random.chance(0.1),
        isapiagent: random.chance(0.01),
        team: own[0]?.name ?? '',
        teams: [...new Set(own)],
        roles: [{ id: role.id, name: role.name }],
        workday_id: random.pick(workdays).id,
        timezone: random.pick(zones),
      };
    });
  const always = seed.agents.filter(({ id }) => id < 4);
  return {
    ...seed,
    agents: [...always, ...agents.slice(0, 5_000 - always.length)],
    teams,
    workdays,
    settings: { ...seed.settings, licences: 5_000 },
  };
}

function teamsOf(departments: string[]): StoredTeam[] {
  return departments.flatMap((department, at) =>
    desks.map((desk, index) => ({
      id: at * desks.length + index + 1,
      name: `${department} ${desk}`,
      department_id: at + 1,
      department_name: department,
      inactive: false,
    })),
  );
}

function workday(
  { place, start, end, timezone }: { place: string; start: string; end: string; timezone: string },
  index: number,
): StoredWorkday {
  const isOpen = {
    incmonday: true,
    inctuesday: true,
    incwednesday: true,
    incthursday: true,
    incfriday: true,
  };
  return {
    id: index + 1,
    name: `${place}${timezone && ` (${timezone})`}`,
    summary: 'Mon-Fri',
    alldayssame: true,
    start,
    end,
    ...isOpen,
    incsaturday: false,
    incsunday: false,
    timezone,
  };
}
