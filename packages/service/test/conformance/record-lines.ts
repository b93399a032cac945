import { moment, written, type Stretch } from "./moments.ts";
import { FILE_KEYS, HOSTILE, NOT_VALUES, PUBLICATION_DATES } from "./pools.ts";
import type { Random } from "./random.ts";

/** What all records of a world share. */
export interface Setting {
  readonly random: Random;
  readonly days: readonly Stretch[];
  readonly communities: readonly string[];
  /** A small choice of values, so that records meet in them. */
  readonly values: readonly string[];
}
/** A record as its editors see it: replaced at every edit. */
interface Draft {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly journal: unknown;
  readonly status: unknown;
  readonly owner: number | null;
  readonly enabled: boolean;
  readonly files: readonly FileEntry[];
  readonly communities: readonly string[];
}
interface FileEntry {
  readonly key: string;
  readonly ext?: string;
  readonly size?: number;
  readonly checksum?: string;
}
export interface Version {
  readonly id: string;
  readonly parent: string;
}

/** All lines of one record, in order: first state, edits, deletions, restores, and some that are none. */
export function recordLines(setting: Setting, version: Version): readonly object[] {
  const { random, days } = setting;
  const instants = random.times(1 + random.pick([0, 0, 1, 2, 3, 6]), () => moment(random, days));
  const [created = 0, ...later] = instants.toSorted((left, right) => left - right);
  let draft = firstDraft(setting);
  const first = random.chance(80) ? created : (later[0] ?? created);
  const lines: object[] = [lineOf(setting, version, { draft, created, updated: first })];
  let deleted = random.chance(4);
  for (const updated of random.chance(85) ? later : later.map(() => first)) {
    deleted = deleted ? random.chance(60) : random.chance(25);
    draft = random.chance(85) ? edited(setting, draft) : draft;
    lines.push(lineOf(setting, version, { draft, created, updated, ...(deleted ? { deleted } : {}) }));
    if (random.chance(8))
      lines.push(
        unpublished(lineOf(setting, version, { draft: edited(setting, draft), created, updated: updated + 1 })),
      );
  }
  return lines;
}

interface Revision {
  readonly draft: Draft;
  readonly created: number;
  readonly updated: number;
  readonly deleted?: boolean;
}

/** Like a REST answer or like an index document; both say the same. */
function lineOf({ random }: Setting, { id, parent }: Version, revision: Revision): object {
  const { draft, created, updated, deleted = false } = revision;
  const rest = random.chance(50);
  const owner = draft.owner === null ? {} : { owned_by: { user: rest ? String(draft.owner) : draft.owner } };
  const communities = draft.communities.length === 0 && random.chance(50) ? {} : { ids: draft.communities };
  const bare = deleted && random.chance(20);
  return {
    id,
    created: written(random, created),
    updated: written(random, updated),
    is_published: true,
    is_draft: rest ? false : null,
    ...(rest ? { deletion_status: { is_deleted: deleted, status: deleted ? "D" : "P" } } : { is_deleted: deleted }),
    ...(deleted || !rest ? { tombstone: deleted ? tombstone(random, updated) : null } : {}),
    parent: { id: parent, access: owner, communities },
    ...(bare ? {} : { metadata: draft.metadata }),
    custom_fields: draft.journal === undefined ? {} : { "journal:journal": { title: draft.journal } },
    access: draft.status === undefined ? {} : { status: draft.status },
    files: { enabled: draft.enabled, ...entries(random, draft, rest) },
  };
}

function tombstone(random: Random, updated: number): object {
  const early = random.pick([0, 0, 1, 50_000, 60_000_000, 86_400_000_000]);
  return random.chance(20) ? { removal_reason: { id: "spam" } } : { removal_date: written(random, updated - early) };
}

function entries(random: Random, { files }: Draft, rest: boolean): object {
  if (files.length === 0 && random.chance(30)) return {};
  return { entries: rest ? Object.fromEntries(files.map((file) => [file.key, file])) : random.shuffled(files) };
}

function unpublished(line: object): object {
  return { ...line, is_draft: true };
}

function firstDraft(setting: Setting): Draft {
  const { random, values } = setting;
  let draft: Draft = {
    metadata: { title: random.pick(values), publication_date: random.pick(PUBLICATION_DATES) },
    journal: undefined,
    status: "open",
    owner: random.int(4),
    enabled: random.chance(70),
    files: [],
    communities: [],
  };
  for (const edit of Object.values(EDITS)) if (random.chance(60)) draft = edit(setting, draft);
  return draft;
}

function edited(setting: Setting, draft: Draft): Draft {
  const edits = setting.random.times(setting.random.between(1, 3), () => setting.random.pick(Object.values(EDITS)));
  return edits.reduce((changed, edit) => edit(setting, changed), draft);
}

type Edit = (setting: Setting, draft: Draft) => Draft;

/** Everything that can change about a published record, one by one. */
const EDITS: Readonly<Record<string, Edit>> = {
  type: (setting, draft) => withMetadata(draft, { resource_type: titled(setting) }),
  status: ({ random }, draft) => ({
    ...draft,
    status: random.pick(["open", "restricted", "metadata-only", null, undefined]),
  }),
  languages: (setting, draft) => withMetadata(draft, { languages: many(setting, titled) }),
  rights: (setting, draft) => withMetadata(draft, { rights: many(setting, titled) }),
  subjects: (setting, draft) => withMetadata(draft, { subjects: many(setting, (s) => named(s, "subject")) }),
  funding: (setting, draft) =>
    withMetadata(draft, { funding: many(setting, (s) => ({ funder: named(s, "name"), award: {} })) }),
  publisher: (setting, draft) => withMetadata(draft, { publisher: valueOrNot(setting) }),
  journal: (setting, draft) => ({ ...draft, journal: valueOrNot(setting) }),
  creators: (setting, draft) => withMetadata(draft, { creators: people(setting) }),
  contributors: (setting, draft) => withMetadata(draft, { contributors: people(setting) }),
  date: ({ random }, draft) => withMetadata(draft, { publication_date: random.pick(PUBLICATION_DATES) }),
  owner: ({ random }, draft) => ({ ...draft, owner: random.pick([0, 1, 2, 3, null]) }),
  communities: ({ random, communities }, draft) => ({ ...draft, communities: random.some(communities, 3) }),
  addFile: ({ random }, draft) => {
    const file = newFile(random);
    return { ...draft, files: [...draft.files.filter(({ key }) => key !== file.key), file] };
  },
  addFiles: ({ random }, draft) => {
    const files = random.times(3, () => newFile(random));
    return { ...draft, enabled: true, files: Array.from(new Map(files.map((file) => [file.key, file])).values()) };
  },
  removeFile: (_, draft) => ({ ...draft, files: draft.files.slice(1) }),
  replaceFile: ({ random }, draft) => ({
    ...draft,
    files: draft.files.map((file, index) => (index === 0 ? { ...newFile(random), key: file.key } : file)),
  }),
  flip: ({ random }, draft) => ({
    ...draft,
    enabled: !draft.enabled,
    files: draft.enabled && random.chance(50) ? [] : draft.files,
  }),
};

function withMetadata(draft: Draft, change: Readonly<Record<string, unknown>>): Draft {
  return { ...draft, metadata: { ...draft.metadata, ...change } };
}

/** The extension is that of the key, or missing, or nothing: it is taken as it stands. */
function newFile(random: Random): FileEntry {
  const key = random.pick(FILE_KEYS);
  const ext = key.includes(".") ? key.slice(key.lastIndexOf(".") + 1) : "";
  return {
    key,
    ...(random.chance(90) ? { ext } : {}),
    size: random.pick([0, 1, 500, 1000, 2 ** 40]),
    ...(random.chance(80) ? { checksum: `md5:${random.int(3)}` } : {}),
  };
}

function many<Entry>(setting: Setting, entry: (setting: Setting) => Entry): readonly Entry[] | undefined {
  const { random } = setting;
  return random.chance(10) ? undefined : random.times(random.pick([0, 1, 1, 2, 3]), () => entry(setting));
}

function valueOrNot({ random, values }: Setting): string | null | undefined {
  return random.chance(80) ? random.pick(values) : random.pick([...NOT_VALUES, random.pick(HOSTILE)]);
}

/** With a title in languages, without one, with none in it, or with a text in its place. */
function titled(setting: Setting): object {
  const { random } = setting;
  const title = random.pick([
    { en: `t${random.int(3)}` },
    { en: "x", de: `d${random.int(3)}` },
    {},
    "text",
    null,
    undefined,
  ]);
  return { id: valueOrNot(setting), title };
}

/** With a name, without one, or with a name only. */
function named(setting: Setting, field: string): object {
  const { random } = setting;
  const name = random.pick([`n${random.int(3)}`, random.pick(setting.values), "", null, undefined]);
  return random.chance(25) ? { [field]: name } : { id: valueOrNot(setting), [field]: name };
}

function people(setting: Setting): readonly object[] {
  return setting.random.times(setting.random.int(4), () => ({
    person_or_org: { name: "Doe, Jo" },
    affiliations: many(setting, (s) => named(s, "name")),
  }));
}
