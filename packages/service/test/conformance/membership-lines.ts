import { moment, timeOfDay, written } from "./moments.ts";
import { MICROS_PER_DAY } from "../oracle/instants.ts";
import type { Setting } from "./record-lines.ts";

/** Lines about one record: sensible ones, odd ones, and some that say nothing. */
export function membershipLines(setting: Setting, record: string): readonly object[] {
  const { random, communities } = setting;
  if (communities.length === 0 || random.chance(30)) return globalLines(setting, record);
  const story = random.pick([
    ["added"],
    ["added"],
    ["added", "removed"],
    ["added", "removed", "added"],
    ["added", "added", "removed", "removed"],
    ["removed"],
    ["removed", "added"],
    ["added", "removed", "added", "removed", "added"],
  ]);
  const own = random.times(random.pick([1, 1, 2, 3]), () => storyLines(setting, record, story)).flat();
  return [...own, ...globalLines(setting, record)];
}

function storyLines(setting: Setting, record: string, story: readonly string[]): readonly object[] {
  const { random, communities, days } = setting;
  const community = random.chance(95) ? random.pick(communities) : "community-nobody-knows";
  const day = Math.floor(moment(random, days) / MICROS_PER_DAY) * MICROS_PER_DAY;
  const when = random.pick([
    () => moment(random, days),
    () => moment(random, days),
    () => day + timeOfDay(random),
    () => day + 43_200_000_000,
  ]);
  const instants = story.map(when).toSorted((left, right) => left - right);
  return story.map((type, index) => line(setting, { record, community, type, at: instants[index] ?? day }));
}

interface Story {
  readonly record: string;
  readonly community: string;
  readonly type: string;
  readonly at: number;
}

function line({ random, days }: Setting, { record, community, type, at }: Story): object {
  const deletion = random.pick([{}, {}, {}, {}, { is_deleted: false, deleted_date: null }, { is_deleted: true }]);
  const dated = random.chance(8) ? { is_deleted: true, deleted_date: written(random, moment(random, days)) } : deletion;
  return { record_id: record, community_id: community, event_type: type, event_date: written(random, at), ...dated };
}

/** Lines of `global` add nothing that the record does not say. */
function globalLines(setting: Setting, record: string): readonly object[] {
  const { random, days } = setting;
  if (random.chance(60)) return [];
  const type = random.pick(["added", "removed"]);
  return [line(setting, { record, community: "global", type, at: moment(random, days) })];
}
