import type { EventRows } from "./event-rows.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import type { EventBatch, EventTermKind } from "./facts.ts";

/** The inverse of `withCodes`: rows whose texts are their own, for another store. */
export function withTexts(rows: EventRows, text: (kind: EventTermKind, code: number) => string): EventBatch {
  const own = {
    record: new OwnTexts(rows.record),
    parent: new OwnTexts(rows.parent),
    country: new OwnTexts(rows.country),
    referrer: new OwnTexts(rows.referrer),
    fileType: new OwnTexts(rows.fileType),
    communitySet: new OwnTexts(rows.communitySet),
  };
  const texts = (kind: EventTermKind): readonly string[] => own[kind].codes.map((code) => text(kind, code));
  return {
    ...rows,
    record: own.record.column,
    parent: own.parent.column,
    country: own.country.column,
    referrer: own.referrer.column,
    fileType: own.fileType.column,
    communitySet: own.communitySet.column,
    dictionaries: {
      record: texts("record"),
      parent: texts("parent"),
      country: texts("country"),
      referrer: texts("referrer"),
      fileType: texts("fileType"),
      communitySet: texts("communitySet"),
    },
  };
}

/** A column by the places of its codes in a list of those that occur. */
class OwnTexts {
  readonly codes: number[] = [];
  readonly column: Int32Array;

  constructor(column: Int32Array) {
    const places = new Map<number, number>();
    this.column = column.map((code) => {
      if (code === NO_TERM) return NO_TERM;
      const known = places.get(code);
      if (known !== undefined) return known;
      places.set(code, this.codes.length);
      return this.codes.push(code) - 1;
    });
  }
}
