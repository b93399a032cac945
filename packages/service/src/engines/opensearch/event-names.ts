import type { EventIndex, EventType } from "../../engine/event-indices.ts";
import { indexNames } from "./names.ts";

const KINDS: Readonly<Record<EventType, string>> = { view: "record-view", download: "file-download" };

export type NamedIndex = Pick<EventIndex, "type" | "month" | "form" | "version">;

/** How indices of events are called: by the repository, by the original, by us. */
export class EventNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Without the month. */
  base(type: EventType): string {
    return `${this.#prefix}events-stats-${KINDS[type]}`;
  }

  /** All of them, for the path of a request. */
  get patterns(): string {
    const bases = [this.base("view"), this.base("download")];
    return bases.flatMap((base) => [`${base}-*`, `backup-${base}-*`]).join(",");
  }

  /** Those that this product makes. */
  get enrichedPatterns(): readonly string[] {
    return [`${this.base("view")}-*-v2.0.*`, `${this.base("download")}-*-v2.0.*`];
  }

  get template(): string {
    return indexNames(this.#prefix).template("events");
  }

  /** What an index is by its name; null for what is no index of events, such as another instance's. */
  parse(name: string): NamedIndex | null {
    const bare = name.startsWith("backup-") ? name.slice("backup-".length) : name;
    const type = (["view", "download"] as const).find((one) => bare.startsWith(`${this.base(one)}-`));
    if (type === undefined) return null;
    const found = /^-(\d{4}-\d{2})(-\d{2})?(?:-(?:v2\.0\.(\d+)|(backup)))?$/.exec(bare.slice(this.base(type).length));
    if (found === null) return null;
    const [, month = "", , version, suffix] = found;
    if (version !== undefined) return { type, month, form: "enriched", version: Number(version) };
    return { type, month, form: suffix === undefined && bare === name ? "plain" : "copy", version: null };
  }
}
