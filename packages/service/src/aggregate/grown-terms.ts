import { sharedInt32 } from "../domain/columns.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { FactStore } from "../engine/fact-store.ts";

/** Codes of a history are those of the facts, then its own for texts that the facts did not number: how many of the former, and the latter. */
export type SavedTerms = Readonly<Record<HistoryTerm, { readonly known: number; readonly own: readonly string[] }>>;
const HISTORY_TERMS = ["record", "parent", "owner", "community"] as const;
type HistoryTerm = (typeof HISTORY_TERMS)[number];

/** What became of the codes of one kind since a history was kept. */
interface GrownKind {
  /** Codes below are as they were. */
  readonly known: number;
  /** Code by which a text is known now that had `known + index` of the history's own. */
  readonly moved: Int32Array;
  /** Texts of the codes from `known` on. */
  readonly texts: readonly string[];
}
export type GrownTerms = Readonly<Record<HistoryTerm, GrownKind>>;

/** Facts number a text when an event names it: a history's own codes give way to those of the facts. */
export async function grownTerms(facts: FactStore, saved: SavedTerms): Promise<GrownTerms> {
  const kinds: Partial<Record<HistoryTerm, GrownKind>> = {};
  for (const kind of HISTORY_TERMS) {
    const { known, own } = saved[kind];
    kinds[kind] = grownKind(known, own, await facts.terms(kind, known));
  }
  const { record, parent, owner, community } = kinds;
  if (record === undefined || parent === undefined || owner === undefined || community === undefined) {
    throw new Error("a kind of terms was left out");
  }
  return { record, parent, owner, community };
}

function grownKind(known: number, own: readonly string[], fresh: readonly string[]): GrownKind {
  const codes = new Map(fresh.map((text, index) => [text, known + index]));
  const texts = [...fresh];
  const moved = Int32Array.from(own, (text) => codes.get(text) ?? known + texts.push(text) - 1);
  return { known, moved, texts };
}

/** The history with the codes of now. Members of a record stay in the order of their former codes. */
export function withGrownTerms(history: RecordHistory, grown: GrownTerms): RecordHistory {
  const { records, states, memberships, communities } = history;
  const code = movedCodes(records.code, grown.record);
  return {
    ...history,
    records: { ...records, code, indexOfCode: code === records.code ? records.indexOfCode : indexByCode(code) },
    states: {
      ...states,
      parent: movedCodes(states.parent, grown.parent),
      owner: movedCodes(states.owner, grown.owner),
    },
    memberships: { ...memberships, community: movedCodes(memberships.community, grown.community) },
    communities: [...communities.slice(0, grown.community.known), ...grown.community.texts],
  };
}

function movedCodes(codes: Int32Array, { known, moved }: GrownKind): Int32Array {
  if (moved.every((code, index) => code === known + index)) return codes;
  const now = sharedInt32(codes.length);
  codes.forEach((code, at) => (now[at] = code < known ? code : (moved[code - known] ?? code)));
  return now;
}

function indexByCode(codes: Int32Array): Int32Array {
  const index = sharedInt32(codes.reduce((most, code) => Math.max(most, code), -1) + 1).fill(-1);
  codes.forEach((code, at) => (index[code] = at));
  return index;
}
