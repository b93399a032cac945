import { dayNamed, dayText } from "../oracle/instants.ts";
import type { World } from "../oracle/oracle.ts";
import type { KnownDigests } from "./comparison.ts";
import { eventLines } from "./event-lines.ts";
import { membershipLines } from "./membership-lines.ts";
import { daysAround, stretches, type Stretch } from "./moments.ts";
import { HOSTILE, PUBLICATION_WINDOWS } from "./pools.ts";
import { random, type Random } from "./random.ts";
import { recordLines, type Setting, type Version } from "./record-lines.ts";

export interface SeededWorld {
  readonly seed: number;
  readonly world: World;
  /** "global" and the communities of the world. */
  readonly scopes: readonly string[];
  /** Ranges of days worth asking for. */
  readonly windows: readonly { readonly from: string; readonly to: string }[];
  /** The day up to which is aggregated. */
  readonly endDate: string;
  /** What the oracle said about this world so far, under the settings of every day. */
  readonly digests: KnownDigests;
}

const COMMUNITY_IDS = ["A", "B", "5f0f7b7e-0000-4000-8000-000000000001", "__proto__", "😀 كبير", "null"];

const made = new Map<number, SeededWorld>();

/** The world of a seed; made once, so that what is known of it is kept with it. */
export function seededWorld(seed: number): SeededWorld {
  const world = made.get(seed) ?? makeWorld(seed);
  made.set(seed, world);
  return world;
}

/** Holds 1 to 40 records, 0 to 5 communities and 0 to 400 events on 1 to 60 days. */
function makeWorld(seed: number): SeededWorld {
  const choices = random(seed);
  const days = stretches(choices);
  const communities = choices.shuffled(COMMUNITY_IDS).slice(0, choices.pick([0, 1, 2, 2, 3, 5]));
  const values = [...choices.shuffled(HOSTILE).slice(0, 3), "v1", "v2", "v3"];
  const setting: Setting = { random: choices, days, communities, values };
  const versions = versionsOf(choices);
  const events = eventLines(setting, versions, choices.pick([0, 5, 20, 60, 120, 300]));
  const world: World = {
    records: choices.shuffled(asParsed(versions.flatMap((version) => recordLines(setting, version)))),
    memberships: choices.shuffled(asParsed(memberships(setting, versions))),
    communities: asParsed(communities.map((id) => communityLine(id))),
    events: choices.shuffled(asParsed(events)).slice(0, 400),
  };
  return {
    seed,
    world,
    scopes: ["global", ...communities],
    windows: windowsOf(days),
    endDate: dayText((days.at(-1)?.last ?? 0) + 1),
    digests: new Map(),
  };
}

/** Several versions of one work have one parent. */
function versionsOf(choices: Random): readonly Version[] {
  const count = choices.pick([1, 1, 2, 3, 5, 8, 12, 20, 40]);
  const ids = choices.shuffled(["__proto__", "007", "7", "\uFF21", "😀", ...choices.times(40, (index) => `r${index}`)]);
  const parents = Math.max(1, Math.ceil(count * 0.7));
  return ids.slice(0, count).map((id) => ({ id, parent: `p${choices.int(parents)}` }));
}

function memberships(setting: Setting, versions: readonly Version[]): readonly object[] {
  const known = versions.flatMap(({ id }) => membershipLines(setting, id));
  return setting.random.chance(30) ? [...known, ...membershipLines(setting, "ghost-1")] : known;
}

function communityLine(id: string): object {
  return {
    id,
    slug: `slug-${Array.from(id)
      .map((character) => character.codePointAt(0))
      .join("-")
      .slice(0, 40)}`,
    created: "2019-01-01T00:00:00+00:00",
    updated: "2019-01-01T00:00:00+00:00",
    access: { visibility: "public" },
    metadata: { title: `Community ${id}` },
    custom_fields: { "stats:dashboard_enabled": true },
  };
}

/** What a line says when it is read: absent fields are absent. */
function asParsed(lines: readonly object[]): readonly unknown[] {
  return lines.map((line): unknown => JSON.parse(JSON.stringify(line)));
}

/** The days on which something happens and one day on each side, and some long before. */
function windowsOf(days: readonly Stretch[]): SeededWorld["windows"] {
  const last = days.at(-1)?.last ?? 0;
  const before = PUBLICATION_WINDOWS.filter(({ to }) => (dayNamed(to) ?? 0) < last);
  return [...before, ...days.map(daysAround)];
}
