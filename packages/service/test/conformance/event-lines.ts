import { moment, written, type Stretch } from "./moments.ts";
import { COUNTRIES, FILE_KEYS, REFERRERS } from "./pools.ts";
import type { Random } from "./random.ts";
import type { Setting, Version } from "./record-lines.ts";

type Fields = Readonly<Record<string, unknown>>;
interface Seen {
  readonly view: boolean;
  readonly at: number;
  readonly fields: Fields;
}

const UNKNOWN = ["ghost-1", "ghost-2"];

/** Events, some of them told several times in different words. */
export function eventLines(setting: Setting, versions: readonly Version[], count: number): readonly object[] {
  const { random } = setting;
  return random
    .times(count, () => {
      const seen = newEvent(setting, versions);
      const again = random.chance(20) ? random.times(random.between(1, 4), () => retold(setting, seen)) : [];
      return [seen, ...again].map((told) => lineOf(random, told));
    })
    .flat();
}

function newEvent(setting: Setting, versions: readonly Version[]): Seen {
  const { random, days } = setting;
  const version = versions.length > 0 && random.chance(92) ? random.pick(versions) : null;
  const recid = version?.id ?? random.pick(UNKNOWN);
  const view = random.chance(60);
  const common = {
    recid,
    parent_recid: version?.parent ?? "ghost-parent",
    visitor_id: `v${random.int(12)}`,
    country: random.pick(COUNTRIES),
    community_ids: communitiesOf(setting),
    is_robot: random.pick([false, false, false, undefined, true]),
    is_machine: random.pick([false, undefined, true]),
    referrer: random.pick(REFERRERS),
  };
  const fields = view ? { ...common, unique_id: `ui_${recid}` } : { ...common, ...download(random, recid) };
  return { view, at: moment(random, days), fields };
}

/** File ids are few: two versions can share one. */
function download(random: Random, recid: string): Fields {
  const [bucket, file] = [`bucket-${recid}`, `file-${random.int(4)}`];
  return {
    unique_id: `${bucket}_${file}`,
    bucket_id: bucket,
    file_id: file,
    file_key: random.pick([...FILE_KEYS, null, undefined]),
    size: random.pick([0, 500, 1000, 2 ** 40, undefined]),
    via_api: random.pick([true, false]),
  };
}

function communitiesOf({ random, communities }: Setting): readonly string[] | null | undefined {
  return random.pick([
    () => undefined,
    () => null,
    () => [],
    () => random.some(communities, 3),
    () => random.some(communities, 3),
    () => [...random.some(communities, 2), "community-nobody-knows"],
  ])();
}

/** The same event again: later in its slot, written later, or differing in what only the last tie break decides. */
function retold(setting: Setting, { view, at, fields }: Seen): Seen {
  const { random } = setting;
  const slot = Math.floor(at / 10_000_000) * 10_000_000;
  const levels: readonly (() => Seen)[] = [
    () => ({ view, at, fields }),
    () => ({ view, at: slot + random.int(10_000_000), fields: reworded(setting, fields) }),
    () => ({ view, at: slot + random.int(10) * 1_000_000, fields: reworded(setting, fields) }),
    () => ({ view, at, fields: { ...reworded(setting, fields), updated_timestamp: updated(random, setting.days) } }),
    () => ({ view, at, fields: reworded(setting, fields) }),
  ];
  return random.pick(levels)();
}

function updated(random: Random, days: readonly Stretch[]): string | null {
  return random.chance(15) ? null : written(random, moment(random, days.slice(0, 1)));
}

function reworded(setting: Setting, fields: Fields): Fields {
  const { random } = setting;
  const changes: readonly (() => Fields)[] = [
    () => ({ country: random.pick(COUNTRIES) }),
    () => ({ is_robot: random.pick([true, false, undefined, null]) }),
    () => ({ is_machine: random.pick([true, false, undefined]) }),
    () => ({ community_ids: communitiesOf(setting) }),
    () => ("size" in fields ? { size: random.pick([1, 7, 10, 500, undefined]) } : {}),
  ];
  const chosen = random.times(random.between(1, 2), () => random.pick(changes)());
  return Object.assign({}, fields, ...chosen);
}

/** As a plain document, or as a line of a search dump. */
function lineOf(random: Random, { view, at, fields }: Seen): object {
  const document = { ...fields, timestamp: written(random, at) };
  const kind = view ? "record-view" : "file-download";
  if (random.chance(60)) return { event: kind, ...document };
  const month = new Date(Math.floor(at / 1000)).toISOString().slice(0, 7);
  return { _index: `lab-events-stats-${kind}-${month}`, _id: String(random.int(1_000_000)), _source: document };
}
