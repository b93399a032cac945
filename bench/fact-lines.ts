import type { DayNumber, Instant } from "@community-stats/contract/days.ts";
import type { CommunityLine, EventBatch, RecordLine } from "../packages/service/src/engine/facts.ts";
import { NO_TERM } from "../packages/service/src/domain/kernel-events.ts";
import { DOWNLOAD, HUMAN, VIEW } from "../packages/service/src/engine/facts.ts";
import { word } from "./chance.ts";
import {
  type BenchDay,
  type BenchRecord,
  benchRecord,
  downloadedFile,
  FIRST_DAY,
  timeOfDay,
  type Workload,
} from "./workload.ts";

const MS_PER_DAY = 86_400_000;
const CREATED = ((FIRST_DAY - 30) * MS_PER_DAY) as Instant;

export const recordName = (number: number): string => `r${number.toString(36).padStart(5, "0")}-bench`;
export const parentName = (number: number): string => `p${number.toString(36).padStart(5, "0")}-bench`;
/** As long as the UUIDs of real communities. */
export const communityName = (number: number): string =>
  `c0ffee00-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
export const extension = (type: number): string => `x${type}`;
export const countryName = (number: number): string =>
  String.fromCharCode(65 + (number % 26), 65 + (Math.floor(number / 26) % 26));

export function allRecords(workload: Workload): BenchRecord[] {
  return Array.from({ length: workload.records }, (_, index) => benchRecord(workload, index + 1));
}

export function communityLine(number: number): CommunityLine {
  const id = communityName(number);
  return {
    id,
    slug: `community-${number}`,
    title: `Community ${number}`,
    description: "",
    created: CREATED,
    updated: CREATED,
    visibility: "public",
    deleted: false,
    dashboardEnabled: true,
    layout: null,
    parent: null,
  };
}

export function recordLine(record: BenchRecord): RecordLine {
  const files = record.fileTypes.map((type, file) => ({
    key: `file-${file}.${extension(type)}`,
    type: extension(type),
    bytes: 1000 + file,
    checksum: null,
  }));
  return {
    record: recordName(record.number),
    parent: parentName(record.parent),
    created: CREATED,
    updated: CREATED,
    deleted: false,
    removed: null,
    owner: String(1 + (record.number % 500)),
    published: (FIRST_DAY - 30) as DayNumber,
    filesEnabled: true,
    files,
    communities: record.communities.map(communityName),
    source: JSON.stringify(metadataOf(record)),
    generated: true,
  };
}

function metadataOf({ values, fileTypes }: BenchRecord): object {
  const entries = fileTypes.map((type, file) => ({ key: `file-${file}.${extension(type)}`, ext: extension(type) }));
  return {
    access: { status: `access-${values.accessStatuses[0]}` },
    custom_fields:
      values.periodicals.length === 0 ? {} : { "journal:journal": { title: `Journal ${values.periodicals[0]}` } },
    files: { entries },
    metadata: {
      creators: values.affiliations.map((id) => ({ affiliations: [{ id: `org${id}`, name: `Organisation ${id}` }] })),
      funding: values.funders.map((id) => ({ funder: { id: `funder${id}`, name: `Funder ${id}` } })),
      languages: values.languages.map((id) => ({ id: `l${id}`, title: { en: `Language ${id}` } })),
      ...(values.publishers.length === 0 ? {} : { publisher: `Publisher ${values.publishers[0]}` }),
      resource_type: { id: `type-${values.resourceTypes[0]}`, title: { en: `Type ${values.resourceTypes[0]}` } },
      rights: values.rights.map((id) => ({ id: `licence-${id}`, title: { en: `Licence ${id}` } })),
    },
  };
}

/** The ids by which a record counts in each breakdown of records, as its metadata names them; without any it counts as not stated. */
export function valueIds({ values, fileTypes }: BenchRecord): Readonly<Record<string, readonly string[]>> {
  return {
    resource_types: values.resourceTypes.map((id) => `type-${id}`),
    access_statuses: values.accessStatuses.map((id) => `access-${id}`),
    languages: values.languages.map((id) => `l${id}`),
    rights: values.rights.map((id) => `licence-${id}`),
    funders: values.funders.map((id) => `funder${id}`),
    periodicals: values.periodicals.map((id) => `Journal ${id}`),
    publishers: values.publishers.map((id) => `Publisher ${id}`),
    affiliations: values.affiliations.map((id) => `org${id}`),
    file_types: [...new Set(fileTypes)].map(extension),
  };
}

/** A dictionary of one batch over numbers from 0 to `size`. */
class BatchTerms {
  readonly texts: string[] = [];
  readonly #codes: Int32Array;
  readonly #name: (number: number) => string;

  constructor(size: number, name: (number: number) => string) {
    this.#codes = new Int32Array(size + 1);
    this.#name = name;
  }

  code(number: number): number {
    const known = this.#codes[number] ?? 0;
    if (known > 0) return known - 1;
    this.#codes[number] = this.texts.push(this.#name(number));
    return this.texts.length - 1;
  }
}

/** The day as ingest would hand it to a store. Views carry the communities they counted in; downloads leave them to membership. */
export function eventBatch(records: readonly BenchRecord[], day: BenchDay): EventBatch {
  const { count } = day;
  const recordTerms = new BatchTerms(records.length, recordName);
  const parentTerms = new BatchTerms(records.length, parentName);
  const countryTerms = new BatchTerms(255, countryName);
  const typeTerms = new BatchTerms(255, extension);
  const setTerms = new BatchTerms(records.length, (number) =>
    JSON.stringify((records[number - 1]?.communities ?? []).map(communityName)),
  );
  const batch = emptyBatch(count);
  for (let at = 0; at < count; at++) {
    const event = day.event[at] ?? 0;
    const record = records[(day.record[at] ?? 1) - 1];
    if (record === undefined) throw new Error("an event of no record");
    for (let part = 0; part < 4; part++) batch.id[at * 4 + part] = word(event, 30 + part);
    batch.instant[at] = day.day * MS_PER_DAY + timeOfDay(event);
    batch.record[at] = recordTerms.code(record.number);
    batch.parent[at] = parentTerms.code(record.parent);
    batch.country[at] = countryTerms.code(day.country[at] ?? 0);
    const visitor = (day.visitor[at] ?? 0) + day.day * 10_000;
    batch.visitor[at * 2] = word(visitor, 40);
    batch.visitor[at * 2 + 1] = word(visitor, 41);
    if (day.download[at] === 1) {
      const { file, bytes } = downloadedFile(record, event);
      batch.kind[at] = DOWNLOAD;
      batch.fileType[at] = typeTerms.code(record.fileTypes[file] ?? 0);
      batch.file[at * 2] = word(record.number * 8 + file, 42);
      batch.file[at * 2 + 1] = word(record.number * 8 + file, 43);
      batch.bytes[at] = bytes;
    } else batch.communitySet[at] = setTerms.code(record.number);
  }
  return {
    ...batch,
    dictionaries: {
      record: recordTerms.texts,
      parent: parentTerms.texts,
      country: countryTerms.texts,
      referrer: [],
      fileType: typeTerms.texts,
      communitySet: setTerms.texts,
    },
  };
}

function emptyBatch(count: number): Omit<EventBatch, "dictionaries"> {
  return {
    count,
    id: new Uint32Array(count * 4),
    instant: new Float64Array(count),
    updated: new Float64Array(count).fill(Number.NaN),
    kind: new Uint8Array(count).fill(VIEW),
    reader: new Uint8Array(count).fill(HUMAN),
    viaApi: new Uint8Array(count),
    record: new Int32Array(count),
    parent: new Int32Array(count),
    country: new Int32Array(count),
    referrer: new Int32Array(count).fill(NO_TERM),
    fileType: new Int32Array(count).fill(NO_TERM),
    communitySet: new Int32Array(count).fill(NO_TERM),
    visitor: new Uint32Array(count * 2),
    file: new Uint32Array(count * 2),
    bytes: new Float64Array(count),
    presence: new Uint16Array(count),
    generated: new Uint8Array(count).fill(1),
  };
}
