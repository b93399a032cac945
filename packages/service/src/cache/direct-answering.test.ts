import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { expect, it, vi } from "vitest";
import { openMemory } from "../engines/memory/open.ts";
import { JSON_FORMAT } from "../export/formats.ts";
import { Queries } from "../query/queries.ts";
import { directAnswering } from "./direct-answering.ts";

it("writes nothing for a caller who left before the writing began", async () => {
  const engine = openMemory({ clock: Date.now });
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 10, now: Date.now });
  const caller = new AbortController();
  const status = queries.status.bind(queries);
  vi.spyOn(queries, "status").mockImplementation(async () => {
    caller.abort(new Error("the caller has left"));
    return await status();
  });
  const write = vi.fn<typeof JSON_FORMAT.write>();
  const answer = directAnswering({ queries, site: { repositoryTitle: "", siteUrl: "" } }).answer({
    entries: [],
    shape: "labelled",
    serializer: { ...JSON_FORMAT, write },
    encoding: "identity",
    problemOf: null,
    signal: caller.signal,
  });
  await expect(answer).rejects.toThrow("the caller has left");
  expect(write).not.toHaveBeenCalled();
});
