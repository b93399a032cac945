import type { ChunkSettings } from "./chunk-size.ts";
import type { ControlStore } from "./control-store.ts";
import type { DocumentPublisher } from "./document-publisher.ts";
import type { EventIndices } from "./event-indices.ts";
import type { FactStore } from "./fact-store.ts";
import type { InstanceSource } from "./instance-source.ts";
import type { RollupStore } from "./rollup-store.ts";
import type { SharedWork } from "./shared-work.ts";

/** The three stores of an engine. */
export interface Engine {
  readonly name: string;
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly control: ControlStore;
  /** The repository's own indices, where the engine lives beside them. */
  readonly instance?: InstanceSource;
  /** Where several machines share the work. */
  readonly work?: SharedWork;
  /** Those that hold its events, month by month, for enriching them. */
  readonly eventIndices?: EventIndices;
  /** Puts daily documents beside them, where others read them. */
  publisher?(chunks: ChunkSettings, timeoutMs: number): DocumentPublisher;
  close(): Promise<void>;
}
