import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packedSource } from "../engine/packed-source.ts";
import { LocalSourceReading, openSourceReading, type SourceReading, ThreadSourceReading } from "./source-thread.ts";
import { valuePlans } from "./value-columns.ts";

const PLANS = valuePlans(DEFAULT_BREAKDOWNS);
const sourceOf = (number: number): string =>
  JSON.stringify({
    metadata: {
      resource_type: { id: `type-${number % 3}`, title: { en: `Type ${number % 3}` } },
      languages: Array.from({ length: number % 4 }, (_, index) => ({ id: `l${index}` })),
      publisher: `Publisher ${number}`,
    },
  });
const SOURCES = Array.from({ length: 200 }, (_, number) => sourceOf(number));

describe("a thread that reads sources", () => {
  let thread: SourceReading;
  beforeEach(() => {
    thread = new ThreadSourceReading(PLANS);
  });
  afterEach(() => thread.close());

  it("reads what is read here, packed or not, and answers in order", async () => {
    const here = await new LocalSourceReading(PLANS).read(SOURCES);
    expect(here.values.flat()).toContain("Publisher 199");
    const [packed, first, none] = await Promise.all([
      thread.read(SOURCES.map(packedSource)),
      thread.read(SOURCES.slice(0, 1)),
      thread.read([]),
    ]);
    expect(packed).toEqual(here);
    expect(first.values.flat()).toContain("Publisher 0");
    expect(none.places).toHaveLength(0);
  });

  it("tells of a source that is no JSON, and reads on", async () => {
    await expect(thread.read(["{"])).rejects.toThrow(/JSON/);
    expect((await thread.read(SOURCES)).places.length).toBeGreaterThan(0);
  });

  it("fails what it owes when it is ended", async () => {
    const owed = thread.read(SOURCES);
    await thread.close();
    await expect(owed).rejects.toThrow(/ended/);
  });
});

it.each([
  [{ workers: 1, records: 1_000_000 }, LocalSourceReading],
  [{ workers: 2, records: 100 }, LocalSourceReading],
  [{ workers: 2, records: 1_000_000 }, ThreadSourceReading],
])("a thread is worth it for many records and a second core: %o", (given, kind) => {
  expect(openSourceReading(PLANS, given)).toBeInstanceOf(kind);
});
