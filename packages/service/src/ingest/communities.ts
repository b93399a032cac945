import { type Instant, parseInstant } from "@community-stats/contract/days.ts";
import type { CommunityLine } from "../engine/facts.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isAbsent, isObject, type JsonObject, type LineResult, objectIn, reject, termOf } from "./document.ts";
import { unwrap } from "./kinds.ts";

const ENABLED = "stats:dashboard_enabled";
const LAYOUT = "stats:dashboard_layout";

/** A community of the REST API or of the index. Only what says `public` is public: a community that says nothing is held back. */
export function communityLine(value: JsonObject): LineResult<CommunityLine> {
  const { document } = unwrap(value);
  const id = termOf(document["id"]);
  if (id === null) return reject("no id");
  if (id === "global") return reject('"global" is no id of a community');
  const { visibility } = objectIn(document, "access");
  if (visibility !== "public" && visibility !== "restricted") {
    return reject("access.visibility is neither public nor restricted");
  }
  const [created, updated] = [timeOf(document["created"]), timeOf(document["updated"])];
  if (created === "bad") return reject("created is no time");
  if (updated === "bad") return reject("updated is no time");
  const layout = layoutOf(document);
  if (layout === "bad") return reject(`${LAYOUT} is no layout`);
  const metadata = objectIn(document, "metadata");
  const enabled = objectIn(document, "custom_fields")[ENABLED];
  const slug = termOf(document["slug"]) ?? id;
  return {
    kind: "fact",
    fact: {
      id,
      slug,
      created,
      updated,
      visibility,
      layout,
      title: textOf(metadata["title"]) ?? slug,
      description: textOf(metadata["description"]) ?? "",
      deleted: isDeleted(document),
      dashboardEnabled: typeof enabled === "boolean" ? enabled : null,
      parent: termOf(objectIn(document, "parent")["id"]),
    },
  };
}

function timeOf(value: unknown): Instant | null | "bad" {
  if (isAbsent(value)) return null;
  return (typeof value === "string" ? parseInstant(value) : null) ?? "bad";
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.toWellFormed() : null;
}

/** An object, or one that a text field of a form holds as JSON. */
function layoutOf(document: JsonObject): string | null | "bad" {
  const value = objectIn(document, "custom_fields")[LAYOUT];
  if (isAbsent(value)) return null;
  if (isObject(value)) return canonicalJson(value) ?? "bad";
  return typeof value === "string" ? value.toWellFormed() : "bad";
}

const NOT_PUBLIC: ReadonlySet<unknown> = new Set(["D", "X"]);

function isDeleted(document: JsonObject): boolean {
  const { deletion_status: status } = document;
  if (document["is_deleted"] === true || isObject(document["tombstone"])) return true;
  return isObject(status) ? status["is_deleted"] === true || NOT_PUBLIC.has(status["status"]) : NOT_PUBLIC.has(status);
}
