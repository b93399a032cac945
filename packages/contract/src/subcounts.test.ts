import { describe, expect, it } from "vitest";
import { DEFAULT_BREAKDOWNS } from "./breakdowns.ts";
import { breakdownsOf, subcountsOf, subcountsSchema } from "./subcounts.ts";

const subcounts = subcountsOf(DEFAULT_BREAKDOWNS);

describe("default COMMUNITY_STATS_SUBCOUNTS", () => {
  it.each([
    ["resource_types", true, true],
    ["access_statuses", true, true],
    ["languages", true, true],
    ["subjects", true, false],
    ["rights", true, true],
    ["funders", true, true],
    ["periodicals", true, true],
    ["publishers", true, true],
    ["affiliations", true, true],
    ["countries", false, true],
    ["referrers", false, false],
    ["file_types", true, true],
  ])("has %s with records %s and usage %s", (name, records, usage) => {
    const entry = subcounts[name];
    expect(Object.keys(entry?.records ?? {}).length > 0).toBe(records);
    expect(Object.keys(entry?.usage_events ?? {}).length > 0).toBe(usage);
  });

  it("keeps the twelve names in the manual's order", () => {
    expect(Object.keys(subcounts)).toEqual(DEFAULT_BREAKDOWNS.map((breakdown) => breakdown.name));
  });

  it.each([
    ["languages", "metadata.languages.id", "languages.id"],
    ["access_statuses", "access.status", "access_status"],
    ["funders", "metadata.funding.funder.id", "funders.id"],
    ["periodicals", "custom_fields.journal:journal.title.keyword", "journal_title"],
    ["publishers", "metadata.publisher.keyword", "publisher"],
    ["file_types", "files.entries.ext", "file_types"],
  ])("reads %s from %s and %s", (name, records, usage) => {
    expect(subcounts[name]?.records?.source_fields?.[0]?.field).toBe(records);
    expect(subcounts[name]?.usage_events?.source_fields?.[0]?.field).toBe(usage);
  });

  it("reads affiliations of creators and of contributors", () => {
    expect(subcounts["affiliations"]?.records?.source_fields?.map((field) => field.field)).toEqual([
      "metadata.creators.affiliations.id",
      "metadata.contributors.affiliations.id",
    ]);
  });

  it("turns back into the same breakdowns", () => {
    expect(breakdownsOf(subcountsSchema.parse(subcounts))).toEqual(DEFAULT_BREAKDOWNS);
  });
});

/** One breakdown of use by records, under the name "own". */
function used(usage: object): object {
  return { own: { records: {}, usage_events: { ...usage, extraction_path_for_event: "metadata.own" } } };
}

describe("breakdownsOf", () => {
  it("takes a field of one's own", () => {
    const own = subcountsSchema.parse({
      versions: {
        records: { snapshot_type: "top", source_fields: [{ field: "metadata.version", label_field: null }] },
        usage_events: {},
      },
    });
    expect(breakdownsOf(own)).toEqual([
      {
        name: "versions",
        records: { snapshot: "top", sources: [{ entries: "metadata.version", id: null, label: null }] },
        usage: null,
        label: "none",
        multiple: true,
      },
    ]);
  });

  it("moves the parts of an event's field to where the record has them, with or without the field's name", () => {
    const parts = { source_fields: [{ field: "mine.id", label_field: "mine.title" }] };
    const sources = [{ entries: "metadata.own", id: "id", label: "title" }];
    for (const usage of [parts, { ...parts, event_field: "mine" }]) {
      expect(breakdownsOf(subcountsSchema.parse(used(usage)))[0]?.usage).toMatchObject({ from: "record", sources });
    }
  });

  it.each(["country", "referrer.keyword"])("takes %s from the event itself", (field) => {
    const [own] = breakdownsOf(subcountsSchema.parse({ own: { usage_events: { source_fields: [{ field }] } } }));
    expect(own?.usage).toMatchObject({ from: "event", field: field.replace(".keyword", "") });
  });

  it("refuses what no event has and no path leads to, with what to write", () => {
    const { error } = subcountsSchema.safeParse({ own: { usage_events: { source_fields: [{ field: "license" }] } } });
    expect(error?.issues).toMatchObject([
      {
        path: ["own", "usage_events", "source_fields", 0, "field"],
        message: expect.stringMatching(
          /country and referrer only.*"license".*extraction_path_for_event.*usage_events: \{\}/,
        ),
      },
    ]);
  });

  it("refuses parts of another field, which would count nothing", () => {
    const { error } = subcountsSchema.safeParse(
      used({ event_field: "mine", source_fields: [{ field: "mine" }, { field: "mines.id", label_field: "other" }] }),
    );
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual([
      "own.usage_events.source_fields.1.field",
      "own.usage_events.source_fields.1.label_field",
    ]);
  });

  it.each([
    ["own", "metadata.own.title", "either"],
    ["own", null, "none"],
    ["affiliations", "metadata.own.title", "text"],
    ["rights", "metadata.own.title", "languages"],
  ])("%s with labels from %s: %s", (name, label, shape) => {
    const fields = { source_fields: [{ field: "metadata.own.id", label_field: label }] };
    expect(breakdownsOf(subcountsSchema.parse({ [name]: { records: fields } }))[0]?.label).toBe(shape);
  });

  it("labels use by what its own side names", () => {
    const usage = { source_fields: [{ field: "mine.id", label_field: "mine.title" }], event_field: "mine" };
    const records = { source_fields: [{ field: "metadata.own.id" }] };
    const both = { mine: { records, usage_events: { ...usage, extraction_path_for_event: "metadata.own" } } };
    expect(breakdownsOf(subcountsSchema.parse(both))[0]?.label).toBe("either");
  });

  it("switches referrers on as the original's former definition did", () => {
    const own = subcountsSchema.parse({
      referrers: { usage_events: { snapshot_type: "top", source_fields: [{ field: "referrer", label_field: null }] } },
    });
    expect(breakdownsOf(own)[0]?.usage).toEqual({ from: "event", snapshot: "top", field: "referrer" });
  });
});
