import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { CommandLine } from "./process.ts";

it("goes on serving when nobody reads any more what it says", async () => {
  await using line = new CommandLine();
  const server = line.start(["serve"], { PORT: "0", COMMUNITY_STATS_LOG_LEVEL: "trace" });
  const ended = once(server, "exit");
  let said = "";
  const address = await new Promise<string>((resolve) => {
    server.stdout.on("data", (chunk: Buffer) => {
      said += String(chunk);
      const [, found] = /served at (http:\/\/[^/\s]+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  server.stdout.destroy();
  server.stderr.destroy();
  for (const _ of Array.from({ length: 3 })) {
    expect((await fetch(`${address}/api/stats-dashboard/status`)).status).toBe(200);
  }
  server.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

it("ends quietly when the reader of its answer goes away", async () => {
  await using line = new CommandLine();
  const command = line.start(["config", "show"]);
  const ended = once(command, "exit");
  command.stdout.destroy();
  let told = "";
  command.stderr.on("data", (chunk: Buffer) => (told += String(chunk)));
  expect(await ended).toEqual([0, null]);
  await vi.waitFor(() => expect(command.stderr.closed).toBe(true), { timeout: 20_000 });
  expect(told).toBe("");
});
