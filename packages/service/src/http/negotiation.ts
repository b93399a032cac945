import { BadRequestError, StatsError } from "@community-stats/contract/problems.ts";
import Negotiator from "negotiator";
import { isPlanned, type AnswerEntry, type Encoding } from "../cache/answering.ts";
import { tableCount } from "../cache/table-count.ts";
import { ARCHIVE_FORMAT } from "../export/formats.ts";
import type { Offer } from "../export/registry.ts";
import type { Serializer } from "../export/serializer.ts";
import { shorten } from "../query/parameters.ts";

/** What a request says about the form of its answer. */
export interface Wishes {
  /** Parameter `format` of the address, as it came. */
  readonly format: unknown;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
}

export interface Representation {
  readonly serializer: Serializer;
  readonly encoding: Encoding;
}

/** None of the types that the caller accepts is offered. */
export class NotAcceptableError extends StatsError {
  readonly code = "NOT_ACCEPTABLE";
  readonly status = 406;
  readonly hint: string;
  constructor(accept: string, offers: readonly Offer[]) {
    super(`Nothing is offered as "${shorten(accept)}".`);
    this.hint = `Accept one of: ${offers.map(({ mediaType }) => mediaType).join(", ")}.`;
  }
}

/** @throws BadRequestError, NotAcceptableError, both naming what is offered for these queries. */
export function chooseRepresentation(
  offers: readonly Offer[],
  wishes: Wishes,
  entries: readonly AnswerEntry[],
): Representation {
  const planned = entries.filter(isPlanned);
  const open = offers.filter(
    ({ enabledFor }) => enabledFor === null || planned.every(({ query }) => enabledFor.has(query)),
  );
  const { serializer, encoding } = wishes.format === undefined ? accepted(open, wishes) : named(open, wishes.format);
  // Plain CSV holds one table and no word of what failed; the archive holds both.
  const isOneTable = planned.length === entries.length && tableCount(planned) === 1;
  if (serializer.id === "csv" && !isOneTable) return { serializer: ARCHIVE_FORMAT, encoding: "identity" };
  if (!serializer.compressible) return { serializer, encoding: "identity" };
  return { serializer, encoding: encoding ?? chooseEncoding(wishes.acceptEncoding) };
}

function named(offers: readonly Offer[], format: unknown): Offer {
  const found = offers.find(({ serializer }) => serializer.id === format);
  if (found !== undefined) return { ...found, encoding: null };
  const ids = [...new Set(offers.map(({ serializer }) => serializer.id))];
  throw new BadRequestError(
    "UNKNOWN_FORMAT",
    `There is no format ${shorten(JSON.stringify(format) ?? "")} for this request.`,
    `Use one of: ${ids.join(", ")}.`,
  );
}

function accepted(offers: readonly Offer[], wishes: Wishes): Offer {
  // A header that names nothing refuses nothing.
  const accept = /[^\s,]/.test(wishes.accept ?? "") ? (wishes.accept ?? "") : "*/*";
  // Every text of ours is UTF-8, whatever else would be accepted.
  const header = accept.replaceAll(/;\s*charset\s*=\s*("[^"]*"|[^;,]*)/gi, "");
  const types = offers.map(({ mediaType }) => mediaType);
  const chosen = new Negotiator({ headers: { accept: header } }).mediaType(types);
  const found = offers.find(({ mediaType }) => mediaType === chosen);
  if (found === undefined) throw new NotAcceptableError(accept, offers);
  return found;
}

const ENCODINGS: readonly Encoding[] = ["br", "gzip", "identity"];

/** What is welcome most; brotli, then gzip, where they are equally welcome. */
function chooseEncoding(header: string | undefined): Encoding {
  if (header === undefined) return "identity";
  // Among equals the negotiator takes the one that is named first.
  const rank = (part: string) => ENCODINGS.findIndex((encoding) => part.trim().toLowerCase().startsWith(encoding));
  const sorted = header.split(",").toSorted((a, b) => (rank(a) >>> 0) - (rank(b) >>> 0));
  const negotiator = new Negotiator({ headers: { "accept-encoding": sorted.join(",") } });
  const chosen = negotiator.encoding([...ENCODINGS]);
  return ENCODINGS.find((encoding) => encoding === chosen) ?? "identity";
}
