import { z } from "zod";

const recordSchema = z.object({
  parent: z.object({ communities: z.object({ ids: z.array(z.string()).default([]) }) }),
});
const communitySchema = z.object({ id: z.string() });

/**
 * Community documents for the ids that records name and no corpus describes, so that every community has a page.
 * Their title is their slug in readable form.
 */
export function missingCommunities(
  recordLines: readonly string[],
  communityLines: readonly string[],
): readonly string[] {
  const known = new Set(communityLines.map((line) => communitySchema.parse(JSON.parse(line)).id));
  const named = recordLines.flatMap((line) => {
    const parsed = recordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.parent.communities.ids : [];
  });
  return [...new Set(named)]
    .filter((id) => !known.has(id))
    .toSorted()
    .map((id) =>
      JSON.stringify({
        id,
        slug: id.toLowerCase(),
        access: { visibility: "public" },
        metadata: { title: readable(id) },
        custom_fields: {},
      }),
    );
}

function readable(slug: string): string {
  if (slug.length <= 6 && !/[-_]/.test(slug)) return slug.toUpperCase();
  const words = slug.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
