import type { MessagePort, Transferable } from "node:worker_threads";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { type DayResult, LocalDayCounter } from "./day-counter.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/** The life of a counting thread: counts what it is told to, one after the other, until it is told to stop. */
export async function countForParent(port: MessagePort, facts: FactStore, start: WorkerStart): Promise<void> {
  const talk = new Talk(port);
  const counter = new LocalDayCounter({ facts, tables: start.tables, internSets: (texts) => talk.codesOf(texts) });
  let counting = Promise.resolve();
  await new Promise<void>((resolve) => {
    port.on("message", (message: ToWorker) => {
      if (message.kind === "stop") resolve();
      else if (message.kind === "codes") talk.takeCodes(message.codes);
      else {
        const { days } = message;
        counting = counting.then(() => countAll(counter, days, talk)).catch((error: unknown) => talk.broken(error));
      }
    });
  });
}

async function countAll(counter: LocalDayCounter, days: readonly DayNumber[], talk: Talk): Promise<void> {
  for await (const result of counter.count(days)) talk.say({ kind: "result", result }, buffersOf(result));
  talk.say({ kind: "end" });
}

class Talk {
  readonly #port: MessagePort;
  #answer: (codes: Int32Array) => void = () => undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  say(message: FromWorker, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  broken(error: unknown): void {
    this.say({ kind: "broken", error: String(error) });
  }

  codesOf(texts: readonly string[]): Promise<Int32Array> {
    const answer = new Promise<Int32Array>((resolve) => {
      this.#answer = resolve;
    });
    this.say({ kind: "sets", texts });
    return answer;
  }

  takeCodes(codes: Int32Array): void {
    this.#answer(codes);
  }
}

function buffersOf(result: DayResult): Transferable[] {
  if (result.kind !== "counted") return [];
  const arrays = [...Object.values(result.packed), result.records] as const;
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}
