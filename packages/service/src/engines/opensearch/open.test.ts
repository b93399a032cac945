import { createServer } from "node:net";
import { expect, it } from "vitest";
import { SearchUnreachableError } from "../../engine/search-errors.ts";
import { openOpenSearch } from "./open.ts";
import { FIRST_CONTACT, waits } from "./retry.ts";

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("tells soon that nobody answers at the address", async () => {
  const port = await closedPort();
  const opening = openOpenSearch({
    nodes: [`http://me:secret@127.0.0.1:${port}`],
    redisUrl: "redis://127.0.0.1:1",
    indexPrefix: "",
    retry: { firstMs: 1, longestMs: 1, totalMs: 2 },
  });
  const refused = await opening.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SearchUnreachableError);
  expect(String(refused)).toContain(`OpenSearch at http://127.0.0.1:${port} did not answer`);
  expect([...waits(FIRST_CONTACT)].reduce((sum, wait) => sum + wait, 0)).toBeLessThan(10_000);
});
