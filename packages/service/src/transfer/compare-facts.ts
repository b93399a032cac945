import { appendedLine } from "../engine/appended-line.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { LinesDigest, recordText } from "./fact-digest.ts";

/** What differs between two stores, in words; nothing where they hold the same facts. Events are told by their days. */
export async function differences(from: FactStore, to: FactStore): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [what, digest] of Object.entries(DIGESTS)) {
    const [own, other] = [await digest(from), await digest(to)];
    if (own.text !== other.text) found.push(`${what}: ${own.count} in the source, ${other.count} in the target`);
  }
  const days = new Map((await from.eventDays()).map(({ day, count }) => [day, count]));
  let [surplus, events] = [0, 0];
  for (const { day, count } of await to.eventDays()) {
    if (days.has(day)) continue;
    surplus++;
    events += count;
  }
  if (surplus > 0) found.push(`events: the target has ${events} on ${surplus} days of which the source knows nothing`);
  return found;
}

const DIGESTS: Readonly<Record<string, (facts: FactStore) => Promise<LinesDigest>>> = {
  communities: async (facts) => {
    const digest = new LinesDigest();
    for (const line of await facts.communities()) digest.add(JSON.stringify(Object.entries(line).toSorted(byName)));
    return digest;
  },
  "record lines": async (facts) => {
    const digest = new LinesDigest();
    for await (const line of facts.recordLines()) digest.add(recordText(appendedLine(line)));
    return digest;
  },
  memberships: async (facts) => {
    const digest = new LinesDigest();
    for await (const { record, community, type, at } of facts.membershipLines()) {
      digest.add(JSON.stringify([record, community, type, at]));
    }
    return digest;
  },
  deletions: async (facts) => {
    const digest = new LinesDigest();
    for await (const { record, at } of facts.deletionLines()) digest.add(JSON.stringify([record, at]));
    return digest;
  },
};

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
