import { describe, expect, it } from "vitest";
import { FileSets, type FileInput } from "./file-sets.ts";

const file = (key: string, more: Partial<FileInput> = {}): FileInput => ({
  key,
  bytes: 5,
  checksum: "md5:x",
  type: 1,
  ...more,
});

/** Numbers of the sets of one record's states. */
function setsOf(states: readonly (readonly FileInput[])[]): { sets: readonly number[]; ids: readonly number[][] } {
  const builder = new FileSets();
  builder.beginRecord();
  const sets = states.map((files) => builder.add(files));
  const { setStart, id } = builder.finish();
  return { sets, ids: sets.map((set) => [...id.subarray(setStart[set] ?? 0, setStart[set + 1] ?? 0)]) };
}

describe("file sets", () => {
  it("are shared by neighbouring states with the same files, in whatever order they are listed", () => {
    const { sets } = setsOf([
      [file("a"), file("b")],
      [file("a"), file("b")],
      [file("b"), file("a")],
    ]);
    expect(new Set(sets).size).toBe(1);
  });

  it.each([
    ["key", file("c")],
    ["size", file("a", { bytes: 6 })],
    ["size that is no longer known", file("a", { bytes: null })],
    ["checksum", file("a", { checksum: "md5:y" })],
  ])("hold another file after a change of its %s (T9.1 decision 2)", (_, changed) => {
    const { sets, ids } = setsOf([
      [file("a"), file("b")],
      [changed, file("b")],
    ]);
    expect(sets[1]).not.toBe(sets[0]);
    expect(ids).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("differ where only the type of a file does, though it is the same file", () => {
    const { sets, ids } = setsOf([[file("a")], [file("a", { type: 2 })]]);
    expect(sets[1]).not.toBe(sets[0]);
    expect(ids).toEqual([[0], [0]]);
  });

  it("know a file that comes back", () => {
    expect(setsOf([[file("a")], [file("b")], [], [file("a")]]).ids).toEqual([[0], [1], [], [0]]);
  });

  it("hold a file that is listed twice once", () => {
    expect(setsOf([[file("a"), file("a")]]).ids).toEqual([[0]]);
  });

  it("are never shared by two records", () => {
    const builder = new FileSets();
    builder.beginRecord();
    const first = builder.add([file("a")]);
    builder.beginRecord();
    expect(builder.add([file("a")])).not.toBe(first);
  });

  it("sum bytes, an unknown size as none", () => {
    const builder = new FileSets();
    builder.beginRecord();
    const set = builder.add([file("a"), file("b", { bytes: null }), file("c", { bytes: 7 })]);
    expect(builder.finish().setBytes[set]).toBe(12);
  });
});
