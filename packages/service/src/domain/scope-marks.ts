import { eachRun } from "./ledger-communities.ts";
import { countedColumns } from "./ledger-states.ts";
import type { RecordHistory, ValueColumn } from "./record-history.ts";

/** Marks of scopes: 16 hexadecimal digits each. Scopes with the same mark have the same book (`Ledger.book`) in every basis. */
export interface ScopeMarks {
  readonly global: string;
  /** By community code. */
  readonly communities: readonly string[];
  /** Of a community without records. */
  readonly empty: string;
}

/**
 * Marks everything that the ledger reads of each scope: records, their states with files and values of counted breakdowns, deletions and
 * memberships. Marks are sums over records, so the order of records does not matter. Two different scopes have the same mark by a chance
 * of 2^-64.
 */
export function scopeMarks(history: RecordHistory): ScopeMarks {
  const { records, memberships, communities } = history;
  const marks = recordMarks(history);
  const mixer = new Mixer();
  const sums = new Sums(communities.length + 1);
  const global = communities.length;
  for (let record = 0; record < records.count; record++) sums.add(global, marks.of(mixer, record));
  const instants = [bits(memberships.open), bits(memberships.close)] as const;
  eachRun(history, (community, { record, from, to }) => {
    marks.of(mixer, record);
    for (let at = from; at < to; at++) for (const words of instants) mixer.addDouble(words, at);
    sums.add(community, mixer);
  });
  return {
    global: sums.text(global),
    communities: communities.map((_, code) => sums.text(code)),
    empty: new Sums(1).text(0),
  };
}

/** Two words of 32 bits that each number of a sequence changes, in different ways. */
class Mixer {
  a = 0;
  b = 0;

  begin(a = 0x243f_6a88, b = 0x1319_8a2e): this {
    this.a = a | 0;
    this.b = b | 0;
    return this;
  }

  add(value: number): void {
    this.addPair(value, value);
  }

  addPair(a: number, b: number): void {
    const mixed = Math.imul(this.a ^ a, 0x9e37_79b1);
    this.a = mixed ^ (mixed >>> 15);
    const other = Math.imul(this.b + b, 0x85eb_ca6b);
    this.b = (other << 13) | (other >>> 19);
  }

  addDouble(words: Int32Array, at: number): void {
    this.add(words[2 * at] ?? 0);
    this.add(words[2 * at + 1] ?? 0);
  }

  /** Spreads the last numbers over all bits, so that sums of marks can be told apart. */
  end(): this {
    this.a = spread(this.a);
    this.b = spread(this.b);
    return this;
  }
}

function spread(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x7feb_352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846c_a68b);
  return mixed ^ (mixed >>> 16);
}

/** The bits of doubles, two words each. */
function bits(column: Float64Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, 2 * column.length);
}

/** Pairs of words by number. */
class Pairs {
  readonly a: Int32Array;
  readonly b: Int32Array;

  constructor(count: number) {
    this.a = new Int32Array(count);
    this.b = new Int32Array(count);
  }

  set(at: number, { a, b }: Mixer): void {
    this.a[at] = a;
    this.b[at] = b;
  }

  addTo(mixer: Mixer, at: number): void {
    mixer.addPair(this.a[at] ?? 0, this.b[at] ?? 0);
  }

  /** The mixer, as it was when the pair was set. */
  of(mixer: Mixer, at: number): Mixer {
    return mixer.begin(this.a[at], this.b[at]);
  }
}

class Sums extends Pairs {
  add(at: number, mixer: Mixer): void {
    const { a, b } = mixer.end();
    this.a[at] = (this.a[at] ?? 0) + a;
    this.b[at] = (this.b[at] ?? 0) + b;
  }

  text(at: number): string {
    return [this.a, this.b].map((words) => ((words[at] ?? 0) >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

function recordMarks(history: RecordHistory): Pairs {
  const { records, states, deletions } = history;
  const files = fileMarks(history);
  const columns = countedColumns(history.values).map((column) => ({ setOf: column.setOf, sets: setMarks(column) }));
  const [from, created] = [bits(states.from), bits(records.created)];
  const intervals = [bits(deletions.open), bits(deletions.close)] as const;
  const mixer = new Mixer();
  const marks = new Pairs(records.count);
  for (let record = 0; record < records.count; record++) {
    mixer.begin();
    mixer.add(records.code[record] ?? 0);
    mixer.addDouble(created, record);
    mixer.add(records.published[record] ?? 0);
    const end = records.firstState[record + 1] ?? 0;
    for (let state = records.firstState[record] ?? 0; state < end; state++) {
      mixer.addDouble(from, state);
      mixer.add(states.parent[state] ?? 0);
      mixer.add(states.owner[state] ?? 0);
      mixer.add(states.withFiles[state] ?? 0);
      files.addTo(mixer, states.fileSet[state] ?? 0);
      for (const { setOf, sets } of columns) sets.addTo(mixer, setOf[state] ?? 0);
    }
    const last = records.firstDeletion[record + 1] ?? 0;
    for (let at = records.firstDeletion[record] ?? 0; at < last; at++)
      for (const words of intervals) mixer.addDouble(words, at);
    mixer.add(end - (records.firstState[record] ?? 0));
    marks.set(record, mixer);
  }
  return marks;
}

/** Of file sets. */
function fileMarks({ files }: RecordHistory): Pairs {
  const { setStart, id, type } = files;
  const mixer = new Mixer();
  const bytes = bits(files.bytes);
  const marks = new Pairs(Math.max(0, setStart.length - 1));
  for (let set = 0; set + 1 < setStart.length; set++) {
    mixer.begin();
    const end = setStart[set + 1] ?? 0;
    for (let file = setStart[set] ?? 0; file < end; file++) {
      mixer.add(id[file] ?? 0);
      mixer.add(type[file] ?? 0);
      mixer.addDouble(bytes, file);
    }
    marks.set(set, mixer);
  }
  return marks;
}

/** Of the sets of a column. */
function setMarks({ setStart, setValues }: ValueColumn): Pairs {
  const mixer = new Mixer();
  const marks = new Pairs(Math.max(0, setStart.length - 1));
  for (let set = 0; set + 1 < setStart.length; set++) {
    mixer.begin();
    const end = setStart[set + 1] ?? 0;
    for (let at = setStart[set] ?? 0; at < end; at++) mixer.add(setValues[at] ?? 0);
    marks.set(set, mixer);
  }
  return marks;
}
