import type { CDPSession } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Of the processor, in microseconds. */
  readonly tdur: number;
  /** What it is about, as JSON. */
  readonly args: string;
}

function traceEvent(event: object): TraceEvent {
  const number = (name: string): number => Number(Reflect.get(event, name) ?? 0);
  const args = JSON.stringify(Reflect.get(event, "args") ?? {});
  return {
    name: String(Reflect.get(event, "name")),
    pid: number("pid"),
    tid: number("tid"),
    tdur: number("tdur"),
    args,
  };
}

const TASK = /RunTask$/;

/**
 * Follows the thread that scripts of these addresses run on. The answer ends it and tells the longest task in milliseconds of the
 * processor: how long the page was blocked, without what other programs of the machine took meanwhile.
 */
export async function followMainThread(session: CDPSession, origin: string): Promise<() => Promise<number>> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value.map(traceEvent)));
  const traceConfig = { includedCategories: ["toplevel", "devtools.timeline"] };
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  return async () => {
    const complete = new Promise((resolve) => {
      session.once("Tracing.tracingComplete", resolve);
    });
    await session.send("Tracing.end");
    await complete;
    const call = events.find(({ name, args }) => name === "FunctionCall" && args.includes(`"url":"${origin}/`));
    if (call === undefined) throw new Error(`No script of ${origin} has run.`);
    const tasks = events.filter(({ name, pid, tid }) => pid === call.pid && tid === call.tid && TASK.test(name));
    return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
  };
}
