import { readFileSync } from "node:fs";
import { EventInstance, type TestEvent } from "./event-instance.ts";

const folder = new URL("../../../../fixtures/invenio/", import.meta.url);
/** Membership events as the original wrote them. */
export const MEMBERSHIPS = readFileSync(new URL("stats-community-events.ndjson", folder), "utf8").trim().split("\n");
const DAILY = readFileSync(new URL("stats-community-usage-delta.ndjson", folder), "utf8").trim().split("\n");

const told = MEMBERSHIPS.map((line): { record_id: string; event_date: string } => JSON.parse(line));
export const RECORDS: readonly string[] = Array.from(new Set(told.map(({ record_id }) => record_id)));

/** Events of a month, an hour apart. */
export function originalEvents(month: string, count: number, added: object = {}): readonly TestEvent[] {
  return Array.from({ length: count }, (_, at) => ({
    timestamp: new Date(Date.parse(`${month}-03T00:00:00Z`) + at * 3_600_000).toISOString().slice(0, 19),
    recid: RECORDS[at % RECORDS.length] ?? "",
    visitor: `v${at % 5}`,
    added,
  }));
}

/** As the original's migration enriched: today's metadata, without what its wrong paths never found. */
export const BY_ORIGINAL = {
  community_ids: ["wrong"],
  resource_type: { id: "dataset", title: { en: "Dataset" }, "@v": "1" },
  languages: null,
  funders: [],
  affiliations: [],
  journal_title: null,
  subjects: [],
};

/**
 * An installation that the original 0.5.0 left in the middle of its migration: its template (strict, above the repository's, with the alias of
 * readers), months in every state that it can leave, its bookmarks, its membership events, one of its daily documents.
 */
export class OriginalInstallation {
  readonly instance: EventInstance;

  private constructor(instance: EventInstance) {
    this.instance = instance;
  }

  static async make(): Promise<OriginalInstallation> {
    const left = new OriginalInstallation(await EventInstance.make());
    const { instance } = left;
    for (const month of ["2025-10", "2025-11", "2025-12"]) await instance.write("view", originalEvents(month, 60));
    await left.#putTemplate();
    await left.#finished("2025-10");
    await left.#halfDone("2025-11");
    await left.#shownEmpty("2025-12");
    await left.#cutOver("2026-01");
    // A month that began after the migration: enriched, under the plain name.
    await instance.write("view", originalEvents("2026-02", 40, BY_ORIGINAL));
    await left.#putFacts();
    return left;
  }

  async remove(): Promise<void> {
    await this.instance.ask("DELETE", `/_index_template/${this.instance.prefix}record-view-v2.0.0`);
    await this.instance.remove();
  }

  #enriched(month: string): string {
    return `${this.instance.index("view", month)}-v2.0.0`;
  }

  /** All copied and readers brought over; the old index kept. */
  async #finished(month: string): Promise<void> {
    await this.instance.write("view", originalEvents(month, 60, BY_ORIGINAL), this.#enriched(month));
    await this.#showInstead(this.instance.index("view", month));
  }

  /** Interrupted: its template has put the new index into the alias of readers, who see twenty events twice. */
  async #halfDone(month: string): Promise<void> {
    await this.instance.write("view", originalEvents(month, 20, BY_ORIGINAL), this.#enriched(month));
  }

  /** The first batch failed, and it was taken for the end: readers see an empty index. */
  async #shownEmpty(month: string): Promise<void> {
    await this.instance.ask("PUT", `/${this.#enriched(month)}`);
    await this.#showInstead(this.instance.index("view", month));
  }

  /** The old index deleted, its name an alias; five late events are in the copy only. */
  async #cutOver(month: string): Promise<void> {
    const { instance } = this;
    const copy = `backup-${instance.index("view", month)}`;
    await instance.write("view", originalEvents(month, 55), copy);
    await instance.write("view", originalEvents(month, 50, BY_ORIGINAL), this.#enriched(month));
    const alias = instance.index("view", month);
    await instance.ask("POST", "/_aliases", { actions: [{ add: { index: this.#enriched(month), alias } }] });
  }

  async #showInstead(index: string): Promise<void> {
    const alias = this.instance.base("view");
    await this.instance.ask("POST", "/_aliases", { actions: [{ remove: { index, alias } }] });
  }

  async #putTemplate(): Promise<void> {
    const { instance } = this;
    const keyword = { type: "keyword" };
    const names = ["recid", "parent_recid", "unique_id", "visitor_id", "unique_session_id", "country", "referrer"];
    const enriched = ["community_ids", "journal_title", "publisher", "access_status", "file_types"];
    const flags = ["via_api", "is_robot", "is_machine"].map((name) => [name, { type: "boolean" }]);
    const entry = {
      type: "object",
      properties: { id: keyword, title: { type: "object", dynamic: true }, "@v": keyword },
    };
    const entries = ["resource_type", "languages", "funders", "affiliations", "subjects", "rights"];
    const properties = {
      timestamp: { type: "date", format: "strict_date_hour_minute_second" },
      updated_timestamp: { type: "date" },
      ...Object.fromEntries([...names, ...enriched].map((name) => [name, keyword])),
      ...Object.fromEntries(flags),
      ...Object.fromEntries(entries.map((name) => [name, entry])),
    };
    const answer = await instance.ask("PUT", `/_index_template/${instance.prefix}record-view-v2.0.0`, {
      index_patterns: [`${instance.base("view")}-*`],
      priority: 110,
      template: {
        settings: { index: { number_of_shards: 1, number_of_replicas: 0 } },
        mappings: { dynamic: "strict", properties },
        aliases: { [instance.base("view")]: {} },
      },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async #putFacts(): Promise<void> {
    await this.#putAll("stats-community-events-2025", MEMBERSHIPS, "stats-community-events");
    const records = told.map(({ record_id, event_date }) => JSON.stringify(recordDocument(record_id, event_date)));
    await this.#putAll("rdmrecords-records-record-v7.0.0-1", records, "rdmrecords-records");
    await this.#putAll("stats-community-usage-delta-2025", DAILY, "stats-community-usage-delta");
    await this.#putAll("stats-bookmarks-reindexing", [JSON.stringify({ task_id: "view-2025-11-reindexing" })], null);
  }

  async #putAll(name: string, lines: readonly string[], alias: string | null): Promise<void> {
    const { instance } = this;
    const index = `${instance.prefix}${name}`;
    for (const [at, line] of lines.entries()) await instance.ask("PUT", `/${index}/_doc/id${at}`, JSON.parse(line));
    if (alias !== null) await instance.ask("PUT", `/${index}/_alias/${instance.prefix}${alias}`);
    await instance.ask("POST", `/${index}/_refresh`);
  }
}

function recordDocument(id: string, created: string): object {
  return {
    id,
    created,
    updated: created,
    is_published: true,
    is_draft: false,
    parent: { id: `p-${id}`, communities: { ids: [] } },
    access: { status: "open" },
    metadata: {
      resource_type: { id: "dataset", title: { en: "Dataset", de: "Datensatz" } },
      publication_date: "2025",
      funding: [{ funder: { id: "00k4n6c32", name: "European Commission" } }],
      creators: [{ person_or_org: { name: "Doe" }, affiliations: [{ id: "0uni00001", name: "Uni One" }] }],
    },
    custom_fields: { "journal:journal": { title: "Journal of Things" } },
    files: { enabled: true, entries: [{ key: "a.pdf", ext: "pdf", size: 5 }] },
  };
}
