import { expect, it } from "vitest";
import { openMemory } from "../engines/memory/open.ts";
import { aloneOn } from "./month-lease.ts";

const KEY = { type: "view", month: "2025-03" } as const;
const OTHER = { type: "download", month: "2025-03" } as const;

it("lets one work on a month, and others on other months", async () => {
  const { control } = openMemory({ clock: Date.now });
  const options = { control, owner: "elsewhere.example:1", now: Date.now };
  const inside = await aloneOn(options, KEY, async () => [
    await aloneOn(options, KEY, async () => "two at once"),
    await aloneOn(options, OTHER, async () => "another month"),
  ]);
  expect(inside).toEqual([null, "another month"]);
  expect(await aloneOn(options, KEY, async () => "afterwards")).toBe("afterwards");
});

it("tells a process that slept too long that the month may be another's", async () => {
  const { control } = openMemory({ clock: Date.now });
  let time = 1000;
  const held = await aloneOn({ control, owner: "elsewhere.example:1", now: () => time }, KEY, async (isHeld) => {
    const before = isHeld();
    time += 60_000;
    return [before, isHeld()];
  });
  expect(held).toEqual([true, false]);
});

it("frees the month when the work fails", async () => {
  const { control } = openMemory({ clock: Date.now });
  const options = { control, owner: "elsewhere.example:1", now: Date.now };
  await expect(aloneOn(options, KEY, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await control.leases(Date.now())).toEqual([]);
});
