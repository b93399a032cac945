import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { ListedRecord } from "@community-stats/contract/records.ts";
import { z } from "zod";
import type { NewestState } from "../engine/facts.ts";

/** What a list says of a record, and what decides whether it may. */
export interface RecordHead extends Pick<
  ListedRecord,
  "record" | "parent" | "title" | "resourceType" | "author" | "year" | "published" | "doi"
> {
  readonly created: number;
  readonly deleted: boolean;
  /** Its landing page is not open to everybody. */
  readonly restricted: boolean;
  readonly communities: readonly string[];
}

const text = z.string().optional().catch(undefined);
const label = z.union([z.string(), z.record(z.string(), z.string())]);
const sourceSchema = z.object({
  pids: z
    .object({ doi: z.object({ identifier: text }).catch({}).default({}) })
    .catch({ doi: {} })
    .default({ doi: {} }),
  access: z.object({ record: text, status: text }).catch({}).default({}),
  metadata: z
    .object({
      title: text,
      resource_type: z
        .object({ id: z.string(), title: label.optional().catch(undefined) })
        .optional()
        .catch(undefined),
      creators: z
        .array(
          z.object({ person_or_org: z.object({ name: text, family_name: text, given_name: text }).catch({}) }).catch({
            person_or_org: {},
          }),
        )
        .catch([])
        .default([]),
    })
    .catch({ creators: [] })
    .default({ creators: [] }),
});

export function recordHead({ line, deleted }: NewestState): RecordHead {
  const { access, metadata, pids } = sourceSchema.parse(JSON.parse(line.source()));
  const type = metadata.resource_type;
  return {
    record: line.record,
    parent: line.parent,
    created: line.created,
    deleted,
    restricted: isRestricted(access),
    communities: line.communities,
    title: metadata.title ?? null,
    resourceType: type === undefined ? null : { id: type.id, label: type.title ?? type.id },
    author: firstAuthor(metadata.creators[0]?.person_or_org),
    year: line.published === null ? null : Number.parseInt(dayFromNumber(line.published), 10),
    ...(line.published === null ? {} : { published: dayFromNumber(line.published) }),
    ...(pids.doi.identifier === undefined ? {} : { doi: pids.doi.identifier }),
  };
}

/** `access.status` is also "restricted" where only the files are: it decides only where `access.record` says nothing. */
function isRestricted({ record, status }: { record?: string | undefined; status?: string | undefined }): boolean {
  return (record ?? status) === "restricted";
}

interface Person {
  readonly name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly given_name?: string | undefined;
}

function firstAuthor(person: Person | undefined): string | null {
  const parts = [person?.family_name, person?.given_name].filter((part) => part !== undefined && part !== "");
  const name = person?.name?.trim() ?? "";
  if (name !== "") return name;
  return parts.length === 0 ? null : parts.join(", ");
}
